"""Media of requests: parts that say what they are, put where a model takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kirin.catalogue.card import Card
from kirin.catalogue.parameters import Choice, Parameter, json_type
from kirin.catalogue.references import Picture, Video
from kirin.catalogue.structures import ListOf, shorten
from kirin.errors import Problem
from kirin.wire.openrouter import (
    AUDIO_URL,
    FIRST_FRAME,
    FRAME_TYPES,
    IMAGE_URL,
    LAST_FRAME,
    PART_TYPES,
)

FRAMES: Final = "frame_images"
REFERENCES: Final = "input_references"

FRAME_PARAMETERS: Final[Mapping[str, str]] = {FIRST_FRAME: "image", LAST_FRAME: "image_tail"}
"""Where models of one picture, or of a first and a last one, take them."""

ENTRY_TYPES: Final[Mapping[str, str]] = {FIRST_FRAME: "first_frame", LAST_FRAME: "end_frame"}
"""``type`` of the entries of a list that says so of each picture."""

AS_REFERENCE: Final[Mapping[str, str]] = {"refer_type": "feature"}
"""What the entry of a video has that is learned from, where it could be edited instead."""

MOST_PARTS: Final = 16
DATA_URL: Final = re.compile(r"\Adata:[^,]{0,128};base64,", re.IGNORECASE)


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


def read_parts(given: object, name: str, problems: list[Problem]) -> list[Part]:
    """The parts of ``frame_images`` or ``input_references``."""
    if given is None:
        return []
    if not isinstance(given, list):
        message = f"it takes a list of objects, not a JSON {json_type(given)}"
        problems.append(Problem(name, "wrong_type", message))
        return []
    if len(given) > MOST_PARTS:
        problems.append(Problem(name, "wrong_count", f"at most {MOST_PARTS}, not {len(given)}"))
        return []
    read = (_part(each, f"{name}[{index}]", name, problems) for index, each in enumerate(given))
    return [part for part in read if part is not None]


def _part(given: object, path: str, name: str, problems: list[Problem]) -> Part | None:
    types = (IMAGE_URL,) if name == FRAMES else PART_TYPES
    try:
        if not isinstance(given, Mapping):
            raise _Wrong("", "wrong_type", f"it takes an object, not a JSON {json_type(given)}")
        # Programs leave the type out, since the member with the address says the same.
        kind = given.get("type") or next((each for each in types if each in given), None)
        if not isinstance(kind, str) or kind not in types:
            raise _Wrong(".type", "not_an_option", f"it takes {' or '.join(types)}")
        allowed = {"type", kind, *(("frame_type",) if name == FRAMES else ())}
        if unknown := [member for member in given if member not in allowed]:
            message = f"{kind} parts have no such member"
            raise _Wrong(f".{shorten(unknown[0])}", "unknown_parameter", message)
        frame = given.get("frame_type", "")
        if name == FRAMES and frame not in FRAME_TYPES:
            message = f"it takes {' or '.join(FRAME_TYPES)}"
            raise _Wrong(".frame_type", "not_an_option", message)
        return Part(f"{path}.{kind}.url", kind, _url(given.get(kind), kind), frame)
    except _Wrong as wrong:
        problems.append(replace(wrong.problem, param=path + wrong.problem.param))
        return None


def _url(holder: object, kind: str) -> str:
    """The address in a part; of a picture in the request its base64."""
    url = holder.get("url") if isinstance(holder, Mapping) else holder
    if not isinstance(url, str) or not url.strip():
        raise _Wrong(f".{kind}", "required", f'it takes {{"{kind}": {{"url": "..."}}}}')
    if isinstance(holder, Mapping) and (unknown := [each for each in holder if each != "url"]):
        where = f".{kind}.{shorten(unknown[0])}"
        raise _Wrong(where, "unknown_parameter", "only url is understood")
    return DATA_URL.sub("", url, count=1) if kind == IMAGE_URL else url


class _Wrong(Exception):
    """Something is wrong with a part."""

    def __init__(self, member: str, code: str, message: str) -> None:
        self.problem = Problem(member, code, message)


@dataclass
class Places:
    """Puts parts where a model takes them.

    Attributes:
        params: of the request, which get them.
        paths: by our path of a parameter, where the request has it.
    """

    card: Card
    params: dict[str, Any]
    problems: list[Problem]
    paths: dict[str, str] = field(default_factory=dict)

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
        hint = "; send it in frame_images" if "image" in known and kind is Picture else ""
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
