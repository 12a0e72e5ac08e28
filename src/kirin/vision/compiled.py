"""Compiling inner loops with numba: without the GIL, cached on disk where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar

import numpy as np
from numba import njit
from numba.core.dispatcher import Dispatcher

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
        kernel: Any = compile_(cache=True)(function)
    except RuntimeError:  # neither this folder nor the user's cache is writable
        return compile_()(function)  # type: ignore[no-any-return]
    # What is cached has the code of all that it calls and the values of constants in it, but numba
    # looks whether this file alone is the same: after an upgrade, others would do as before.
    cached = kernel._cache._cache_file
    cached._source_stamp = (cached._source_stamp, _taken_in(function))
    return kernel  # type: ignore[no-any-return]


def _taken_in(function: Any) -> str:
    """A digest of the globals that a function is compiled with."""
    space = function.__globals__
    names = [name for name in function.__code__.co_names if name in space]
    return sha256(repr([(name, _stamp(space[name])) for name in names]).encode()).hexdigest()


def _stamp(value: object) -> object:
    """What changes with a global; the objects of other libraries change with numba's version."""
    if isinstance(value, Dispatcher):
        kernel: Any = value
        cached = getattr(kernel._cache, "_cache_file", None)  # there is none without a cache
        return None if cached is None else cached._source_stamp
    if isinstance(value, np.ndarray):
        return value.shape, str(value.dtype), value.tobytes()
    if isinstance(value, type) and issubclass(value, Enum):
        return [(member.name, member.value) for member in value]
    return value if isinstance(value, bool | int | float | str | tuple | np.generic) else None
