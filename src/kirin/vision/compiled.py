"""Compiling inner loops with numba: without the GIL, cached on disk where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compile a function on its first call.

    Never parallel: results must not depend on the number of threads.
    """
    compile_: Any = partial(njit, nogil=True, fastmath=True, error_model="numpy")
    try:
        kernel: _Function = compile_(cache=True)(function)
    except RuntimeError:  # neither this folder nor the user's cache is writable
        kernel = compile_()(function)
    return kernel
