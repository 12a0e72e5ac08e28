"""Compiling inner loops: numba, without the GIL, kept on disk where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compile on first use. Not parallel: results must not depend on the number of threads."""
    compile_: Any = partial(njit, nogil=True, fastmath=True, error_model="numpy")
    try:
        kernel: _Function = compile_(cache=True)(function)
    except RuntimeError:  # neither beside this file nor in the user's cache folder
        kernel = compile_()(function)
    return kernel
