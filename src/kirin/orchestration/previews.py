"""Pictures of finished videos: made when somebody asks for them, and kept beside the video."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from kirin.errors import StorageAway
from kirin.media.contact_sheet import contact_sheet
from kirin.media.decode import facts, frames_at
from kirin.storage.base import Storage

THUMBNAIL_SIDE: Final = 640
"""Pixels of the longer side."""

SHEET_COLUMNS: Final = 4
SPRITE_ROWS: Final = 3
SHEET_ROWS: Final = 2


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture that can be made of a video.

    Attributes:
        file: its name in storage; the suffix says the format.
        draw: writes it, from the video's file.
    """

    file: str
    draw: Callable[[Path, Path], None]

    def key(self, video: str) -> str:
        """Where it is stored, once it is made: beside the video of that key."""
        return f"{video.rpartition('/')[0]}/{self.file}"


def draw_thumbnail(video: Path, picture: Path) -> None:
    """Write the picture in the middle of a video."""
    middle = facts(video).last / 2
    _, frame = next(iter(frames_at(video, [middle], THUMBNAIL_SIDE)))
    Image.fromarray(frame).save(picture, quality=85)


def draw_spritesheet(video: Path, picture: Path) -> None:
    """Write evenly spaced pictures of a video in a grid."""
    contact_sheet(video, picture, SHEET_COLUMNS, SPRITE_ROWS)


def draw_contact_sheet(video: Path, picture: Path) -> None:
    """Write eight pictures of a video, evenly spaced, in a grid."""
    contact_sheet(video, picture, SHEET_COLUMNS, SHEET_ROWS)


THUMBNAIL: Final = Preview("thumbnail.webp", draw_thumbnail)
SPRITESHEET: Final = Preview("spritesheet.jpg", draw_spritesheet)
CONTACT_SHEET: Final = Preview("contact-sheet.jpg", draw_contact_sheet)


@dataclass(frozen=True)
class Previews:
    """Makes pictures of results.

    They lie beside their videos and nothing refers to them: garbage collection removes them, and
    they are made anew.
    """

    storage: Storage

    def make(self, video: str, preview: Preview) -> None:
        """Make a picture of a result, unless it is there.

        Args:
            video: key of the result.

        Raises:
            FileNotFoundError: the video is gone.
            MediaRefused: it cannot be read.
            StorageAway: the picture cannot be kept.
        """
        key = preview.key(video)
        if self.storage.exists(key):
            return
        source = self.storage.path(video)
        with tempfile.TemporaryDirectory(prefix="kirin-") as folder:
            picture = Path(folder) / preview.file
            preview.draw(source, picture)
            try:
                self.storage.put(key, picture, move=True)
            except OSError as error:
                raise StorageAway from error
