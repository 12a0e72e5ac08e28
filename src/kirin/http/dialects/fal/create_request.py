"""Requests as the clients of fal send them: the input of an endpoint, turned into ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kirin.catalogue.card import Card, head
from kirin.catalogue.parameters import Choice, Parameter, Seconds
from kirin.catalogue.references import MediaParameter
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.structures import ListOf, shorten
from kirin.domain.request import TaskRequest
from kirin.errors import InvalidParameters, Problem
from kirin.http.bodies import parse_object
from kirin.http.dialects.data_urls import without_prefix
from kirin.http.dialects.fal.endpoints import ENDPOINT, NAME, START_BY
from kirin.http.protocols.kirin_request import OPTIONS, read_request
from kirin.wire.fal import DEFAULTS, WEBHOOK, WORDS, FalEndpoint

CALLBACK: Final = "callback_url"

RENAMED: Final[Mapping[str, str]] = {
    "image_url": "image",
    "start_image_url": "image",
    "tail_image_url": "image_tail",
    "end_image_url": "image_tail",
    "static_mask_url": "static_mask",
    "generate_audio": "sound",
}
"""Our names for parameters of fal's, for models that have these."""

FRAMES: Final[Mapping[str, str]] = {"image": "first_frame", "image_tail": "end_frame"}
"""Types of pictures in a list of them, for models that have no parameter for each."""

PICTURES: Final = ("image_urls", "input_image_urls")
"""Lists of pictures, each of which is an entry of ``image_list``."""

ENTRY: Final = re.compile(r"image_list\[(\d{1,4})\]")

SHAPE: Final = "16:9"
"""Of a video from words where nothing is said of it."""

REFUSED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("seed", "cache"), "it is unknown to this endpoint; the native API takes it"),
    **dict.fromkeys(("model", "input"), "it is not taken here: the address names the endpoint"),
}
"""What belongs to the native API, where a body says more than its parameters."""

SWITCHES: Final[Mapping[str, tuple[str, str]]] = {
    "sound": ("off", "on"),
    "keep_original_sound": ("no", "yes"),
}
"""What true and false are for our parameters."""


@dataclass
class FalRequestReader:
    """Reads the input of an endpoint.

    Attributes:
        name: of the endpoint, as the address has it.
        endpoint: what it adds to the model; ``None`` for a model by its id.
        webhook: where the end of the request is to be told.
        start_by: when it is no longer to start, Unix milliseconds.
        names: by our name of a parameter, the one that it has here, as far as it was used.
        pictures: the name of each entry of ``image_list``; empty for one that was sent so.
    """

    catalogue: Catalogue
    card: Card
    name: str
    endpoint: FalEndpoint | None
    webhook: str | None = None
    start_by: int | None = None
    names: dict[str, str] = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)

    def __call__(self, body: bytes) -> tuple[TaskRequest, tuple[bytes, ...]]:
        """What a body asks for, and what only a repetition of it shares with it.

        Raises:
            MalformedBody: it is no JSON object.
            InvalidParameters: with what is wrong.
        """
        given = parse_object(body) if body.strip() else {}
        asked = self._read(given)
        beside = f"\0{self.name}\0{self.webhook or ''}".encode(errors="replace")
        return asked, (body, beside)

    def _read(self, given: Mapping[str, Any]) -> TaskRequest:
        problems: list[Problem] = []
        params: dict[str, Any] = {}
        for name, value in given.items():
            if value is None or (self.endpoint is not None and self._says_nothing(name, value)):
                continue
            if name in REFUSED:
                problems.append(Problem(name, "unknown_parameter", REFUSED[name]))
                continue
            self._add(name, value, params, problems)
        if self.webhook:
            self._put(CALLBACK, WEBHOOK, self.webhook, params, problems)
        if problems:
            raise InvalidParameters(problems)
        self._complete(params)
        asked = read_request({**params, "model": self.card.id}, self.catalogue)
        origin: dict[str, Any] = {"dialect": NAME, ENDPOINT: self.name}
        if self.start_by is not None:
            origin[START_BY] = self.start_by
        return replace(asked, options=replace(asked.options, origin=origin))

    def _says_nothing(self, name: str, value: object) -> bool:
        """Whether the model has no such parameter, and the value is what it means without."""
        ours = RENAMED.get(name, name)
        return ours not in self._parameters and name in DEFAULTS and DEFAULTS[name] == value

    @property
    def _parameters(self) -> Mapping[str, Parameter]:
        return {parameter.name: parameter for parameter in self.card.parameters}

    def _add(self, name: str, value: Any, params: dict[str, Any], problems: list[Problem]) -> None:
        """Take one member of the input in."""
        known = self._parameters
        ours = RENAMED.get(name, name)
        if name in known or name in OPTIONS:
            ours = name
        elif ours in FRAMES and ours not in known and "image_list" in known:
            if _typed(known["image_list"]):
                entry = {"image_url": _bare(value), "type": FRAMES[ours]}
                self._append(name, [entry], params, problems)
                return
        elif name in PICTURES and isinstance(value, list) and "image_list" in known:
            member = "image_url" if _typed(known["image_list"]) else "image"
            self._append(name, [{member: _bare(each)} for each in value], params, problems)
            return
        if ours not in known:
            ours = name
        self._put(ours, name, self._translated(known.get(ours), value), params, problems)

    def _put(
        self, ours: str, name: str, value: Any, params: dict[str, Any], problems: list[Problem]
    ) -> None:
        if params.get(ours) is not None:
            message = f"it means the same as {self.names.get(ours, ours)}: send one of them"
            problems.append(Problem(shorten(name), "not_in_this_combination", message))
            return
        params[ours] = value
        if ours != name:
            self.names[ours] = name

    def _append(
        self, name: str, entries: list[Any], params: dict[str, Any], problems: list[Problem]
    ) -> None:
        if (given := params.get("image_list")) is not None and not isinstance(given, list):
            message = "send image_list as a list, or not at all"
            problems.append(Problem(shorten(name), "not_in_this_combination", message))
            return
        self.pictures += [""] * (len(given or []) - len(self.pictures))
        self.pictures += [name] * len(entries)
        params["image_list"] = [*(given or []), *entries]

    def _translated(self, parameter: Parameter | None, value: Any) -> Any:
        """A value as our parameter takes it; any other as it is, for the model to refuse."""
        if parameter is None:
            return value
        if isinstance(value, bool) and parameter.name in SWITCHES:
            return SWITCHES[parameter.name][value]
        if isinstance(parameter, Seconds) and isinstance(value, str):
            return value.removesuffix("s")
        if parameter.name in TRANSLATED and self.endpoint is not None:
            return TRANSLATED[parameter.name](value)
        return _with_bare_media(parameter, value)

    def _complete(self, params: dict[str, Any]) -> None:
        """Add what the endpoint means beside its input."""
        known = self._parameters
        if "multi_prompt" in params and self.endpoint is not None and "multi_shot" in known:
            params.setdefault("multi_shot", True)
            params.setdefault("shot_type", "customize")
        if self.endpoint is None:
            return
        if self.endpoint.mode and "mode" in known:
            params.setdefault("mode", self.endpoint.mode)
        if self.name.endswith(f"/{WORDS}") and "aspect_ratio" in known:
            params.setdefault("aspect_ratio", SHAPE)
        # A last picture makes 2.6 silent; 3 sounds with one.
        silent = "image_tail" in params and "multi_shot" not in known
        if self.endpoint.sound and "sound" in known and not silent:
            params.setdefault("sound", "on")

    def renamed(self, refusal: InvalidParameters) -> InvalidParameters:
        """A refusal by our rules, in the words of the request."""
        return InvalidParameters([replace(p, param=self._name(p.param)) for p in refusal.problems])

    def _name(self, path: str) -> str:
        first = head(path)
        if entry := ENTRY.match(path):
            number = int(entry[1])
            return (self.pictures[number : number + 1] or [""])[0] or path
        name = self.names.get(first)
        return path if name is None else name + path.removeprefix(first)


def _typed(parameter: Parameter) -> bool:
    """Whether the pictures of a list have types."""
    return isinstance(parameter, ListOf) and any(
        isinstance(each, Choice) for each in parameter.children()
    )


def _bare(value: Any) -> Any:
    return without_prefix(value) if isinstance(value, str) else value


def _with_bare_media(parameter: Parameter, value: Any) -> Any:
    """A value whose pictures and sounds have lost the prefix of ``data:`` URLs."""
    if isinstance(parameter, MediaParameter):
        return _bare(value)
    if isinstance(parameter, ListOf) and isinstance(value, list):
        inner = {each.name: each for each in parameter.children()}
        return [
            {n: _with_bare_media(inner[n], v) if n in inner else v for n, v in entry.items()}
            if isinstance(entry, dict)
            else entry
            for entry in value
        ]
    return value


def _shots(value: Any) -> Any:
    """The shots of a script, numbered as they stand."""
    if not isinstance(value, list):
        return value
    return [
        {"index": number, "duration": "5", **shot} if isinstance(shot, dict) else shot
        for number, shot in enumerate(value, 1)
    ]


def _camera(value: Any) -> Any:
    """A move of the camera, which is one word there."""
    return {"type": value} if isinstance(value, str) else value


def _masks(value: Any) -> Any:
    """Brushes, whose mask has another name there."""
    if not isinstance(value, list):
        return value
    return [
        {"mask" if n == "mask_url" else n: _bare(v) for n, v in mask.items()}
        if isinstance(mask, dict)
        else mask
        for mask in value
    ]


TRANSLATED: Final[Mapping[str, Callable[[Any], Any]]] = {
    "multi_prompt": _shots,
    "camera_control": _camera,
    "dynamic_masks": _masks,
}
"""Parameters that have another form at the endpoints of fal."""
