"""Requests for videos: read as the SDKs of OpenAI send them, turned into ours."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kirin.catalogue.card import Card, head
from kirin.catalogue.parameters import Choice, Parameter
from kirin.catalogue.references import Picture
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.shown_values import of_another_type
from kirin.catalogue.structures import ListOf, shorten, unknown_names
from kirin.domain.limits import ImageLimits
from kirin.domain.request import TaskRequest
from kirin.errors import InvalidParameters, Problem
from kirin.http.bodies import parse_object
from kirin.http.dialects.data_urls import without_prefix
from kirin.http.dialects.openai.model_names import (
    DEFAULT,
    Alias,
    alias_of,
    known,
    picture_parameter,
)
from kirin.http.dialects.sizes import SizeFinder
from kirin.http.files.form_objects import (
    FormFile,
    form_object,
    identity,
    is_form,
    parse_form,
    typed,
)
from kirin.http.protocols.kirin_request import OPTIONS, read_request
from kirin.orchestration.request_validation import RequestValidator

NAME: Final = "openai"
"""Of the dialect, as tasks keep it."""

ALIAS_SECONDS: Final = "4"
ALIAS_SHAPE: Final = "9:16"
"""What OpenAI's models make where nothing else is said."""

SWITCHES: Final = {"true": True, "false": False}


@dataclass
class VideoRequestReader:
    """Reads one request for a video.

    Attributes:
        account: whose elements and uploads it may name.
        content_type: of its body.
        names: by our name of a parameter, the one that it has here, as far as it was used.
    """

    catalogue: Catalogue
    validator: RequestValidator
    account: str
    content_type: str | None
    names: dict[str, str] = field(default_factory=dict)

    def __call__(self, body: bytes) -> tuple[TaskRequest, tuple[bytes, ...]]:
        """What a body asks for, and what only a repetition of it shares with it.

        Raises:
            MalformedBody: it is neither a JSON object nor a form.
            InvalidParameters: with what is wrong.
            UnknownModel: there is no such model.
        """
        if not is_form(self.content_type):
            return self._read(parse_object(body)), (body,)
        fields = parse_form(body, self.content_type)
        told = form_object(fields)
        return self._read(told, from_form=True), tuple(identity(fields))

    def _read(self, told: Mapping[str, Any], *, from_form: bool = False) -> TaskRequest:
        given = {name: value for name, value in told.items() if value not in (None, "")}
        if wrong := [name for name in ("model", "seconds", "size") if _has_file(given.get(name))]:
            raise InvalidParameters([_no_file(name) for name in wrong])
        name = given.pop("model", DEFAULT)
        if not isinstance(name, str):
            raise InvalidParameters(
                [Problem("model", "wrong_type", of_another_type("a name", name))]
            )
        name = known(self.catalogue, name)
        problems: list[Problem] = []
        size, seconds = given.pop("size", None), given.pop("seconds", None)
        picture = _picture(given.pop("input_reference", None), problems)
        alias = alias_of(name)
        card = self._card(name, alias, with_picture=picture is not None)
        if from_form:
            given = typed(card.parameters, given)
            given |= {n: SWITCHES.get(v, v) for n, v in given.items() if OPTIONS.get(n) is bool}
            if isinstance(seed := given.get("seed"), str) and seed.isdecimal():
                given["seed"] = int(seed)
        params = dict(_with_files(card, given, problems))
        problems += unknown_names(
            [each for each in ("input", "dash_scope", "parameters") if each in params],
            "",
            lambda _: "it belongs to the native API",
            (),
        )
        self._add_picture(card, picture, params, problems)
        self._add_seconds(seconds, params, problems)
        if alias is not None:
            self._add_defaults(card, alias, size, params)
        if problems:
            raise InvalidParameters(problems)
        if size is not None:
            modes = alias.modes if alias else ()
            bare = {n: v for n, v in params.items() if n not in OPTIONS}
            found = SizeFinder(self.validator, self.account, card, modes).find(size, bare)
            params |= found
            self.names |= dict.fromkeys(found, "size")
        asked = read_request({**params, "model": card.id}, self.catalogue)
        return replace(asked, options=replace(asked.options, origin={"dialect": NAME}))

    def _card(self, name: str, alias: Alias | None, *, with_picture: bool) -> Card:
        if alias is None:
            return self.catalogue.get(name)
        return self.catalogue.get(alias.picture if with_picture else alias.words)

    def _add_picture(
        self, card: Card, picture: str | None, params: dict[str, Any], problems: list[Problem]
    ) -> None:
        if picture is None:
            return
        place = picture_parameter(card)
        if place is None:
            others = [each.id for each in self.catalogue if picture_parameter(each)]
            twin = card.id.replace("_t2v", "_i2v")
            hint = f"; {twin} does" if twin in others else ""
            message = f"{card.id} takes no picture{hint}"
            problems.append(Problem("input_reference", "unknown_parameter", message))
            return
        name, inner = place
        if params.get(name) is not None:
            message = f"it means the same as {name}: send one of them"
            problems.append(Problem("input_reference", "not_in_this_combination", message))
            return
        params[name] = [{inner: picture}] if inner else picture
        self.names[name] = "input_reference"

    def _add_seconds(
        self, seconds: object, params: dict[str, Any], problems: list[Problem]
    ) -> None:
        if seconds is None:
            return
        if params.get("duration") is not None:
            message = "it means the same as duration: send one of them"
            problems.append(Problem("seconds", "not_in_this_combination", message))
            return
        params["duration"] = seconds
        self.names["duration"] = "seconds"

    def _add_defaults(self, card: Card, alias: Alias, size: object, params: dict[str, Any]) -> None:
        """What the names of OpenAI's models mean where nothing else is said."""
        params.setdefault("duration", ALIAS_SECONDS)
        self.names.setdefault("duration", "seconds")
        if size is not None:
            return
        choices = {p.name: p for p in card.parameters if isinstance(p, Choice)}
        if "mode" in choices:
            params.setdefault("mode", alias.modes[0])
        if "aspect_ratio" in choices:
            params.setdefault("aspect_ratio", ALIAS_SHAPE)

    def renamed(self, refusal: InvalidParameters) -> InvalidParameters:
        """A refusal by our rules, in the words of the request."""
        return InvalidParameters([replace(p, param=self._name(p.param)) for p in refusal.problems])

    def _name(self, path: str) -> str:
        first = head(path)
        if (name := self.names.get(first)) is None:
            return path
        return name if name == "input_reference" else name + path.removeprefix(first)


def _picture(given: object, problems: list[Problem]) -> str | None:
    """The picture of a request: a URL, or base64 without a prefix."""
    if isinstance(given, list) and len(given) == 1:
        (given,) = given
    if given is None:
        return None
    if isinstance(given, FormFile):
        return _base64(given, ImageLimits(), "input_reference", problems)
    if isinstance(given, Mapping):
        if unknown := [name for name in given if name != "image_url"]:
            why = "there are no files by id here: " if "file_id" in unknown else ""
            message = f"{why}send image_url, a URL or a data: URL, or a file in a form"
            where = f"input_reference.{shorten(unknown[0])}"
            problems.append(Problem(where, "unknown_parameter", message))
            return None
        given = given.get("image_url")
    if not isinstance(given, str) or not given.strip():
        message = 'it takes a file, or {"image_url": "..."} with a URL or a data: URL'
        problems.append(Problem("input_reference", "wrong_type", message))
        return None
    return without_prefix(given)


def _with_files(
    card: Card, given: Mapping[str, Any], problems: list[Problem]
) -> Iterator[tuple[str, Any]]:
    """The parameters, with files as base64 where the model takes pictures."""
    known = {parameter.name: parameter for parameter in card.parameters}
    for name, value in given.items():
        parameter = known.get(name)
        if isinstance(parameter, ListOf) and isinstance(value, list):
            inner = {each.name: each for each in parameter.children()}
            value = [  # noqa: PLW2901
                {n: _file(inner.get(n), n, v, problems) for n, v in entry.items()}
                if isinstance(entry, dict)
                else entry
                for entry in value
            ]
        else:
            value = _file(parameter, name, value, problems)  # noqa: PLW2901
        if _has_file(value):
            problems.append(_no_file(name))
        elif value is not None:
            yield name, value


def _file(parameter: Parameter | None, name: str, value: Any, problems: list[Problem]) -> Any:
    """A value; of a file for a picture its base64, or ``None`` if it is too large."""
    if isinstance(parameter, Picture) and isinstance(value, FormFile):
        return _base64(value, parameter.limits, name, problems)
    return value


def _base64(file: FormFile, limits: ImageLimits, name: str, problems: list[Problem]) -> str | None:
    if len(file.data) > limits.max_bytes:
        message = f"the picture has {len(file.data):,} bytes; at most {limits.max_bytes:,} may be"
        problems.append(Problem(name, "too_many_bytes", message, ("C-2",)))
        return None
    return b64encode(file.data).decode()


def _no_file(name: str) -> Problem:
    message = "no file is taken here: send pictures as input_reference"
    return Problem(shorten(name), "wrong_type", message)


def _has_file(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_file, value.values()))
    if isinstance(value, list):
        return any(map(_has_file, value))
    return isinstance(value, FormFile)
