"""Places: where a model takes the pictures and videos of a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kirin.catalogue.card import Card
from kirin.catalogue.parameters import Choice, Parameter
from kirin.catalogue.references import Picture, Video
from kirin.catalogue.structures import ListOf
from kirin.errors import Problem
from kirin.wire.openrouter import AUDIO_URL, FIRST_FRAME, IMAGE_URL, LAST_FRAME

FRAME_PARAMETERS: Final[Mapping[str, str]] = {FIRST_FRAME: "image", LAST_FRAME: "image_tail"}
"""Where models of one picture, or of a first and a last one, take them."""

ENTRY_TYPES: Final[Mapping[str, str]] = {FIRST_FRAME: "first_frame", LAST_FRAME: "end_frame"}
"""``type`` of the entries of a list that says so of each picture."""

AS_REFERENCE: Final[Mapping[str, str]] = {"refer_type": "feature"}
"""What the entry of a video has that is learned from, where it could be edited instead."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the media of a request.

    Attributes:
        path: where it stands.
        type: such as ``image_url``.
        url: its address; of a picture in the request its base64.
        frame: ``first_frame`` or ``last_frame``; empty for a reference.
    """

    path: str
    type: str
    url: str
    frame: str = ""


@dataclass
class Places:
    """Puts parts where a model takes them.

    Attributes:
        params: of the request, which get them.
        paths: by our path of a parameter, where the request has it.
        frames: what requests call the pictures that a video begins and ends with.
    """

    card: Card
    params: dict[str, Any]
    problems: list[Problem]
    paths: dict[str, str] = field(default_factory=dict)
    frames: str = "frame_images"

    def put(self, part: Part) -> None:
        """Put one, or say why it does not fit."""
        known = {parameter.name: parameter for parameter in self.card.parameters}
        if part.type == AUDIO_URL:
            self._refuse(part, f"{self.card.id} takes no sounds")
        elif part.frame:
            self._put_frame(part, known)
        else:
            self._put_reference(part, known)

    def _put_frame(self, part: Part, known: Mapping[str, Parameter]) -> None:
        name = FRAME_PARAMETERS[part.frame]
        if isinstance(known.get(name), Picture):
            self._set(part, name)
            return
        for each, inner in _lists(self.card, Picture):
            kinds = next((c for c in each.children() if c.name == "type"), None)
            if isinstance(kinds, Choice) and ENTRY_TYPES[part.frame] in kinds.options:
                self._append(part, each.name, inner, {"type": ENTRY_TYPES[part.frame]})
                return
        self._refuse(part, f"{self.card.id} takes no {part.frame}")

    def _put_reference(self, part: Part, known: Mapping[str, Parameter]) -> None:
        kind = Picture if part.type == IMAGE_URL else Video
        for each, inner in _lists(self.card, kind):
            names = {child.name for child in each.children()}
            extra = {name: word for name, word in AS_REFERENCE.items() if name in names}
            self._append(part, each.name, inner, extra)
            return
        frames = FRAME_PARAMETERS.values()
        for name, parameter in known.items():
            if isinstance(parameter, kind) and name not in frames:
                self._set(part, name)
                return
        what = "pictures" if part.type == IMAGE_URL else "videos"
        hint = f"; send it as {self.frames}" if "image" in known and kind is Picture else ""
        self._refuse(part, f"{self.card.id} takes no {what} as references{hint}")

    def _set(self, part: Part, name: str) -> None:
        if self.params.get(name) is not None:
            message = f"{self.card.id} takes one picture or video there, and has one already"
            self.problems.append(Problem(part.path, "wrong_count", message))
            return
        self.params[name] = part.url
        self.paths[name] = part.path

    def _append(self, part: Part, name: str, inner: str, extra: Mapping[str, str]) -> None:
        entries = self.params.setdefault(name, [])
        if not isinstance(entries, list):
            return  # the model says what is wrong with it
        self.paths[f"{name}[{len(entries)}]"] = part.path
        self.paths.setdefault(name, part.path.partition("[")[0])
        entries.append({inner: part.url, **extra})

    def _refuse(self, part: Part, message: str) -> None:
        self.problems.append(Problem(part.path, "unknown_parameter", message))


def _lists(card: Card, kind: type[Parameter]) -> Iterator[tuple[ListOf, str]]:
    """The lists of a model that hold media of a kind, each with the member that has it."""
    for parameter in card.parameters:
        if isinstance(parameter, ListOf):
            inner = next((c.name for c in parameter.children() if isinstance(c, kind)), None)
            if inner is not None:
                yield parameter, inner


def takes_frame(card: Card, frame: str) -> bool:
    """Whether a model takes a first or a last picture."""
    places = Places(card, {}, [])
    places.put(Part("", IMAGE_URL, "https://example.com/a.png", frame))
    return not places.problems
