"""The GPU of this machine, asked of its driver: torch would take seconds and 400 MB to say it."""

from __future__ import annotations

import ctypes
from typing import Final

LIBRARY: Final = "libnvidia-ml.so.1"
"""NVIDIA's management library, which comes with the driver; its functions return 0 if all is well:
https://docs.nvidia.com/deploy/nvml-api."""


class _Memory(ctypes.Structure):
    _fields_ = (
        ("total", ctypes.c_ulonglong),
        ("free", ctypes.c_ulonglong),
        ("used", ctypes.c_ulonglong),
    )


def gpu_gb(library: str = LIBRARY, *, index: int = 0) -> float | None:
    """Memory of a GPU in 10^9 bytes, or ``None`` if there is none of that index."""
    try:
        nvml = ctypes.CDLL(library)
    except OSError:
        return None
    if nvml.nvmlInit_v2():
        return None
    try:
        device, memory = ctypes.c_void_p(), _Memory()
        if nvml.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(device)):
            return None
        if nvml.nvmlDeviceGetMemoryInfo(device, ctypes.byref(memory)):
            return None
        return int(memory.total) / 1e9
    finally:
        nvml.nvmlShutdown()
