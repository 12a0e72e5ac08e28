"""Footage: a storyboard's video files, from whichever engine can make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from kirin.domain.frame import Frame
from kirin.domain.limits import VideoLimits
from kirin.domain.soundtrack import Copied
from kirin.domain.storyboard import Storyboard
from kirin.engines.base import Carrier, Errand, Film
from kirin.engines.router import AnyEngine, Router
from kirin.errors import EngineAway, KirinError, NoEngine, NotStarted, ResultUnusable
from kirin.media import conform
from kirin.media.conform import Target
from kirin.media.decode import VideoFacts
from kirin.media.decode import facts as look_at
from kirin.media.encode import encode
from kirin.media.refusal import MediaRefused
from kirin.media.videos import probe
from kirin.media.watermark import Watermark

log = structlog.get_logger(__name__)

LARGEST = VideoLimits(max_bytes=2**31, min_side=16, max_side=8192, min_seconds=0.01)
"""What a file from another machine may be at all."""


@dataclass(frozen=True, slots=True)
class Footage:
    """A video that has been made.

    Attributes:
        path: the clean file.
        engine: who made it.
        notes: how, for the task's metadata.
        job: what the machine that made it calls the job, if it was another one.
    """

    path: Path
    engine: str
    notes: Mapping[str, Any]
    job: str | None = None


def record(
    router: Router,
    storyboard: Storyboard,
    errand: Errand,
    marked: Path | None,
    preferred: str | None = None,
) -> Footage:
    """Have the video made by the first engine that begins it.

    Args:
        router: gives the engines, in order.
        storyboard: what to make.
        errand: what goes with it; the files come to lie in its folder.
        marked: a second file with a visible mark, if wanted.
        preferred: name of the engine to be asked first; whom an earlier attempt has entrusted
            with the task.

    Raises:
        NoEngine: none can make it, or none that can has begun it.
        TaskError: an engine has begun it, and failed; no other is asked then.
        Stopped: the attempt is over.
    """
    refused: dict[str, NotStarted] = {}
    entrusted = preferred
    for engine in router.order(storyboard, preferred, begun=errand.again):
        try:
            if engine.name != entrusted:
                errand.entrust(entrusted := engine.name)
            footage = _made(engine, storyboard, errand, marked)
        except NotStarted as error:
            refused[engine.name] = error
            if isinstance(error, EngineAway):
                router.rest(engine)
            log.warning("engine did not begin", engine=engine.name, reason=error.message)
        else:
            router.works(engine)
            return footage
    if len(refused) == 1:
        (only,) = refused.values()
        raise only
    raise NoEngine("; ".join(error.message for error in refused.values()))


def _made(
    engine: AnyEngine, storyboard: Storyboard, errand: Errand, marked: Path | None
) -> Footage:
    video = errand.folder / "video.mp4"
    if isinstance(engine, Carrier):
        film = engine.carry(storyboard, errand)
        notes = {**film.notes, **_conformed(film, storyboard, errand, video, marked)}
        return Footage(video, engine.name, notes, film.job)
    clip = engine.render(storyboard, errand.read, errand.progress, errand.cancelled)
    count = encode(
        clip.frames,
        video,
        width=clip.width,
        height=clip.height,
        fps=clip.fps,
        quality=storyboard.quality,
        audio=clip.audio,
        watermarked=marked,
    )
    if count != storyboard.frame_count:
        raise KirinError(f"{engine.name} gave {count} frames of {storyboard.frame_count}")
    return Footage(video, engine.name, clip.notes)


def _conformed(
    film: Film, storyboard: Storyboard, errand: Errand, video: Path, marked: Path | None
) -> dict[str, Any]:
    """Bring a finished file to the storyboard's size, rate and length; tell what was done."""
    try:
        probe(film.path, LARGEST)  # which reads no playlists, as the general reader would
        return _fitted(film, look_at(film.path), storyboard, errand, video, marked)
    except MediaRefused as error:
        raise ResultUnusable(f"the video that came back is unusable: {error.message}") from error


def _fitted(
    film: Film,
    found: VideoFacts,
    storyboard: Storyboard,
    errand: Errand,
    video: Path,
    marked: Path | None,
) -> dict[str, Any]:
    driving = storyboard.driving
    kept = driving is not None and driving.keep_sound and driving.video.has_audio
    if storyboard.sound and not found.has_audio:
        raise ResultUnusable("the video that came back has no sound although it was asked for")
    target = Target(
        width=storyboard.width,
        height=storyboard.height,
        fps=storyboard.fps,
        frame_count=storyboard.frame_count,
        ends=storyboard.shots[-1].last is not None,
        sound=storyboard.sound or kept,
    )
    audio = Copied(film.path) if target.sound and found.has_audio else None
    done = list(conform.steps(found, target))
    if driving and kept and not found.has_audio:
        audio = Copied(errand.read(driving.video))
        done.append("dubbed")
    frames = _watched(conform.frames(film.path, found, target), errand)
    if done:
        encode(
            frames,
            video,
            width=target.width,
            height=target.height,
            fps=target.fps,
            quality=storyboard.quality,
            audio=audio,
            watermarked=marked,
        )
        return {"conformed": {"steps": done, "from": _told(found)}}
    if marked:
        mark = Watermark(target.width, target.height)
        encode(
            (mark.stamp(frame) for frame in frames),
            marked,
            width=target.width,
            height=target.height,
            fps=target.fps,
            quality=storyboard.quality,
            audio=audio,
        )
    film.path.rename(video)
    return {}


def _watched(frames: Iterator[Frame], errand: Errand) -> Iterator[Frame]:
    for frame in frames:
        errand.check()
        yield frame


def _told(found: VideoFacts) -> dict[str, Any]:
    return {
        "width": found.width,
        "height": found.height,
        "fps": round(float(found.fps), 3),
        "frames": found.frame_count,
    }
