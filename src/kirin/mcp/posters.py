"""Posters: one picture of a result, small enough for a model to look at."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Final

from anyio import CapacityLimiter, to_thread

from kirin.mcp.native_api import NativeApi

MEDIA_TYPE: Final = "image/jpeg"

SIDE: Final = 640
"""Pixels of the longer side: about 400 tokens of the models that look at it."""

QUALITY: Final = 80

SECONDS: Final = 1.0
"""When in the video; its last frame if it is shorter. Later frames take longer to decode."""

MOST_BYTES: Final = 48 * 1024 * 1024
"""Of a result: it is held in memory. Larger ones have no poster."""

AT_A_TIME: Final = 2
"""Results that are held and decoded at a time; others wait."""


class PosterMaker:
    """Makes posters from what signed links lead to."""

    def __init__(self) -> None:
        self._slots = CapacityLimiter(AT_A_TIME)

    async def of(self, api: NativeApi, link: str, kind: str) -> bytes | None:
        """A JPEG of a result; ``None`` if none can be made of it.

        Args:
            kind: ``video`` or ``image``.
        """
        async with self._slots:
            data = await api.content(link, MOST_BYTES)
            return await to_thread.run_sync(poster, data, kind) if data else None


def poster(data: bytes, kind: str) -> bytes | None:
    """A JPEG of a video or picture file; ``None`` if it cannot be decoded."""
    # Few agents ask for one, and each starts a process.
    from PIL import Image

    from kirin.media.decode import frames_at
    from kirin.media.images import load_rgb
    from kirin.media.refusal import MediaRefused

    with tempfile.TemporaryDirectory(prefix="kirin-") as folder:
        path = Path(folder) / "result"
        path.write_bytes(data)
        try:
            if kind == "video":
                _, pixels = next(iter(frames_at(path, [SECONDS], SIDE)))
            else:
                pixels = load_rgb(path, SIDE)
        except (MediaRefused, StopIteration):
            return None
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
