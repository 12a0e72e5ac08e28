"""Parameters that refer to images, videos, sounds, subjects or faces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Generic, TypeVar

from kirin.catalogue.parameters import Choice, Identifier, Integer, Parameter, Problems
from kirin.catalogue.structures import Values
from kirin.domain.assets import AssetKind
from kirin.domain.limits import ImageLimits, Limits, SoundLimits, VideoLimits
from kirin.domain.subject import SubjectKind

MODES: Final = ("std", "pro")

P = TypeVar("P", bound=Parameter)

LONGEST_NAME: Final = 128
"""Characters of a task's id, or of what stands for it (rule C-8)."""


@dataclass(frozen=True, kw_only=True)
class MediaParameter(Parameter):
    """An image or a sound, by URL or inline, or a video, by URL; intake validates its content.

    Attributes:
        limits: what it may be.
    """

    limits: Limits

    kind: ClassVar[AssetKind]

    type: ClassVar[str] = "string"
    blank: ClassVar[object] = ""

    def check(self, given: object, path: str, problems: Problems) -> Any:
        if not isinstance(given, str):
            return self.refuse_type(problems, path, given)
        if not given.strip():
            return self.refuse(problems, path, "too_short", f"is empty; must be {self.takes()}")
        return given

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1 if self.required else 0}


@dataclass(frozen=True, kw_only=True)
class Picture(MediaParameter):
    """An image: its URL, or its bytes as base64 without a prefix."""

    limits: ImageLimits = field(default_factory=ImageLimits)

    kind: ClassVar[AssetKind] = AssetKind.IMAGE

    def traits(self) -> dict[str, Any]:
        limits = {
            "max_bytes": self.limits.max_bytes,
            "min_side": self.limits.min_side,
            "max_side": self.limits.max_side,
            "max_aspect": self.limits.max_aspect and float(self.limits.max_aspect),
        }
        return {"format": "image", "limits": {k: v for k, v in limits.items() if v is not None}}

    def takes(self) -> str:
        return "the URL of a JPEG or PNG picture, or its bytes as raw base64"


@dataclass(frozen=True, kw_only=True)
class Video(MediaParameter):
    """A video, by its URL only."""

    limits: VideoLimits = field(default_factory=VideoLimits)

    kind: ClassVar[AssetKind] = AssetKind.VIDEO

    def traits(self) -> dict[str, Any]:
        limits = {
            "max_bytes": self.limits.max_bytes,
            "min_side": self.limits.min_side,
            "max_side": self.limits.max_side,
            "min_seconds": self.limits.min_seconds,
            "max_seconds": self.limits.max_seconds,
        }
        return {"format": "video", "limits": {k: v for k, v in limits.items() if v is not None}}

    def takes(self) -> str:
        return "the URL of an mp4 or mov video"

    def schema(self) -> dict[str, Any]:
        return {**super().schema(), "format": "uri"}


ANY_RESULT: Final = VideoLimits(max_bytes=2**31, min_side=2, max_side=8192, min_seconds=0)
"""Limits of a video that this server has made, for whatever it is used."""


@dataclass(frozen=True, kw_only=True)
class VideoId(MediaParameter):
    """A video that a completed task of the account has made, by the task's id.

    The task's ``external_task_id`` and the ``jobId`` of its output stand for it too. A validated
    request has the task's id in its place, and the video as an input of its own: the task goes on
    to work after the other one's results have gone.

    Attributes:
        limits: of the video; its ``max_seconds`` is exact, without grace.
        models: whose videos apply; any if empty.
        passing: further models whose videos apply. They make videos from others, and pass on what
            ``model_as`` and ``mode_as`` say of these.
        model_as, mode_as: names under which the validated values also have the model and the mode
            of the video, for prices and plans. Empty: they are not kept.
    """

    limits: VideoLimits = ANY_RESULT
    models: tuple[str, ...] = ()
    passing: tuple[str, ...] = ()
    model_as: str = ""
    mode_as: str = ""

    kind: ClassVar[AssetKind] = AssetKind.VIDEO

    @property
    def facts(self) -> tuple[Choice, ...]:
        """What the values have of the video, as the choices that prices may depend on."""
        told = ((self.model_as, self.models), (self.mode_as, MODES))
        return tuple(
            Choice(name=name, description=f"Of {self.name}.", required=True, options=options)
            for name, options in told
            if name
        )

    def check(self, given: object, path: str, problems: Problems) -> Any:
        if isinstance(given, str) and len(given) > LONGEST_NAME:
            message = f"has {len(given)} characters; must be {self.takes()}"
            return self.refuse(problems, path, "too_long", message)
        return super().check(given, path, problems)

    def traits(self) -> dict[str, Any]:
        limits = {"models": [*self.models, *self.passing], "max_seconds": self.limits.max_seconds}
        return {"format": "task", "limits": {k: v for k, v in limits.items() if v}}

    def takes(self) -> str:
        return "the id of a completed task of yours, its external_task_id or its jobId"

    def schema(self) -> dict[str, Any]:
        return {**super().schema(), "maxLength": LONGEST_NAME}


@dataclass(frozen=True, kw_only=True)
class Sound(MediaParameter):
    """A sound: its URL, or its bytes as base64 without a prefix."""

    limits: SoundLimits = field(default_factory=SoundLimits)

    kind: ClassVar[AssetKind] = AssetKind.AUDIO

    def traits(self) -> dict[str, Any]:
        limits = {
            "max_bytes": self.limits.max_bytes,
            "min_seconds": self.limits.min_seconds,
            "max_seconds": self.limits.max_seconds,
        }
        return {"format": "audio", "limits": limits}

    def takes(self) -> str:
        return "the URL of an MP3, WAV or M4A, or its bytes as raw base64"


@dataclass(frozen=True, kw_only=True)
class FaceSessionId(Identifier):
    """The session in which faces of a video were found, from the result of a face search."""

    max_length: int = LONGEST_NAME

    def traits(self) -> dict[str, Any]:
        return {"format": "face_session"}


@dataclass(frozen=True, kw_only=True)
class FaceId(Identifier):
    """A face of a session."""

    max_length: int = 64

    def traits(self) -> dict[str, Any]:
        return {"format": "face"}


@dataclass(frozen=True, kw_only=True)
class ElementId(Integer):
    """The id of one of the account's subjects: an exact 64-bit integer (rule EL-4)."""

    kinds: tuple[SubjectKind, ...] = tuple(SubjectKind)

    def traits(self) -> dict[str, Any]:
        kinds = [f"{kind.value}_refer" for kind in self.kinds]
        return {"format": "element", "limits": {"reference_types": kinds}}


@dataclass(frozen=True, slots=True)
class MediaPlace(Generic[P]):
    """The location of a parameter's value in a request.

    Attributes:
        path: JSON path, such as ``dynamic_masks[0].mask``.
        parameter: its parameter.
        holder, name: the object that contains it, and its key there.
    """

    path: str
    parameter: P
    holder: Values
    name: str

    @property
    def value(self) -> Any:
        """The value."""
        return self.holder[self.name]

    def replace(self, value: object) -> None:
        """Replace the value."""
        self.holder[self.name] = value


def places(
    kind: type[P], parameters: Sequence[Parameter], values: Values, prefix: str = ""
) -> Iterator[MediaPlace[P]]:
    """Yield the location of each value whose parameter is of a type, in order."""
    for parameter in parameters:
        value = values.get(parameter.name)
        if value is None:
            continue
        path = f"{prefix}{parameter.name}"
        if isinstance(parameter, kind):
            yield MediaPlace(path, parameter, values, parameter.name)
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                yield from places(kind, parameter.children(), entry, f"{path}[{index}].")
        elif isinstance(value, dict):
            yield from places(kind, parameter.children(), value, f"{path}.")
