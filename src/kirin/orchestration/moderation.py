"""Moderation: the pictures of a task, shown to a classifier where the request asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kirin.domain.assets import Asset, AssetKind
from kirin.errors import ContentRefused, InputsRefused, Stopped
from kirin.media.decode import facts, frames_at
from kirin.media.images import load_rgb
from kirin.media.refusal import MediaRefused

RGB = NDArray[np.uint8]
"""One picture, shape ``(height, width, 3)``."""

MAX_SIDE: Final = 512
"""Pixels of the longer side of what classifiers see; the known ones look at less."""

VIDEO_SECONDS: Final = 2.0
"""One frame of a video is looked at for each of so many seconds."""

LEAST_FRAMES: Final = 4
MOST_FRAMES: Final = 16
"""Frames of a video, the first and the last among them."""

KEY: Final = "moderation"
"""Where a task's metadata tells what became of it."""


class PictureClassifier(Protocol):
    """Says how likely pictures are to be objectionable."""

    @property
    def name(self) -> str:
        """What the metadata calls it."""
        ...

    def scores(self, pictures: Sequence[RGB]) -> Sequence[float]:
        """A score for each picture, from 0, harmless, to 1."""
        ...


@dataclass(frozen=True)
class Moderation:
    """Refuses what a classifier objects to.

    Attributes:
        classifier: ``None`` where none is installed; nothing is refused then.
        threshold: the score from which a picture is refused.
    """

    classifier: PictureClassifier | None = None
    threshold: float = 0.8

    def announced(self, requested: bool) -> dict[str, Any]:
        """What the metadata of a new task tells; nothing where the request does not ask."""
        if not requested:
            return {}
        return {KEY: {"requested": True, "available": self.classifier is not None}}

    def review(self, requested: bool, cancelled: Callable[[], bool]) -> Review:
        """Begin to look at the pictures of a task.

        Args:
            requested: whether the request asks for it.
            cancelled: whether to stop.
        """
        return Review(self if requested else None, cancelled)


class Review:
    """Looks at the pictures of one task, and keeps count."""

    def __init__(self, moderation: Moderation | None, cancelled: Callable[[], bool]) -> None:
        """Begin.

        Args:
            moderation: ``None`` where the request does not ask for it.
            cancelled: whether to stop.
        """
        self._moderation = moderation
        self._classifier = moderation.classifier if moderation else None
        self._cancelled = cancelled
        self._pictures = 0
        self._score = 0.0

    def inputs(self, media: Iterable[tuple[str, Asset, Path]]) -> None:
        """Look at what was given.

        Args:
            media: the place in the parameters, what is known of it, and its file.

        Raises:
            ContentRefused: the message names the place.
            InputsRefused: a video cannot be read.
            Stopped: the attempt is over.
        """
        if self._classifier is None:
            return
        for place, asset, path in media:
            try:
                video = asset.kind is AssetKind.VIDEO
                self._look(place, frames_of(path) if video else [load_rgb(path, MAX_SIDE)])
            except MediaRefused as refusal:
                raise InputsRefused(f"{place}: {refusal.message}") from refusal

    def result(self, path: Path) -> None:
        """Look at a video that was made.

        Raises:
            ContentRefused: it is not to be shown.
            Stopped: the attempt is over.
        """
        self._look("the result", frames_of(path))

    def told(self) -> Mapping[str, Any]:
        """What the metadata of a completed task tells; nothing where nobody asked."""
        if self._moderation is None:
            return {}
        told = self._moderation.announced(True)
        if self._classifier is not None:
            told[KEY] |= {
                "classifier": self._classifier.name,
                "pictures": self._pictures,
                "score": round(self._score, 3),
                "threshold": self._moderation.threshold,
            }
        return told

    def _look(self, place: str, pictures: Iterable[RGB]) -> None:
        if self._classifier is None or self._moderation is None:
            return
        limit = self._moderation.threshold
        for picture in pictures:
            if self._cancelled():
                raise Stopped
            (score,) = self._classifier.scores([picture])
            self._pictures += 1
            self._score = max(self._score, score)
            if score >= limit:
                raise ContentRefused(
                    f"{place}: refused by moderation: {self._classifier.name} scores it "
                    f"{score:.2f}, and from {limit:.2f} on it is refused"
                )


def frames_of(path: Path) -> Iterator[RGB]:
    """A few frames of a video, evenly spaced.

    Raises:
        MediaRefused: it cannot be read.
    """
    about = facts(path)
    wanted = round(about.seconds / VIDEO_SECONDS)
    count = min(max(wanted, LEAST_FRAMES), MOST_FRAMES, about.frame_count)
    times = np.linspace(0, about.last, count).tolist()
    for _, picture in frames_at(path, times, MAX_SIDE):
        yield picture
