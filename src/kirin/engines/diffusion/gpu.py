"""Memory of the device that models work on. A GPU's is asked of its driver: torch would take
seconds and 400 MB to say it.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Final

LIBRARY: Final = "libnvidia-ml.so.1"
"""NVIDIA's management library, which comes with the driver; its functions return 0 if all is well:
https://docs.nvidia.com/deploy/nvml-api."""

PROCESSOR: Final = "cpu"
"""The device that is no GPU, as torch names it."""

_LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container: a number of bytes, or "max"


class _Memory(ctypes.Structure):
    _fields_ = (
        ("total", ctypes.c_ulonglong),
        ("free", ctypes.c_ulonglong),
        ("used", ctypes.c_ulonglong),
    )


def device_gb(device: str) -> float | None:
    """Memory of a device in 10^9 bytes, or ``None`` if it is not there.

    Args:
        device: as torch names it, ``cpu`` or ``cuda:0``.
    """
    if device == PROCESSOR:
        return main_gb()
    return gpu_gb(index=int(device.partition(":")[2] or 0))


def main_gb(limit: Path = _LIMIT) -> float:
    """Main memory of this machine or container in 10^9 bytes.

    Args:
        limit: file that holds what a container may take.
    """
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        allowed = int(limit.read_text("ascii"))
    except (OSError, ValueError):
        allowed = installed
    return min(installed, allowed) / 1e9


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
