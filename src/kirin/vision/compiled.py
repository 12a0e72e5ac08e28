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
    return _compiled(function, inlined=False)


def inlined(function: _Function) -> _Function:
    """Compile a small function into those that call it in their innermost loops.

    A call of its own would count references to each array it is given, by atomic instructions.
    """
    return _compiled(function, inlined=True)


def _compiled(function: _Function, inlined: bool) -> _Function:
    options = {"nogil": True, "fastmath": True, "error_model": "numpy", "forceinline": inlined}
    compile_: Any = partial(njit, **options)
    try:
        kernel: _Function = compile_(cache=True)(function)
    except RuntimeError:  # neither this folder nor the user's cache is writable
        kernel = compile_()(function)
    return kernel
