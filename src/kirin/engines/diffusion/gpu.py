"""Memory of the device that models run on.

A GPU's is read from its driver: torch would take seconds and 400 MB for it.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Final

LIBRARY: Final = "libnvidia-ml.so.1"
"""NVIDIA's management library (NVML), part of the driver; its functions return 0 on success:
https://docs.nvidia.com/deploy/nvml-api."""

CPU: Final = "cpu"
"""The device that is not a GPU, as torch names it."""

_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container, in bytes, or "max"


class _Memory(ctypes.Structure):
    _fields_ = (
        ("total", ctypes.c_ulonglong),
        ("free", ctypes.c_ulonglong),
        ("used", ctypes.c_ulonglong),
    )


def device_gb(device: str) -> float | None:
    """Memory of a device in 10^9 bytes, or ``None`` if there is no such device.

    Args:
        device: as torch names it, ``cpu`` or ``cuda:0``.
    """
    if device == CPU:
        return main_gb()
    return gpu_gb(index=int(device.partition(":")[2] or 0))


def main_gb(limit: Path = _CGROUP_LIMIT) -> float:
    """Main memory of this machine or container in 10^9 bytes.

    Args:
        limit: the cgroup file with the container's memory limit.
    """
    installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        allowed = int(limit.read_text("ascii"))
    except (OSError, ValueError):
        allowed = installed
    return min(installed, allowed) / 1e9


def gpu_gb(library: str = LIBRARY, *, index: int = 0) -> float | None:
    """Memory of a GPU in 10^9 bytes, or ``None`` if there is no GPU of that index."""
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
