"""Requests for videos: read as Google's SDK sends them, turned into ours."""

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
from kirin.http.dialects.places import Places
from kirin.http.dialects.shapes import ShapeFinder
from kirin.http.dialects.veo.media import FRAMES, read_media
from kirin.http.dialects.veo.model_names import VeoName, named
from kirin.http.dialects.veo.operation_json import MODEL, NAME
from kirin.http.protocols.kirin_request import OPTIONS, read_request
from kirin.orchestration.request_validation import RequestValidator

ALIAS_SECONDS: Final = 8
ALIAS_SHAPE: Final = "16:9"
"""What Google's models make where nothing else is said."""

RENAMED: Final[Mapping[str, str]] = {
    "aspectRatio": "aspect_ratio",
    "durationSeconds": "duration",
    "negativePrompt": "negative_prompt",
    "seed": "seed",
}
"""Parameters that are ours under another name."""

ONLY: Final[Mapping[str, tuple[object, str]]] = {
    "sampleCount": (1, "a request makes one video: send one for each"),
    "numberOfVideos": (1, "a request makes one video: send one for each"),
    "personGeneration": ("allow_all", "no model here looks at who is in a video"),
    "enhancePrompt": (False, "prompts are taken word for word"),
}
"""Parameters that may only say what holds anyway, and why."""

REFUSED: Final[Mapping[str, str]] = {
    "compressionQuality": "videos are encoded in one quality",
    "fps": "frames per second follow from the model",
    "pubsubTopic": "send callback_url, which is told of the end",
    "resizeMode": "pictures are taken as they are",
    "storageUri": "videos are downloaded from here",
    "input": "it belongs to the native API",
    "dash_scope": "it belongs to the native API",
    "parameters": "it belongs to the native API",
}
"""Parameters that the dialect can say and no model can honour."""

OUTER: Final[Mapping[str, str]] = {
    "webhookConfig": "send parameters.callback_url, which is told of the end",
    "labels": "send parameters.metadata, which the task keeps",
}
"""The same of members beside ``instances`` and ``parameters``."""

BODY: Final = ("instances", "parameters")
"""Members of a body."""

SOUNDS: Final = {True: "on", False: "off"}


@dataclass
class VeoRequestReader:
    """Reads one request for a video.

    Attributes:
        account: whose elements and uploads it may name.
        model: that the address names.
        paths: by our path of a parameter, the one that it has here, as far as it was used.
    """

    catalogue: Catalogue
    validator: RequestValidator
    account: str
    model: str
    paths: dict[str, str] = field(default_factory=dict)

    def __call__(self, body: bytes) -> tuple[TaskRequest, tuple[bytes, ...]]:
        """What a body asks for, and what only a repetition of it shares with it.

        Raises:
            MalformedBody: it is no JSON object.
            InvalidParameters: with what is wrong.
            UnknownModel: there is no such model.
        """
        # The address completes the body; no JSON has the byte before it.
        return self._read(parse_object(body)), (body, b"\0" + self.model.encode())

    def _read(self, told: Mapping[str, Any]) -> TaskRequest:
        model = named(self.catalogue, self.model)
        problems: list[Problem] = []
        instance, given = _parts(told, problems)
        self.paths |= {name: name for name in told if name not in BODY}
        media = read_media(instance, problems)
        card = self._card(
            model, frames=media.frames, references=media.references, video=media.video
        )
        params = self._own(given, problems)
        if (prompt := instance.get("prompt")) is not None:
            params["prompt"] = prompt
            self.paths["prompt"] = "instances[0].prompt"
        places = Places(card, params, problems, self.paths, FRAMES)
        for part in media.parts:
            places.put(part)
        self._add_video(card, media.video, params, problems)
        self._add_sound(card, model, given.get("generateAudio"), params, problems)
        if problems:
            raise InvalidParameters(problems)
        self._add_shape(card, model, given.get("resolution"), params)
        asked = read_request({**params, "model": card.id}, self.catalogue)
        origin = {"dialect": NAME, MODEL: model.name}
        return replace(asked, options=replace(asked.options, origin=origin))

    def _card(self, model: VeoName, *, frames: bool, references: bool, video: str | None) -> Card:
        if (alias := model.alias) is None:
            return self.catalogue.get(model.name)
        if video is not None:
            return self.catalogue.get(alias.extends)
        if references:
            return self.catalogue.get(alias.references)
        return self.catalogue.get(alias.frames if frames else alias.words)

    def _own(self, given: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
        """The parameters of the model, under our names."""
        params: dict[str, Any] = {}
        said: dict[str, str] = {}
        for name, value in given.items():
            path = f"parameters.{shorten(name)}"
            if name in ONLY:
                right, why = ONLY[name]
                if value != right or type(value) is not type(right):
                    shown = right if isinstance(right, str) else str(right).lower()
                    message = f"it takes {shown} and nothing else: {why}"
                    problems.append(Problem(path, "not_an_option", message))
                continue
            if name in REFUSED:
                problems.append(Problem(path, "unknown_parameter", REFUSED[name]))
                continue
            if name in ("resolution", "generateAudio"):
                continue
            ours = RENAMED.get(name, name)
            if ours in params:
                message = f"it means the same as {said[ours]}: send one of them"
                problems.append(Problem(path, "not_in_this_combination", message))
            params[ours], said[ours] = value, path
            if ours != name:
                self.paths[ours] = path
        return params

    def _add_video(
        self, card: Card, video: str | None, params: dict[str, Any], problems: list[Problem]
    ) -> None:
        if video is None:
            return
        path = "instances[0].video"
        place = next((p for p in card.parameters if isinstance(p, VideoId)), None)
        if place is None:
            message = f"{card.id} does not go on from a video; kirin_duration_extension does"
            problems.append(Problem(path, "unknown_parameter", message))
            return
        params[place.name] = video
        self.paths[place.name] = f"{path}.uri"

    def _add_sound(
        self,
        card: Card,
        model: VeoName,
        wanted: object,
        params: dict[str, Any],
        problems: list[Problem],
    ) -> None:
        path = "parameters.generateAudio"
        has_sound = any(parameter.name == "sound" for parameter in card.parameters)
        if wanted is None:
            if model.alias is not None and model.alias.sound and has_sound:
                params.setdefault("sound", "on")
        elif not isinstance(wanted, bool):
            message = of_another_type("true or false", wanted)
            problems.append(Problem(path, "wrong_type", message))
        elif params.get("sound") is not None:
            message = "it means the same as parameters.sound: send one of them"
            problems.append(Problem(path, "not_in_this_combination", message))
        elif has_sound:
            params["sound"] = SOUNDS[wanted]
            self.paths["sound"] = path
        elif wanted:
            message = f"{card.id} makes no sound of its own"
            problems.append(Problem(path, "unknown_parameter", message))

    def _add_shape(
        self, card: Card, model: VeoName, resolution: object, params: dict[str, Any]
    ) -> None:
        """Add what makes the resolution that was asked for, and what an alias does by itself."""
        known = {parameter.name for parameter in card.parameters}
        modes = model.alias.modes if model.alias else ()
        if model.alias is not None:
            if "duration" in known:
                params.setdefault("duration", ALIAS_SECONDS)
            if "aspect_ratio" in known:
                params.setdefault("aspect_ratio", ALIAS_SHAPE)
        shape = None if "aspect_ratio" in known else params.pop("aspect_ratio", None)
        if resolution is None and shape is None:
            if modes and "mode" in known:
                params.setdefault("mode", modes[0])
            return
        bare = {n: v for n, v in params.items() if n not in OPTIONS}
        finder = ShapeFinder(self.validator, self.account, card, modes)
        found = finder.find(resolution, shape, bare)
        self.paths["resolution"] = "parameters.resolution"
        self.paths |= dict.fromkeys(found, "parameters.resolution")
        params |= found

    def renamed(self, refusal: InvalidParameters) -> InvalidParameters:
        """A refusal by our rules, in the words of the request."""
        return InvalidParameters([replace(p, param=self._name(p.param)) for p in refusal.problems])

    def _name(self, path: str) -> str:
        entry = path.partition("]")[0] + "]" if "]" in path else path
        if (known := self.paths.get(entry) or self.paths.get(head(path))) is not None:
            return known
        return path if path.startswith(BODY) else f"parameters.{path}"


def _parts(
    told: Mapping[str, Any], problems: list[Problem]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The instance and the parameters of a body."""
    extra = [name for name in told if name not in BODY]
    problems += unknown_names(
        extra, "", lambda name: OUTER.get(name, "a body has instances and parameters"), ()
    )
    instances, given = told.get("instances"), told.get("parameters")
    if given is not None and not isinstance(given, Mapping):
        message = of_another_type("an object", given)
        problems.append(Problem("parameters", "wrong_type", message))
        given = None
    if not isinstance(instances, list) or len(instances) != 1:
        message = 'it takes a list of exactly one object, such as [{"prompt": "..."}]'
        raise InvalidParameters([*problems, Problem("instances", "wrong_form", message)])
    (instance,) = instances
    if not isinstance(instance, Mapping):
        message = of_another_type("an object", instance)
        raise InvalidParameters([*problems, Problem("instances[0]", "wrong_type", message)])
    said = {name: value for name, value in (given or {}).items() if value is not None}
    return {name: value for name, value in instance.items() if value is not None}, said
