"""Lengths that are quick to transform."""

from __future__ import annotations


def fft_size(samples: int) -> int:
    """The least multiple of 16384 that holds so many samples."""
    return -(-samples // 16384) * 16384
