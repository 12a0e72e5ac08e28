"""An engine that draws stripes in the colours of the words, which move across the picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from kirin.domain.callbacks import Cancelled, Progress, ReadAsset
from kirin.domain.frame import Frame
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.base import Clip, UnsupportedFeature
from kirin.errors import Stopped
from kirin.settings import Settings

KIRIN_INTERFACE = 1

COLOURS: Final = {"grey": (128, 128), "red": (90, 220), "green": (90, 60), "blue": (200, 100)}
"""The chroma (Cb, Cr) of the stripes, by a word in the prompt."""


class StripesEngine:
    """Draws vertical stripes."""

    name = "stripes"

    def unsupported(self, storyboard: Storyboard) -> list[UnsupportedFeature]:
        """Everything but words in one size."""
        asked = {
            "sound": storyboard.sound,
            "shots.first": any(shot.first for shot in storyboard.shots),
            "shots.last": any(shot.last for shot in storyboard.shots),
            "shots.references": any(shot.references for shot in storyboard.shots),
            "shots.strokes": any(shot.strokes or shot.still for shot in storyboard.shots),
            "shots.camera": any(shot.camera for shot in storyboard.shots),
            "driving": storyboard.driving,
            "continues": storyboard.continues,
            "footage": storyboard.footage,
            "lips": storyboard.lips,
        }
        return [UnsupportedFeature(f, "the stripes engine draws words") for f in asked if asked[f]]

    def render(
        self, storyboard: Storyboard, read: ReadAsset, progress: Progress, cancelled: Cancelled
    ) -> Clip:
        """Frames are drawn as they are consumed."""

        def frames() -> Iterator[Frame]:
            index = 0
            for shot, length in zip(storyboard.shots, storyboard.lengths(), strict=True):
                for _ in range(length):
                    if cancelled():
                        raise Stopped
                    progress(index / storyboard.frame_count)
                    yield draw(storyboard, shot, index)
                    index += 1
            progress(1.0)

        return Clip(
            width=storyboard.width,
            height=storyboard.height,
            fps=storyboard.fps,
            frame_count=storyboard.frame_count,
            frames=frames(),
            notes={"method": "stripes"},
        )


def draw(storyboard: Storyboard, shot: Shot, index: int) -> Frame:
    """One frame in I420: luma, then the two planes of chroma at half the size."""
    width, height = storyboard.width, storyboard.height
    phase = storyboard.seed % 360 + 6 * index
    wave = np.sin(np.deg2rad(np.arange(width) * 720 / width + phase))
    frame = np.empty((height * 3 // 2, width), np.uint8)
    frame[:height] = np.round(126 + 90 * wave)
    word = next((word for word in shot.prompt.casefold().split() if word in COLOURS), "grey")
    chroma = frame[height:].reshape(2, -1)
    chroma[0], chroma[1] = COLOURS[word]
    return frame


def open_engine(_: Settings) -> StripesEngine:
    """The entry point."""
    return StripesEngine()
