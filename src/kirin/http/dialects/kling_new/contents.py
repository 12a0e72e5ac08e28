"""The list ``contents``: words, pictures, videos and elements, which words call by ``@name``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kirin.catalogue.shown_values import json_type, of_another_type
from kirin.catalogue.structures import shorten, unknown_names
from kirin.errors import Problem
from kirin.wire import kling_new

MOST: Final = 32
"""Entries of a list: more than any model takes."""

LONGEST_ID: Final = 64


@dataclass(frozen=True, slots=True)
class ContentPlace:
    """Where an entry goes.

    Attributes:
        name: of the parameter.
        inner: of the member, where that is a list.
        more: further members of the list's entry.
        key: the entry's member that goes there.
    """

    name: str
    inner: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    key: str = "url"


ELEMENT: Final = ContentPlace("element_list", "element_id", key="element_id")
PLACES: Final[Mapping[str, Mapping[str, ContentPlace]]] = {
    kling_new.IMAGE: {
        "first_frame": ContentPlace("image"),
        "last_frame": ContentPlace("image_tail"),
        "element": ELEMENT,
    },
    kling_new.OMNI: {
        "first_frame": ContentPlace("image_list", "image_url", {"type": "first_frame"}),
        "last_frame": ContentPlace("image_list", "image_url", {"type": "end_frame"}),
        "refer_image": ContentPlace("image_list", "image_url"),
        "feature_video": ContentPlace("video_list", "video_url", {"refer_type": "feature"}),
        "base_video": ContentPlace("video_list", "video_url", {"refer_type": "base"}),
        "element": ELEMENT,
    },
    kling_new.MOTION: {
        "image": ContentPlace("image_url"),
        "video": ContentPlace("video_url"),
        "element": ELEMENT,
    },
}
"""By address and type of the entry; words go into the prompt."""

CALLED: Final = {"image_list": "image", "video_list": "video", "element_list": "element"}
"""What prompts call the entries of a list, with their number."""


@dataclass
class ContentsReader:
    """Reads the list.

    Attributes:
        path: address that it was sent to.
        taken: parameters that the model has.
        params: what was read.
        names: by path of ours, where it stood in the request.
        calls: by name, what prompts of ours say for it.
        problems: what is wrong.
    """

    path: str
    taken: frozenset[str]
    problems: list[Problem]
    params: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)

    def read(self, given: object) -> None:
        """Read all entries."""
        if not isinstance(given, list) or not given:
            told = "missing" if given is None else f"not a JSON {json_type(given)}"
            self._refuse("contents", "wrong_type", f"it takes a list of objects; {told}")
            return
        if len(given) > MOST:
            self._refuse("contents", "wrong_count", f"it has {len(given)}; at most {MOST} may be")
            return
        for index, entry in enumerate(given):
            self._entry(f"contents[{index}]", entry)
        if self.path != kling_new.MOTION and isinstance(self.params.get("prompt"), str):
            self.params["prompt"] = self._called(self.params["prompt"])

    def _entry(self, where: str, entry: object) -> None:
        if not isinstance(entry, dict):
            self._refuse(where, "wrong_type", of_another_type("an object", entry))
            return
        kind = entry.get("type")
        places = {n: p for n, p in PLACES[self.path].items() if p.name in self.taken}
        if kind == "prompt":
            self._words(where, entry)
        elif isinstance(kind, str) and kind in places:
            self._media(where, entry, places[kind])
        else:
            options = ", ".join(["prompt", *places])
            self._refuse(f"{where}.type", "not_an_option", f"it takes one of {options}")

    def _words(self, where: str, entry: Mapping[str, Any]) -> None:
        self._unknown(where, entry, ("text",))
        if "prompt" in self.names:
            self._refuse(where, "repeated", "there is a prompt already")
            return
        self.names["prompt"] = self.names["multi_prompt"] = f"{where}.text"
        self.params["prompt"] = entry.get("text")

    def _media(self, where: str, entry: Mapping[str, Any], place: ContentPlace) -> None:
        has_id = bool(place.inner)
        self._unknown(where, entry, (place.key, "id") if has_id else (place.key,))
        value = entry.get(place.key)
        if value in (None, ""):
            self._refuse(f"{where}.{place.key}", "required", "missing")
            return
        if place is ELEMENT:
            value = _number(value)
        if not place.inner:
            if place.name in self.params:
                self._refuse(where, "repeated", f"there is a {entry['type']} already")
                return
            self.params[place.name] = value
            self.names[place.name] = f"{where}.{place.key}"
            return
        listed = self.params.setdefault(place.name, [])
        ours = f"{place.name}[{len(listed)}]"
        self.names |= {ours: where, f"{ours}.{place.inner}": f"{where}.{place.key}"}
        listed.append({place.inner: value, **place.more})
        self._name(where, entry, f"<<<{CALLED[place.name]}_{len(listed)}>>>")

    def _name(self, where: str, entry: Mapping[str, Any], call: str) -> None:
        id = entry.get("id")
        if id is None:
            if entry["type"] == "element":
                self._refuse(f"{where}.id", "required", "missing; it takes the name in the prompt")
            return
        if not isinstance(id, str) or not 1 <= len(id) <= LONGEST_ID:
            message = f"it takes a name of 1 to {LONGEST_ID} characters"
            self._refuse(f"{where}.id", "wrong_form", message)
        elif id in self.calls:
            self._refuse(f"{where}.id", "repeated", "another entry has this name")
        else:
            self.calls[id] = call

    def _called(self, prompt: str) -> str:
        """The words with our calls in place of names, the longest name first."""
        if not self.calls:
            return prompt
        longest_first = sorted(self.calls, key=len, reverse=True)
        names = re.compile("@(" + "|".join(map(re.escape, longest_first)) + ")")
        return names.sub(lambda match: self.calls[match[1]], prompt)

    def _unknown(self, where: str, entry: Mapping[str, Any], known: tuple[str, ...]) -> None:
        extra = [name for name in entry if name not in ("type", *known)]
        hint = f"it takes {', '.join(known)}"
        self.problems += unknown_names(extra, where, lambda _: hint, ())

    def _refuse(self, where: str, code: str, message: str) -> None:
        self.problems.append(Problem(shorten(where), code, message))


def _number(value: object) -> object:
    """The id of an element, which is text here and a number there."""
    digits = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18
    return int(str(value)) if digits else value
