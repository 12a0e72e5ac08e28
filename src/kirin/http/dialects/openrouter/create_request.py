"""Requests for videos: read as the SDKs of OpenRouter send them, turned into ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kirin.catalogue.card import Card, head
from kirin.catalogue.references import VideoId
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.shown_values import of_another_type
from kirin.catalogue.structures import shorten, unknown_names
from kirin.domain.request import TaskRequest
from kirin.errors import InvalidParameters, Problem
from kirin.http.bodies import parse_object
from kirin.http.dialects.openrouter.media import FRAMES, REFERENCES, read_parts
from kirin.http.dialects.openrouter.model_names import Slug, card_of
from kirin.http.dialects.places import Places
from kirin.http.dialects.shapes import ShapeFinder
from kirin.http.dialects.sizes import SizeFinder
from kirin.http.protocols.kirin_request import OPTIONS, read_request
from kirin.orchestration.request_validation import RequestValidator

NAME: Final = "openrouter"
"""Of the dialect, as tasks keep it."""

REFUSED: Final[Mapping[str, str]] = {
    "creativity": "no model here makes videos larger",
    "upscale_factor": "no model here makes videos larger",
    "input": "it belongs to the native API",
    "dash_scope": "it belongs to the native API",
    "parameters": "it belongs to the native API",
}
"""What the dialect can say and no model can honour."""

NOTED: Final[Mapping[str, type]] = {"user": str, "session_id": str, "trace": dict}
"""What a task keeps in its metadata, for whoever reads it there."""

PROVIDERS: Final = ("kirin", "kling", "klingai", "kwaivgi")
"""Under which names ``provider.options`` has parameters of the model."""

SOUNDS: Final = {True: "on", False: "off"}


@dataclass
class VideoOrderReader:
    """Reads one request for a video.

    Attributes:
        account: whose elements and uploads it may name.
        names: by our name of a parameter, the one that it has here, as far as it was used.
    """

    catalogue: Catalogue
    validator: RequestValidator
    account: str
    names: dict[str, str] = field(default_factory=dict)

    def __call__(self, body: bytes) -> tuple[TaskRequest, tuple[bytes, ...]]:
        """What a body asks for, and what only a repetition of it shares with it.

        Raises:
            MalformedBody: it is no JSON object.
            InvalidParameters: with what is wrong.
            UnknownModel: there is no such model.
        """
        return self._read(parse_object(body)), (body,)

    def _read(self, told: Mapping[str, Any]) -> TaskRequest:
        given = {name: value for name, value in told.items() if value is not None}
        name = given.pop("model", None)
        if not isinstance(name, str) or not name:
            raise InvalidParameters([Problem("model", "required", "it takes the name of a model")])
        problems: list[Problem] = []
        frames = read_parts(given.pop(FRAMES, None), FRAMES, problems)
        references = read_parts(given.pop(REFERENCES, None), REFERENCES, problems)
        card, slug = card_of(self.catalogue, name, with_frames=bool(frames))
        refused = [name for name in given if name in REFUSED]
        problems += [Problem(name, "unknown_parameter", REFUSED[name]) for name in refused]
        size, resolution = given.pop("size", None), given.pop("resolution", None)
        params = {n: v for n, v in given.items() if n not in (*REFUSED, *NOTED, "provider")}
        params |= _options(given.get("provider"), params, problems)
        self._note(given, params, problems)
        places = Places(card, params, problems, self.names)
        for part in (*frames, *references):
            places.put(part)
        self._add_sound(card, slug, params, problems)
        self._add_previous(card, params, problems)
        if size is not None and resolution is not None:
            message = "it says what size says: send one of them"
            problems.append(Problem("resolution", "not_in_this_combination", message))
        if problems:
            raise InvalidParameters(problems)
        self._add_shape(card, slug.modes if slug else (), (size, resolution), params)
        asked = read_request({**params, "model": card.id}, self.catalogue)
        return replace(asked, options=replace(asked.options, origin={"dialect": NAME}))

    def _add_sound(
        self, card: Card, slug: Slug | None, params: dict[str, Any], problems: list[Problem]
    ) -> None:
        wanted = params.pop("generate_audio", None)
        has_sound = any(parameter.name == "sound" for parameter in card.parameters)
        if wanted is None:
            if slug is not None and slug.sound and has_sound:
                params.setdefault("sound", "on")
        elif not isinstance(wanted, bool):
            message = of_another_type("true or false", wanted)
            problems.append(Problem("generate_audio", "wrong_type", message))
        elif params.get("sound") is not None:
            message = "it means the same as sound: send one of them"
            problems.append(Problem("generate_audio", "not_in_this_combination", message))
        elif has_sound:
            params["sound"] = SOUNDS[wanted]
            self.names["sound"] = "generate_audio"
        elif wanted:
            message = f"{card.id} makes no sound of its own"
            problems.append(Problem("generate_audio", "unknown_parameter", message))

    def _add_previous(self, card: Card, params: dict[str, Any], problems: list[Problem]) -> None:
        if (job := params.pop("previous_job_id", None)) is None:
            return
        place = next((p for p in card.parameters if isinstance(p, VideoId)), None)
        if place is None:
            message = f"{card.id} does not go on from a video; kirin_duration_extension does"
            problems.append(Problem("previous_job_id", "unknown_parameter", message))
            return
        params[place.name] = job
        self.names[place.name] = "previous_job_id"

    def _note(
        self, given: Mapping[str, Any], params: dict[str, Any], problems: list[Problem]
    ) -> None:
        noted: dict[str, Any] = {}
        for name, kind in NOTED.items():
            value = given.get(name)
            if value is not None and not isinstance(value, kind):
                takes = "a text" if kind is str else "an object"
                message = of_another_type(takes, value)
                problems.append(Problem(name, "wrong_type", message))
            elif value is not None:
                noted[name] = value
        if not noted:
            return
        beside = params.get("metadata")
        if isinstance(beside, dict | None):
            params["metadata"] = {**(beside or {}), **noted}
            self.names["metadata"] = "trace" if "trace" in noted else next(iter(noted))

    def _add_shape(
        self,
        card: Card,
        modes: tuple[str, ...],
        asked: tuple[object, object],
        params: dict[str, Any],
    ) -> None:
        """Add what makes the size or the resolution that was asked for, or the name's own mode."""
        size, resolution = asked
        shaped = any(parameter.name == "aspect_ratio" for parameter in card.parameters)
        shape = None if shaped else params.pop("aspect_ratio", None)
        bare = {n: v for n, v in params.items() if n not in OPTIONS}
        if size is not None:
            found = SizeFinder(self.validator, self.account, card, modes).find(size, bare)
            self.names |= dict.fromkeys(found, "size")
            params |= found
            return
        if resolution is not None or shape is not None:
            finder = ShapeFinder(self.validator, self.account, card, modes)
            found = finder.find(resolution, shape, bare)
            self.names |= dict.fromkeys(found, "resolution")
            params |= found
        elif modes:
            params.setdefault("mode", modes[0])

    def renamed(self, refusal: InvalidParameters) -> InvalidParameters:
        """A refusal by our rules, in the words of the request."""
        return InvalidParameters([replace(p, param=self._name(p.param)) for p in refusal.problems])

    def _name(self, path: str) -> str:
        entry = path.partition("]")[0] + "]" if "]" in path else path
        return self.names.get(entry) or self.names.get(head(path)) or path


def _options(
    given: object, params: Mapping[str, Any], problems: list[Problem]
) -> Mapping[str, Any]:
    """The parameters of the model in ``provider.options``."""
    if given is None:
        return {}
    found: dict[str, Any] = {}
    options = given.get("options", {}) if isinstance(given, Mapping) else None
    if not isinstance(given, Mapping) or not isinstance(options, Mapping):
        message = 'it takes {"options": {"kirin": {...}}} with parameters of the model'
        problems.append(Problem("provider", "wrong_type", message))
        return {}
    extra = [name for name in given if name != "options"]
    problems += unknown_names(extra, "provider", lambda _: "there is one provider here", ())
    for name, inner in options.items():
        path = f"provider.options.{shorten(name)}"
        if name not in PROVIDERS:
            message = f"there is one provider here: {PROVIDERS[0]}"
            problems.append(Problem(path, "unknown_parameter", message))
        elif not isinstance(inner, Mapping):
            message = of_another_type("an object", inner)
            problems.append(Problem(path, "wrong_type", message))
        else:
            for parameter, value in inner.items():
                if parameter in found or parameter in params:
                    where = f"{path}.{shorten(parameter)}"
                    problems.append(Problem(where, "not_in_this_combination", "send it once"))
                found[parameter] = value
    return found
