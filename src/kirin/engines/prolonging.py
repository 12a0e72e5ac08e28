"""Prolonging: what an engine has made goes on after the video that the storyboard continues."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from kirin.domain.frame import Frame
from kirin.domain.soundtrack import Copied
from kirin.domain.storyboard import Storyboard
from kirin.engines.base import RenderContext
from kirin.media import conform
from kirin.media.conform import Target
from kirin.media.decode import facts
from kirin.media.encode import encode
from kirin.media.join import free_parameter_set, join, joinable
from kirin.media.watermark import Watermark


def prolong(
    storyboard: Storyboard, made: Path, context: RenderContext, watermarked: Path | None
) -> dict[str, Any]:
    """Put the continued video before the one that was made, in its place; return notes on both.

    The continued video is not encoded again where the two can follow each other as they are.

    Args:
        storyboard: one that continues a video.
        made: the file with its shots; it becomes the whole video.
        context: the attempt's.
        watermarked: path of a second file of the whole video with a visible watermark, if wanted.

    Raises:
        Stopped: the attempt is over.
    """
    if storyboard.continues is None:
        raise ValueError("the storyboard continues no video")
    source, added = context.read(storyboard.continues), context.folder / "added.mp4"
    made.rename(added)
    before = facts(source)
    copied = joinable(source, added)
    if not copied and (free := free_parameter_set(source)) is not None:
        # Only what is new is encoded once more, to be told apart from what was there.
        apart = context.folder / "apart.mp4"
        _encode(_pictures(added, storyboard, context), apart, storyboard, parameter_set=free)
        added, copied = apart, joinable(source, apart)
    if copied:
        joined = join(source, added, made, context.raise_if_cancelled)
        count, seconds = joined.frame_count, joined.seconds
    else:
        pictures = chain(
            _pictures(source, storyboard, context), _pictures(added, storyboard, context)
        )
        count = _encode(pictures, made, storyboard, source)
        seconds = float(count / storyboard.fps)
    if watermarked:
        stamp = Watermark(storyboard.width, storyboard.height).stamp
        marked = map(stamp, _pictures(made, storyboard, context))
        _encode(marked, watermarked, storyboard, made)
    return {
        "joined": "copied" if copied else "re-encoded",
        "continues": {"frames": before.frame_count, "duration": before.seconds},
        "frames": count,
        "duration": seconds,
    }


def _pictures(path: Path, storyboard: Storyboard, context: RenderContext) -> Iterator[Frame]:
    """All frames of a file, of the storyboard's size and rate."""
    found = facts(path)
    target = Target(
        width=storyboard.width,
        height=storyboard.height,
        fps=storyboard.fps,
        frame_count=round(found.seconds * storyboard.fps),
        ends=False,
        sound=found.has_audio,
    )
    for frame in conform.frames(path, found, target):
        context.raise_if_cancelled()
        yield frame


def _encode(
    frames: Iterator[Frame],
    path: Path,
    storyboard: Storyboard,
    sound: Path | None = None,
    parameter_set: int = 0,
) -> int:
    """Write frames, with another file's sound if one is given; return how many there were."""
    return encode(
        frames,
        path,
        width=storyboard.width,
        height=storyboard.height,
        fps=storyboard.fps,
        quality=storyboard.quality,
        audio=Copied(sound) if sound else None,
        parameter_set=parameter_set,
    )
