"""Media of requests: pictures as base64, and the video to go on from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kirin.catalogue.shown_values import of_another_type
from kirin.catalogue.structures import shorten, unknown_names
from kirin.errors import Problem
from kirin.http.dialects.places import Part
from kirin.wire.openrouter import FIRST_FRAME, IMAGE_URL, LAST_FRAME
from kirin.wire.veo import file_id

FRAMES: Final = "image"
"""What requests call the picture that a video begins with."""

IN_INSTANCE: Final = ("prompt", "image", "lastFrame", "referenceImages", "video")

FRAME_NAMES: Final[Mapping[str, str]] = {"image": FIRST_FRAME, "lastFrame": LAST_FRAME}

ASSET: Final = "asset"
"""The kind of reference that models take: what is to be seen. The other is a style."""

MOST_REFERENCES: Final = 16

Given = Mapping[str, Any]


@dataclass(slots=True)
class Media:
    """What a request has beside its words.

    Attributes:
        parts: its pictures, in their order.
        video: id of the task whose video it goes on from.
    """

    parts: list[Part] = field(default_factory=list)
    video: str | None = None

    @property
    def frames(self) -> bool:
        """Whether it has a first or a last picture."""
        return any(part.frame for part in self.parts)

    @property
    def references(self) -> bool:
        """Whether it has pictures of what is to be seen."""
        return any(not part.frame for part in self.parts)


def read_media(instance: Given, problems: list[Problem]) -> Media:
    """The pictures and the video of an instance."""
    media = Media()
    extra = [name for name in instance if name not in IN_INSTANCE]
    known = ", ".join(IN_INSTANCE)
    problems += unknown_names(extra, "instances[0]", lambda _: f"an instance has {known}", ())
    for name, frame in FRAME_NAMES.items():
        if name in instance:
            _add_picture(instance[name], f"instances[0].{name}", frame, media, problems)
    references = instance.get("referenceImages", ())
    where = "instances[0].referenceImages"
    if not isinstance(references, list | tuple):
        message = of_another_type("a list of objects", references)
        problems.append(Problem(where, "wrong_type", message))
    elif len(references) > MOST_REFERENCES:
        message = f"at most {MOST_REFERENCES}, not {len(references)}"
        problems.append(Problem(where, "wrong_count", message))
    else:
        for index, each in enumerate(references):
            _add_reference(each, f"{where}[{index}]", media, problems)
    if "video" in instance:
        media.video = _video(instance["video"], problems)
    return media


def _add_reference(given: object, path: str, media: Media, problems: list[Problem]) -> None:
    if not isinstance(given, Mapping):
        message = of_another_type("an object", given)
        problems.append(Problem(path, "wrong_type", message))
        return
    extra = [name for name in given if name not in ("image", "referenceType")]
    problems += unknown_names(extra, path, lambda _: "a reference has image and referenceType", ())
    kind = given.get("referenceType") or ASSET
    if not isinstance(kind, str) or kind.lower() != ASSET:
        message = f"it takes {ASSET}: no model here learns a style from a picture"
        problems.append(Problem(f"{path}.referenceType", "not_an_option", message))
    _add_picture(given.get("image"), f"{path}.image", "", media, problems)


def _add_picture(
    given: object, path: str, frame: str, media: Media, problems: list[Problem]
) -> None:
    form = 'it takes {"bytesBase64Encoded": "...", "mimeType": "image/png"}'
    if not isinstance(given, Mapping):
        problems.append(Problem(path, "wrong_type", form))
        return
    inner: object = given
    name, allowed = "bytesBase64Encoded", ("bytesBase64Encoded", "mimeType")
    if "inlineData" in given:  # the documents write it so, the SDK does not
        extra = [each for each in given if each != "inlineData"]
        problems += unknown_names(extra, path, lambda _: "inlineData has it all", ())
        path, inner = f"{path}.inlineData", given["inlineData"]
        name, allowed = "data", ("data", "mimeType")
    if not isinstance(inner, Mapping):
        problems.append(Problem(path, "wrong_type", form))
        return
    extra = [each for each in inner if each not in allowed]
    problems += unknown_names(extra, path, lambda _: "send the picture as base64", ())
    data = inner.get(name)
    if not isinstance(data, str) or not data:
        if not extra:
            problems.append(Problem(f"{path}.{name}", "required", "it takes a picture as base64"))
        return
    # The type that a picture has is in its bytes; what is said of it could only be wrong.
    media.parts.append(Part(f"{path}.{name}", IMAGE_URL, data, frame))


def _video(given: object, problems: list[Problem]) -> str | None:
    path = "instances[0].video"
    if not isinstance(given, Mapping):
        problems.append(Problem(path, "wrong_type", 'it takes {"uri": "..."}'))
        return None
    extra = [name for name in given if name not in ("uri", "encoding", "mimeType")]
    if extra:
        message = "send the uri of a video that was made here"
        where = f"{path}.{shorten(extra[0])}"
        problems.append(Problem(where, "unknown_parameter", message))
        return None
    uri = given.get("uri")
    id = file_id(uri) if isinstance(uri, str) and "files/" in uri else ""
    if not id:
        message = "it takes the uri of a video that was made here, such as files/ID"
        problems.append(Problem(f"{path}.uri", "not_valid", message))
        return None
    return id
