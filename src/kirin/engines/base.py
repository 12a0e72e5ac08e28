"""The ports of engines: what one cannot do, and the doing of it, here or elsewhere."""

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
class Reason:
    """Why an engine cannot make a video.

    Attributes:
        field: the storyboard's field it stumbles over, such as ``shots.last`` or ``sound``;
            the card translates it to the parameter that the user knows.
        message: a clause that follows "the engine", such as "has no model for sound".
    """

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Clip:
    """A video on its way out of an engine: facts, and frames that come when asked for.

    Attributes:
        width, height: pixels, both even; those of the storyboard.
        fps: frames a second; that of the storyboard.
        frame_count: how many frames ``frames`` will give.
        frames: made while it is consumed, never all in memory. Closing it frees what the
            engine holds.
        audio: the sound, or ``None`` for a file without a sound track.
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
class Film:
    """A finished video file that another machine has made.

    Attributes:
        path: the file, in the folder of the errand; it may differ from the storyboard in size,
            frame rate and, slightly, in length.
        job: what the other side calls the job.
        notes: what the other side told, for the task's metadata; JSON values only.
    """

    path: Path
    job: str
    notes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Errand:
    """What an attempt gives to an engine beside the storyboard.

    Attributes:
        name: the task's, the same at each attempt: whoever was asked before knows it.
        again: whether an earlier attempt may have begun it.
        entrust: writes down by name which machine has the task from now on, so that a later
            attempt asks that one first.
        job: what an earlier attempt was told that the job is called there, if it was.
        began: writes that name down.
        folder: scratch space, removed when the attempt is over.
        read: gives a local path for each asset's bytes.
        link: gives URLs for assets; ``None`` where nobody outside can reach this server.
        progress: told how far the whole is.
        cancelled: asked often; once true, ``Stopped`` is raised.
        abandoned: whether the task has ended without a video, so that nobody will come back for
            it; asked once ``cancelled`` is true, which it also is when a worker only goes down.
    """

    name: str
    again: bool
    entrust: Callable[[str], None]
    job: str | None
    began: Callable[[str], None]
    folder: Path
    read: ReadAsset
    link: LinkAsset | None
    progress: Progress
    cancelled: Cancelled
    abandoned: Callable[[], bool]

    def check(self) -> None:
        """Raise ``Stopped`` once the attempt is over."""
        if self.cancelled():
            raise Stopped


@dataclass(frozen=True, slots=True)
class Begun:
    """What an attempt may have begun on another machine.

    Attributes:
        model: the Kirin model.
        name, job: as in the attempt's :class:`Errand`.
    """

    model: str
    name: str
    job: str | None


class Candidate(Protocol):
    """What the router chooses from."""

    @property
    def name(self) -> str:
        """What ``metadata.engine`` and the settings call it."""
        ...

    def unsupported(self, storyboard: Storyboard) -> list[Reason]:
        """Everything in the storyboard that it cannot honour; empty if it can.

        Fast, without I/O; assets may be announced only (``Asset.fetched`` false).
        """
        ...


class Engine(Candidate, Protocol):
    """Turns storyboards into clips, here."""

    def render(
        self, storyboard: Storyboard, read: ReadAsset, progress: Progress, cancelled: Cancelled
    ) -> Clip:
        """Make the video.

        Args:
            storyboard: one for which :meth:`unsupported` gives nothing.
            read: gives a local path for each asset's bytes.
            progress: told how far the whole is, preparation included.
            cancelled: asked often; once true, :class:`~kirin.errors.Stopped` is raised, here
                or from ``Clip.frames``.

        Raises:
            kirin.errors.TaskError: the video cannot be made; the message is for the user.
        """
        ...


@runtime_checkable
class Carrier(Candidate, Protocol):
    """Has storyboards made by other machines."""

    def carry(self, storyboard: Storyboard, errand: Errand) -> Film:
        """Have the video made and fetch it.

        Args:
            storyboard: one for which :meth:`unsupported` gives nothing.
            errand: what goes with it.

        Raises:
            kirin.errors.NotStarted: it was not begun, so another engine may be asked.
            kirin.errors.TaskError: it was, and failed; the message is for the user.
            kirin.errors.Stopped: ``errand.cancelled`` said so.
        """
        ...

    def call_off(self, begun: Begun) -> None:
        """Let go of what an attempt has begun whose worker died: nobody waits for it any more.

        Raises:
            kirin.errors.KirinError: the other side cannot be asked.
        """
        ...

    def trouble(self) -> str | None:
        """Why it cannot be used now, by one look at the other side; ``None`` if it can."""
        ...
