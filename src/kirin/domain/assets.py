"""Assets: facts about pictures, videos and sounds. The bytes live in storage, under the sha256."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class AssetKind(StrEnum):
    """What the bytes of an asset are, told by content."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Asset:
    """One picture, video or sound that a task uses, as measured by the ingest.

    Attributes:
        sha256: lower-case hex digest of the bytes; storage finds them by it. Empty for an
            asset that is only announced (a URL that has not been fetched yet).
        kind: image, video or audio.
        mime: ``image/jpeg``, ``image/png``, ``video/mp4``, ``video/quicktime``, ``audio/mpeg``,
            ``audio/wav`` or ``audio/mp4``.
        size: length in bytes.
        width, height: pixels as displayed: after orientation, and of square pixels; 0 of a sound.
        seconds: duration of a video or a sound, else ``None``.
        fps: frame rate of a video, else ``None``; the nearest standard rate where it varies.
        has_audio: whether a video has a sound track.
    """

    sha256: str
    kind: AssetKind
    mime: str
    size: int
    width: int
    height: int
    seconds: float | None = None
    fps: Fraction | None = None
    has_audio: bool = False

    @property
    def fetched(self) -> bool:
        """Whether the bytes are in storage; ``False`` for an announced asset."""
        return bool(self.sha256)

    @classmethod
    def announced(cls, kind: AssetKind) -> Asset:
        """An asset named by a URL that nobody has fetched yet, with nominal facts.

        It lets a card make a provisional storyboard, so that what no engine can do is
        refused before anything is downloaded.
        """
        video, sound = kind is AssetKind.VIDEO, kind is AssetKind.AUDIO
        return cls(
            sha256="",
            kind=kind,
            mime="",
            size=0,
            width=0 if sound else 1280,
            height=0 if sound else 720,
            seconds=5.0 if video or sound else None,
            fps=Fraction(30) if video else None,
            has_audio=sound,
        )
