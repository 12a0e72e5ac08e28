"""Parameters that refer to images, videos, sounds, subjects or faces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from kirin.catalogue.parameters import Identifier, Integer, Parameter, Problems
from kirin.catalogue.structures import Values
from kirin.domain.assets import AssetKind
from kirin.domain.limits import ImageLimits, Limits, SoundLimits, VideoLimits
from kirin.domain.subject import SubjectKind

P = TypeVar("P", bound=Parameter)


@dataclass(frozen=True, kw_only=True)
class MediaParameter(Parameter):
    """An image, a video or a sound, by URL or inline; its content is validated on intake.

    Attributes:
        limits: what it may be.
    """

    limits: Limits

    kind: ClassVar[AssetKind]
    inline: ClassVar[bool]
    """Whether its bytes may come as base64."""

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
    inline: ClassVar[bool] = True

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
    inline: ClassVar[bool] = False

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


@dataclass(frozen=True, kw_only=True)
class Sound(MediaParameter):
    """A sound: its URL, or its bytes as base64 without a prefix."""

    limits: SoundLimits = field(default_factory=SoundLimits)

    kind: ClassVar[AssetKind] = AssetKind.AUDIO
    inline: ClassVar[bool] = True

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
class VideoId(Identifier):
    """STUB until the branch with the real one comes in."""

    max_length: int = 128
    limits: VideoLimits = field(default_factory=VideoLimits)


@dataclass(frozen=True, kw_only=True)
class FaceSessionId(Identifier):
    """The session in which faces of a video were found, from the result of a face search."""

    max_length: int = 128

    def traits(self) -> dict[str, Any]:
        return {"format": "face_session"}


@dataclass(frozen=True, kw_only=True)
class FaceId(Identifier):
    """A face of a session."""

    max_length: int = 64


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
        path = f"{prefix}{parameter.name}"
        if value is None:
            continue
        if isinstance(parameter, kind):
            yield MediaPlace(path, parameter, values, parameter.name)
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                yield from places(kind, parameter.children(), entry, f"{path}[{index}].")
        elif isinstance(value, dict):
            yield from places(kind, parameter.children(), value, f"{path}.")
