"""Rendering: a storyboard's video files, from the first engine that starts the job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import structlog

from kirin.domain.frame import Frame
from kirin.domain.limits import VideoLimits
from kirin.domain.soundtrack import Copied, Soundtrack
from kirin.domain.storyboard import Storyboard
from kirin.engines.base import RemoteEngine, RemoteVideo, RenderContext
from kirin.engines.prolonging import prolong
from kirin.engines.router import AnyEngine, Router
from kirin.errors import EngineAway, KirinError, NoEngine, NotStarted, ResultUnusable
from kirin.media import conform
from kirin.media.audio_source import unused_audio
from kirin.media.conform import Target
from kirin.media.decode import VideoFacts
from kirin.media.decode import facts as read_facts
from kirin.media.encode import encode
from kirin.media.refusal import MediaRefused
from kirin.media.videos import probe
from kirin.media.watermark import Watermark

log = structlog.get_logger(__name__)

REMOTE_VIDEO_LIMITS = VideoLimits(max_bytes=2**31, min_side=16, max_side=8192, min_seconds=0.01)
"""Hard limits of a file that another machine has rendered."""


@dataclass(frozen=True, slots=True)
class RenderedVideo:
    """A finished video.

    Attributes:
        path: the file without a watermark.
        engine: name of the engine that made it.
        notes: how, for the task's metadata.
        job_id: the remote side's id of the job, if another machine made it.
    """

    path: Path
    engine: str
    notes: Mapping[str, Any]
    job_id: str | None = None


def render(
    router: Router,
    storyboard: Storyboard,
    context: RenderContext,
    watermarked: Path | None,
    preferred: str | None = None,
) -> RenderedVideo:
    """Render the video with the first engine that starts the job.

    Engines make what is new; a video that the storyboard continues is put before it here.

    Args:
        router: chooses the engines.
        storyboard: what to render.
        context: the attempt's; the files are written to its folder.
        watermarked: path of a second file with a visible watermark, if wanted.
        preferred: name of the engine to ask first: the one that an earlier attempt assigned.

    Raises:
        NoEngine: no engine can render it, or none of those that can has started the job.
        TaskError: an engine has started the job, and failed; no other is asked then.
        Stopped: the attempt is over.
    """
    refused: dict[str, NotStarted] = {}
    assigned = preferred
    for engine in router.order(storyboard, preferred, may_have_started=context.is_retry):
        try:
            if engine.name != assigned:
                context.assign(assigned := engine.name)
            marked = None if storyboard.continues else watermarked
            rendered = _render_with(engine, storyboard, context, marked)
        except NotStarted as error:
            refused[engine.name] = error
            if isinstance(error, EngineAway):
                router.mark_unavailable(engine)
            log.warning("engine did not start the job", engine=engine.name, reason=error.message)
        else:
            router.mark_available(engine)
            if storyboard.continues is None:
                return rendered
            told = prolong(storyboard, rendered.path, context, watermarked)
            return replace(rendered, notes={**rendered.notes, **told})
    if len(refused) == 1:
        (only,) = refused.values()
        raise only
    raise NoEngine("; ".join(error.message for error in refused.values()))


def _render_with(
    engine: AnyEngine, storyboard: Storyboard, context: RenderContext, watermarked: Path | None
) -> RenderedVideo:
    output = context.folder / "video.mp4"
    if isinstance(engine, RemoteEngine):
        remote = engine.render_remotely(storyboard, context)
        conformed = _conform(remote, storyboard, context, output, watermarked)
        return RenderedVideo(output, engine.name, {**remote.notes, **conformed}, remote.job_id)
    clip = engine.render(storyboard, context.read, context.progress, context.cancelled)
    count = encode(
        _shown(clip.frames, context),
        output,
        width=clip.width,
        height=clip.height,
        fps=clip.fps,
        quality=storyboard.quality,
        audio=clip.audio,
        watermarked=watermarked,
    )
    if count != storyboard.frame_count:
        raise KirinError(f"{engine.name} yielded {count} of {storyboard.frame_count} frames")
    notes = {**clip.notes, **_driving_sound_notes(storyboard, context)}
    return RenderedVideo(output, engine.name, notes)


def _shown(frames: Iterator[Frame], context: RenderContext) -> Iterator[Frame]:
    for frame in frames:
        context.show(frame)
        yield frame


def _conform(
    remote: RemoteVideo,
    storyboard: Storyboard,
    context: RenderContext,
    output: Path,
    watermarked: Path | None,
) -> dict[str, Any]:
    """Bring a remote file to the storyboard's size, rate and length; return notes on what it took.

    Raises:
        ResultUnusable: it is not a video, or too different.
    """
    try:
        probe(remote.path, REMOTE_VIDEO_LIMITS)  # refuses playlists, which FFmpeg would follow
        facts = read_facts(remote.path)
        target = _target(storyboard, facts)
        steps = list(conform.steps(facts, target))
        audio, dubbed = _audio(remote, facts, target, storyboard, context)
        steps += ["dubbed"] if dubbed else []
        frames = _cancellable(conform.frames(remote.path, facts, target), context)
        if steps:
            _encode(frames, output, target, storyboard, audio, watermarked)
            notes = {"conformed": {"steps": steps, "from": _summary(facts)}}
            return notes | (_driving_sound_notes(storyboard, context) if dubbed else {})
        if watermarked:
            stamp = Watermark(target.width, target.height).stamp
            _encode(map(stamp, frames), watermarked, target, storyboard, audio)
    except MediaRefused as error:
        raise ResultUnusable(f"the returned video is unusable: {error.message}") from error
    remote.path.rename(output)
    return {}


def _target(storyboard: Storyboard, facts: VideoFacts) -> Target:
    if storyboard.sound and not facts.has_audio:
        raise ResultUnusable("the returned video has no sound although sound was requested")
    return Target(
        width=storyboard.width,
        height=storyboard.height,
        fps=storyboard.fps,
        frame_count=storyboard.frame_count,
        ends=storyboard.shots[-1].last is not None,
        sound=storyboard.sound or _keeps_driving_sound(storyboard),
    )


def _keeps_driving_sound(storyboard: Storyboard) -> bool:
    driving = storyboard.driving
    return bool(driving and driving.keep_sound and driving.video.has_audio)


def _driving_sound_notes(storyboard: Storyboard, context: RenderContext) -> dict[str, Any]:
    """Notes on a driving video's sound that could not be kept, or not from its first track."""
    driving = storyboard.driving
    if driving is None or not driving.keep_sound:
        return {}
    unused = unused_audio(context.read(driving.video))
    return {"original_sound": unused} if unused else {}


def _audio(
    remote: RemoteVideo,
    facts: VideoFacts,
    target: Target,
    storyboard: Storyboard,
    context: RenderContext,
) -> tuple[Soundtrack | None, bool]:
    """The soundtrack, and whether it comes from the driving video instead of the remote file."""
    if target.sound and facts.has_audio:
        return Copied(remote.path), False
    if storyboard.driving and _keeps_driving_sound(storyboard):
        return Copied(context.read(storyboard.driving.video)), True
    return None, False


def _encode(
    frames: Iterator[Frame],
    output: Path,
    target: Target,
    storyboard: Storyboard,
    audio: Soundtrack | None,
    watermarked: Path | None = None,
) -> None:
    encode(
        frames,
        output,
        width=target.width,
        height=target.height,
        fps=target.fps,
        quality=storyboard.quality,
        audio=audio,
        watermarked=watermarked,
    )


def _cancellable(frames: Iterator[Frame], context: RenderContext) -> Iterator[Frame]:
    for frame in frames:
        context.raise_if_cancelled()
        yield frame


def _summary(facts: VideoFacts) -> dict[str, Any]:
    return {
        "width": facts.width,
        "height": facts.height,
        "fps": round(float(facts.fps), 3),
        "frames": facts.frame_count,
    }
