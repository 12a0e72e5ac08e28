"""Requests for predictions: read as Replicate's clients send them, turned into ours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kirin.catalogue.card import Card, head
from kirin.catalogue.parameters import Parameter
from kirin.catalogue.references import Picture, Sound
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.shown_values import of_another_type
from kirin.catalogue.structures import unknown_names
from kirin.domain.request import RequestOptions, TaskRequest
from kirin.errors import InvalidParameters, Problem
from kirin.http.bodies import parse_object
from kirin.http.dialects.replicate.inputs import SIZE, translate
from kirin.http.dialects.replicate.model_names import ModelNames, NamedModel
from kirin.http.dialects.replicate.prediction_json import FILTER, IGNORED, MODEL, NAME
from kirin.http.dialects.sizes import SizeFinder
from kirin.orchestration.request_validation import RequestValidator
from kirin.wire.replicate import COMPLETED, EVENTS

MEMBERS: Final = (
    "input",
    "webhook",
    "webhook_completed",
    "webhook_events_filter",
    "stream",
)
"""Of the body of a request, beside what names the model where the address does not."""

CALLBACK: Final = "callback_url"
"""Our parameter for what stands beside the input here."""

DATA_URL: Final = re.compile(r"data:[^,]{0,128};base64,", re.IGNORECASE)


@dataclass
class PredictionReader:
    """Reads one request for a prediction.

    Attributes:
        account: whose elements and uploads it may name.
        named: the model that the address names; ``None`` where the body does.
        names: by our name of a parameter, the one that it has in the request.
        read: whether the request itself was understood; what is wrong from then on is so by our
            names of parameters.
    """

    catalogue: Catalogue
    validator: RequestValidator
    models: ModelNames
    account: str
    named: NamedModel | None = None
    names: dict[str, str] = field(default_factory=dict)
    read: bool = False

    def __call__(self, body: bytes) -> tuple[TaskRequest, tuple[bytes, ...]]:
        """What a body asks for, and what only a repetition of it shares with it.

        Raises:
            MalformedBody: it is no JSON object.
            InvalidParameters: with what is wrong.
            UnknownModel: there is no such model.
        """
        told = {name: v for name, v in parse_object(body).items() if v is not None}
        problems: list[Problem] = []
        known = MEMBERS if self.named else (*MEMBERS, "version", "model")
        unknown = [name for name in told if name not in known]
        problems += unknown_names(unknown, "", lambda _: f"a request has {', '.join(known)}", ())
        named = self.named or self._named(told)
        given = told.get("input", {})
        if not isinstance(given, dict):
            message = of_another_type("an object", given)
            problems.append(Problem("input", "wrong_type", message))
            given = {}
        card, params, ignored = self._input(named, given, problems)
        events = self._webhook(told, params, problems)
        if problems:
            raise InvalidParameters(problems)
        origin: dict[str, Any] = {"dialect": NAME, MODEL: named.name}
        origin |= {FILTER: list(events)} if events is not None else {}
        origin |= {IGNORED: ignored} if ignored else {}
        self.read = True
        asked = TaskRequest(card.id, params, RequestOptions(origin=origin))
        return asked, (f"prediction of {named.name}\n".encode(), body)

    def _named(self, told: Mapping[str, Any]) -> NamedModel:
        """The model that a body names, in either of two members."""
        names = [name for name in ("version", "model") if name in told]
        if len(names) != 1 or not isinstance(told[names[0]], str):
            message = "send version, which takes owner/name or the id of a version"
            code = "required" if not names else "wrong_type"
            raise InvalidParameters([Problem("version", code, message)])
        return self.models.of_version(told[names[0]])

    def _input(
        self, named: NamedModel, given: Mapping[str, Any], problems: list[Problem]
    ) -> tuple[Card, dict[str, Any], list[str]]:
        """The model, its parameters, and the names of those without effect."""
        told = dict(given)
        size = None if _has(named.cards, SIZE) else told.pop(SIZE, None)
        ignored: list[str] = []
        if named.hosted is None:
            (card,) = named.cards
            params = {n: v for n, v in told.items() if v is not None}
            self.names |= {name: f"input.{name}" for name in params}
            if params.pop(CALLBACK, None) is not None:
                message = "send webhook, beside the input"
                problems.append(Problem(f"input.{CALLBACK}", "unknown_parameter", message))
        else:
            found = translate(named, named.hosted, told, sized=size not in (None, ""))
            card, params, ignored = found.card, found.params, found.ignored
            self.names |= {ours: f"input.{theirs}" for ours, theirs in found.names.items()}
            self.names |= {
                each.parameter: f"input.{each.name}"
                for each in named.hosted.inputs
                if each.parameter not in self.names
            }
            problems += [replace(p, param=f"input.{p.param}") for p in found.problems]
        params = _without_prefixes(card.parameters, params)
        if size not in (None, "") and not problems:
            params |= self._sized(card, size, params)
        return card, params, ignored

    def _sized(self, card: Card, size: object, params: Mapping[str, Any]) -> Mapping[str, str]:
        try:
            found = SizeFinder(self.validator, self.account, card).find(size, params)
        except InvalidParameters as refusal:
            raise self._renamed(refusal) from None
        self.names |= dict.fromkeys(found, f"input.{SIZE}")
        return found

    def _webhook(
        self, told: Mapping[str, Any], params: dict[str, Any], problems: list[Problem]
    ) -> Sequence[str] | None:
        """Add the address that is told of changes; returns the events, where some are named."""
        if told.get("stream"):
            message = "a video is not streamed: follow the prediction by urls.get or a webhook"
            problems.append(Problem("stream", "not_an_option", message))
        events = told.get("webhook_events_filter")
        if events is not None and (
            not isinstance(events, list) or not all(each in EVENTS for each in events)
        ):
            message = f"it takes a list of {', '.join(EVENTS)}"
            problems.append(Problem("webhook_events_filter", "not_an_option", message))
            events = None
        names = [name for name in ("webhook", "webhook_completed") if told.get(name)]
        if len(names) > 1:
            message = "there is one webhook: send webhook with webhook_events_filter"
            problems.append(Problem("webhook_completed", "not_in_this_combination", message))
        elif names:
            params[CALLBACK] = told[names[0]]
            self.names[CALLBACK] = names[0]
            if names == ["webhook_completed"]:
                events = [COMPLETED]
        return events

    def renamed(self, refusal: InvalidParameters) -> InvalidParameters:
        """A refusal by our rules, in the words of the request."""
        return self._renamed(refusal) if self.read else refusal

    def _renamed(self, refusal: InvalidParameters) -> InvalidParameters:
        return InvalidParameters([replace(p, param=self._name(p.param)) for p in refusal.problems])

    def _name(self, path: str) -> str:
        first = head(path)
        if first in self.names:
            return self.names[first] + path.removeprefix(first)
        return f"input.{path}" if path else "input"


def _has(cards: Sequence[Card], name: str) -> bool:
    return any(parameter.name == name for card in cards for parameter in card.parameters)


def _without_prefixes(parameters: Sequence[Parameter], params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters, with data: URLs as the base64 that pictures and sounds are given as."""
    known = {parameter.name: parameter for parameter in parameters}
    return {
        name: _without_prefix(known[name], value) if name in known else value
        for name, value in params.items()
    }


def _without_prefix(parameter: Parameter, value: Any) -> Any:
    if isinstance(value, str) and isinstance(parameter, Picture | Sound):
        return DATA_URL.sub("", value, count=1) if DATA_URL.match(value) else value
    if isinstance(value, dict):
        return _without_prefixes(parameter.children(), value)
    if isinstance(value, list) and parameter.children():
        return [_without_prefix(parameter, each) for each in value]
    return value
