"""The engine port: what an engine can render, and rendering it locally or on another machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from kirin.domain.callbacks import Cancelled, LinkAsset, Progress, ReadAsset
from kirin.domain.frame import Frame
from kirin.domain.soundtrack import Soundtrack
from kirin.domain.storyboard import Storyboard
from kirin.errors import Stopped


@dataclass(frozen=True, slots=True)
class UnsupportedFeature:
    """Something in a storyboard that an engine cannot honour.

    Attributes:
        field: the storyboard field, such as ``shots.last`` or ``sound``; the card maps it to the
            request parameter that the user knows.
        message: why, as a sentence that names the engine or the model.
    """

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Clip:
    """A video as it leaves an engine: its properties, and lazily rendered frames.

    Attributes:
        width, height: pixels, both even; those of the storyboard.
        fps: frames per second; that of the storyboard.
        frame_count: how many frames ``frames`` yields.
        frames: rendered as they are consumed, never all in memory. Closing the iterator frees
            what the engine holds.
        audio: the soundtrack, or ``None`` for a file without an audio stream.
        notes: how the video was made, for the task's metadata; JSON values only.
    """

    width: int
    height: int
    fps: Fraction
    frame_count: int
    frames: Iterator[Frame]
    audio: Soundtrack | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemoteVideo:
    """A video file that another machine has rendered.

    Attributes:
        path: the downloaded file, in the folder of the render context; its size, frame rate and
            (slightly) its length may differ from the storyboard's.
        job_id: the remote side's id of the job.
        notes: what the remote side reported, for the task's metadata; JSON values only.
    """

    path: Path
    job_id: str
    notes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RenderContext:
    """What one attempt at a task passes to an engine along with the storyboard.

    Attributes:
        task_id: the same for every attempt, so a remote side can recognise the task.
        is_retry: whether an earlier attempt may already have started the job.
        assign: records the name of the engine that has the task from now on, so that a later
            attempt asks that engine first.
        job_id: the remote job's id, if an earlier attempt recorded one.
        job_started: records the remote job's id.
        noted: what earlier attempts noted.
        note: notes facts in the task's metadata at once, whatever becomes of the attempt; a value
            of ``None`` takes one away.
        folder: scratch space, removed when the attempt is over.
        read: returns a local path with an asset's bytes.
        link: returns a URL of an asset; ``None`` if this server has no public URL.
        progress: takes the share that is done, 0 to 1.
        cancelled: polled often; once it returns true, ``Stopped`` is raised.
        abandoned: whether the task itself has ended, so that no later attempt will pick the job
            up. Asked once ``cancelled`` is true, which also happens when only a worker shuts down.
        show: takes each frame of the video before it is encoded, for whoever watches.
    """

    task_id: str
    is_retry: bool
    assign: Callable[[str], None]
    job_id: str | None
    job_started: Callable[[str], None]
    noted: Mapping[str, Any]
    note: Callable[[Mapping[str, Any]], None]
    folder: Path
    read: ReadAsset
    link: LinkAsset | None
    progress: Progress
    cancelled: Cancelled
    abandoned: Callable[[], bool]
    show: Callable[[Frame], None]

    def raise_if_cancelled(self) -> None:
        """Raise ``Stopped`` once the attempt is over."""
        if self.cancelled():
            raise Stopped


@dataclass(frozen=True, slots=True)
class RemoteJob:
    """A job that an attempt may have started on another machine.

    Attributes:
        model: the Kirin model id.
        task_id, job_id: as in the attempt's :class:`RenderContext`.
    """

    model: str
    task_id: str
    job_id: str | None


class BaseEngine(Protocol):
    """What every engine has, and all that the router needs to choose one."""

    @property
    def name(self) -> str:
        """The name in ``KIRIN_ENGINES`` and in ``metadata.engine``."""
        ...

    def unsupported(self, storyboard: Storyboard) -> list[UnsupportedFeature]:
        """Everything in the storyboard that the engine cannot honour; empty if it can render it.

        Fast, without I/O; assets may not have been fetched yet (``Asset.fetched`` false).
        """
        ...


class Engine(BaseEngine, Protocol):
    """Renders storyboards in this process."""

    def render(
        self, storyboard: Storyboard, read: ReadAsset, progress: Progress, cancelled: Cancelled
    ) -> Clip:
        """Render the video.

        Args:
            storyboard: one for which :meth:`unsupported` returns nothing.
            read: returns a local path with an asset's bytes.
            progress: takes the share that is done, 0 to 1, preparation included.
            cancelled: polled often; once it returns true, :class:`~kirin.errors.Stopped` is
                raised, here or from ``Clip.frames``.

        Raises:
            kirin.errors.TaskError: the video cannot be rendered; the message is for the user.
        """
        ...


@runtime_checkable
class PreviewingEngine(BaseEngine, Protocol):
    """Can say what a video will show before it is rendered."""

    def preview(self, storyboard: Storyboard, read: ReadAsset | None = None) -> Mapping[str, Any]:
        """What the notes of the clip will say of the scene, without rendering.

        It may take seconds where it looks into pictures, and bounds how many it looks into.

        Args:
            storyboard: one for which :meth:`unsupported` returns nothing; assets may not have
                been fetched yet.
            read: returns a local path with the bytes of an asset that is fetched; without it,
                words alone are told.

        Returns:
            ``{"scene": ...}`` for one shot, ``{"shots": [{"scene": ...}, ...]}`` for several; a
            shot without ``"scene"`` shows given pictures alone. ``"motion"`` beside it says what
            moves in given pictures; it has ``"found": "when rendered"`` where only the prompt is
            known. JSON values only.
        """
        ...


@runtime_checkable
class WarmingEngine(BaseEngine, Protocol):
    """Can do ahead what its first video would wait for."""

    def warm_up(self, busy: Callable[[], bool]) -> None:
        """Import, load and compile what videos need.

        Args:
            busy: whether a task is waiting or running; asked often, and then the rest is left.
        """
        ...


@runtime_checkable
class RemoteEngine(BaseEngine, Protocol):
    """Has storyboards rendered by other machines."""

    def render_remotely(self, storyboard: Storyboard, context: RenderContext) -> RemoteVideo:
        """Submit the job, or resume an earlier attempt's; wait for it; download the video.

        Args:
            storyboard: one for which :meth:`unsupported` returns nothing.
            context: the attempt's.

        Raises:
            kirin.errors.NotStarted: the job was not started, so another engine may be tried.
            kirin.errors.TaskError: it was started and failed; the message is for the user.
            kirin.errors.Stopped: the attempt is over.
        """
        ...

    def cancel(self, job: RemoteJob) -> None:
        """Cancel a job whose worker died and whose task has ended: nobody waits for it any more.

        Raises:
            kirin.errors.KirinError: the remote side cannot be reached.
        """
        ...

    def check_health(self) -> str | None:
        """Probe the remote side once; return what is wrong, or ``None`` if it is healthy."""
        ...
