"""Requests for tasks: a prompt or contents, settings, options; turned into our parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kirin.catalogue.card import Card
from kirin.catalogue.shown_values import of_another_type
from kirin.catalogue.structures import unknown_names
from kirin.domain.request import RequestOptions, TaskRequest
from kirin.errors import InvalidParameters, Problem
from kirin.http.bodies import parse_object
from kirin.http.dialects.kling_new.contents import ContentsReader
from kirin.http.dialects.kling_new.shots import shots_in
from kirin.wire import kling_new

NAME: Final = "kling_new"
"""Of the dialect, as tasks keep it."""

OPTIONS: Final = ("callback_url", "external_task_id", "watermark_info")
PLAIN: Final = ("aspect_ratio", "duration", "character_orientation")
"""Settings that are parameters of ours under the same names."""

PLACES: Final[Mapping[str, str]] = {
    "mode": "settings.resolution",
    "sound": "settings.audio",
    "keep_original_sound": "settings.audio",
    **{name: f"settings.{name}" for name in PLAIN},
    **{name: f"options.{name}" for name in OPTIONS},
    **dict.fromkeys(("image", "image_tail", "image_url", "video_url"), "contents"),
    **dict.fromkeys(("image_list", "video_list", "element_list"), "contents"),
}
"""Where parameters of ours stand in a request."""


@dataclass
class NewRequestReader:
    """Reads one request.

    Attributes:
        path: that it was sent to, without the name of the model.
        card: of the model that follows in it.
    """

    path: str
    card: Card
    _names: dict[str, str] = field(default_factory=dict)
    _problems: list[Problem] = field(default_factory=list)

    def __call__(self, body: bytes) -> tuple[TaskRequest, tuple[bytes, ...]]:
        """What a body asks for, and what only a repetition of it shares with it.

        Raises:
            MalformedBody: it is no JSON object.
            InvalidParameters: with what is wrong.
        """
        given = parse_object(body)
        said = "prompt" if self.path == kling_new.TEXT else "contents"
        self._unknown("", given, (said, "settings", "options"))
        taken = frozenset(parameter.name for parameter in self.card.parameters)
        params: dict[str, Any]
        if said == "prompt":
            params = {"prompt": given.get("prompt")}
            self._names |= {"prompt": "prompt", "multi_prompt": "prompt"}
        else:
            contents = ContentsReader(self.path, taken, self._problems)
            contents.read(given.get("contents"))
            params = contents.params
            self._names |= {"prompt": "contents", "multi_prompt": "contents"} | contents.names
        settings = self._object(given, "settings")
        options = self._object(given, "options")
        self._settings(settings, params, taken)
        self._unknown("options", options, OPTIONS)
        params |= {name: options[name] for name in OPTIONS if name in options}
        if self._problems:
            raise InvalidParameters(self._problems)
        origin = RequestOptions(origin={"dialect": NAME})
        identity = f"{self.path} {self.card.id}\n".encode()
        return TaskRequest(self.card.id, params, origin), (identity, body)

    def renamed(self, refusal: InvalidParameters) -> InvalidParameters:
        """A refusal by our rules, in the words of the request."""
        return InvalidParameters([replace(p, param=self._place(p.param)) for p in refusal.problems])

    def _place(self, path: str) -> str:
        known = {**PLACES, **self._names}
        ours = [name for name in known if path == name or path.startswith((f"{name}.", f"{name}["))]
        best = max(ours, key=len, default="")
        if not best:
            return path
        told = known[best]
        return told if best == "multi_prompt" else told + path.removeprefix(best)

    def _settings(
        self, given: Mapping[str, Any], params: dict[str, Any], taken: frozenset[str]
    ) -> None:
        plain = tuple(name for name in PLAIN if name in taken)
        sounds = self._sounds(taken)
        known = ("resolution", *plain)
        known += ("audio",) if len(sounds) > 1 else ()
        known += ("multi_shot",) if "multi_shot" in taken else ()
        self._unknown("settings", given, known)
        params |= {name: given[name] for name in plain if given.get(name) is not None}
        resolution = self._choice(given, "resolution", (*kling_new.RESOLUTIONS,))
        params["mode"] = kling_new.RESOLUTIONS[resolution]
        if len(sounds) > 1:
            self._sound(self._choice(given, "audio", sounds), params, taken)
        if "multi_shot" in taken:
            self._shots(given.get("multi_shot"), params)

    def _sounds(self, taken: frozenset[str]) -> tuple[str, ...]:
        """What ``audio`` may be, the default first."""
        if "keep_original_sound" in taken:
            return kling_new.ORIGINAL, kling_new.OFF
        own = (kling_new.NATIVE,) if "sound" in taken else ()
        its = (kling_new.ORIGINAL,) if "video_list" in taken else ()
        return kling_new.OFF, *own, *its

    def _sound(self, audio: str, params: dict[str, Any], taken: frozenset[str]) -> None:
        kept = "yes" if audio == kling_new.ORIGINAL else "no"
        if "keep_original_sound" in taken:
            params["keep_original_sound"] = kept
            return
        videos = params.get("video_list", [])
        if audio == kling_new.ORIGINAL and not videos:
            message = "original is the sound of a video, and there is none in contents"
            self._refuse("settings.audio", "not_in_this_combination", message)
        for video in videos:
            video["keep_original_sound"] = kept
        if "sound" in taken:
            params["sound"] = "on" if audio == kling_new.NATIVE else "off"

    def _shots(self, wanted: object, params: dict[str, Any]) -> None:
        if not isinstance(wanted, bool | None):
            message = of_another_type("true or false", wanted)
            self._refuse("settings.multi_shot", "wrong_type", message)
            return
        prompt = params.get("prompt")
        shots = shots_in(prompt) if isinstance(prompt, str) and wanted is not False else None
        if shots:
            del params["prompt"]
            params |= {"multi_shot": True, "shot_type": "customize", "multi_prompt": shots}

    def _choice(self, given: Mapping[str, Any], name: str, options: tuple[str, ...]) -> str:
        value = given.get(name)
        if value in (None, ""):
            return options[0]
        if isinstance(value, str) and value in options:
            return value
        message = f"this model takes {' or '.join(options)} here"
        self._refuse(f"settings.{name}", "not_an_option", message)
        return options[0]

    def _object(self, given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        value = given.get(name)
        if isinstance(value, dict):
            return value
        if value is not None:
            message = of_another_type("an object", value)
            self._refuse(name, "wrong_type", message)
        return {}

    def _unknown(self, where: str, given: Mapping[str, Any], known: tuple[str, ...]) -> None:
        extra = [name for name in given if name not in known]
        hint = f"there is {', '.join(known)}"
        self._problems += unknown_names(extra, where, lambda _: hint, ())

    def _refuse(self, where: str, code: str, message: str) -> None:
        self._problems.append(Problem(where, code, message))
