"""The built console: its files in memory, each as it was written and compressed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BUILT = Path(__file__).parent / "dist"
"""Where ``npm run build`` writes; the wheel carries it."""

INDEX = "index.html"

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
}

ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""Content codings by preference, and what the build adds to the names of such files."""


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One file of the console.

    Attributes:
        media_type: for the Content-Type header.
        plain: its bytes.
        packed: its bytes by content coding, as far as the build made any.
    """

    media_type: str
    plain: bytes
    packed: Mapping[str, bytes]

    def best(self, accepted: str) -> tuple[str | None, bytes]:
        """Coding and bytes for an Accept-Encoding header.

        A coding that the header names with a weight of zero is rare enough to be left out of
        account: browsers name what they take.
        """
        named = {part.split(";")[0].strip() for part in accepted.split(",")}
        for coding in ENCODINGS:
            if coding in named and coding in self.packed:
                return coding, self.packed[coding]
        return None, self.plain


def read_build(folder: Path = BUILT) -> dict[str, BuiltFile]:
    """All files of a build by their path below the folder; empty where there is none.

    They are two or three megabytes. In memory, no request can name a file that is not one.
    """
    return {
        path.relative_to(folder).as_posix(): BuiltFile(
            MEDIA_TYPES[path.suffix],
            path.read_bytes(),
            {
                coding: packed.read_bytes()
                for coding, ending in ENCODINGS.items()
                if (packed := path.with_name(path.name + ending)).is_file()
            },
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in MEDIA_TYPES
    }
