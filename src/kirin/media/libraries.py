"""The versions of FFmpeg's libraries, which PyAV brings with it."""

from __future__ import annotations

import av


def libraries() -> dict[str, str]:
    """Versions by name: of PyAV, and of what encodes and decodes.

    >>> sorted(libraries())
    ['PyAV', 'libavcodec', 'libavformat']
    """
    found = {"PyAV": av.__version__}
    for name in ("libavcodec", "libavformat"):
        found[name] = ".".join(map(str, av.library_versions[name]))
    return found
