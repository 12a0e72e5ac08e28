"""Inputs of models under Replicate's names, turned into the family's parameters and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from kirin.catalogue.card import Card
from kirin.catalogue.shown_values import of_another_type, shown
from kirin.catalogue.structures import unknown_names
from kirin.errors import Problem
from kirin.http.dialects.replicate.model_names import NamedModel
from kirin.wire.replicate import IDLE_WITH_PICTURE, PICTURES, SHOTS, HostedModel, Input

SIZE: Final = "size"
"""Width x height: what programs may say in place of mode and shape."""

MODE: Final = "mode"

SCRIPT: Final = {"multi_shot": True, "shot_type": "customize"}
"""What the family wants beside a list of shots."""


@dataclass(slots=True)
class Translated:
    """What an input means.

    Attributes:
        card: the model that makes it.
        params: its parameters.
        names: by our name of a parameter, the one that it has in the input.
        ignored: names of members that have no effect there either.
        problems: what is wrong with it.
    """

    card: Card
    params: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add_problem(self, name: str, code: str, message: str) -> None:
        """Add a problem with a member of the input."""
        self.problems.append(Problem(name, code, message))


def translate(
    named: NamedModel, hosted: HostedModel, told: Mapping[str, Any], *, sized: bool
) -> Translated:
    """What an input for one of these models means.

    Args:
        told: the input without :data:`SIZE`; null and empty texts mean nothing.
        sized: whether it had that, which decides over the mode.
    """
    given = {name: value for name, value in told.items() if value not in (None, "")}
    inputs = {name: each for each in hosted.inputs for name in (each.name, *each.also)}
    pictured = any(inputs[name].parameter in PICTURES for name in given if name in inputs)
    found = Translated(named.cards[-1 if pictured else 0])
    names = [each.name for each in hosted.inputs]

    def explain(name: str) -> str:
        near = get_close_matches(name[:64], names, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"{named.name} takes {', '.join(names)}"
        return f"unknown parameter; {hint}"

    unknown = [name for name in given if name not in inputs]
    found.problems += unknown_names(unknown, "", explain, ())
    own = {n: v for n, v in hosted.defaults.items() if not (sized and n == MODE)}
    for name, value in {**own, **given}.items():
        if name in inputs:
            _translate(found, inputs[name], name, value, pictured=pictured)
    found.params = {**hosted.fixed, **found.params}
    return found


def _translate(
    found: Translated, member: Input, name: str, value: object, *, pictured: bool
) -> None:
    parameter = member.parameter
    if parameter not in {each.name for each in found.card.parameters}:
        if pictured and parameter == IDLE_WITH_PICTURE:
            found.ignored.append(name)
            return
        how = "with" if pictured else "without"
        message = f"this model does not take it {how} a picture"
        found.add_problem(name, "not_in_this_combination", message)
        return
    if parameter in found.names:
        message = f"it means the same as {found.names[parameter]}: send one of them"
        found.add_problem(name, "not_in_this_combination", message)
        return
    if member.words:
        if not isinstance(value, str | bool) or value not in member.words:
            options = ", ".join(json.dumps(each) for each in member.words)
            message = f"it takes one of {options}, not {shown(value)}"
            found.add_problem(name, "not_an_option", message)
            return
        value = member.words[value]
    if parameter == SHOTS:
        value = _shots(found, name, value)
        found.params |= SCRIPT
    found.params[parameter] = value
    found.names[parameter] = name


def _shots(found: Translated, name: str, value: object) -> object:
    """A list of shots as the family has it: with the place of each."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            found.add_problem(name, "wrong_form", "it takes a JSON array of shots, as text")
            return []
    if not isinstance(value, list):
        message = of_another_type("a JSON array of shots, as text", value)
        found.add_problem(name, "wrong_type", message)
        return []
    places = enumerate(value, 1)
    return [{"index": n, **each} if isinstance(each, dict) else each for n, each in places]


def told_again(hosted: HostedModel, params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a task as an input has them."""
    told: dict[str, Any] = {}
    for member in hosted.inputs:
        if (value := params.get(member.parameter)) is None:
            continue
        if member.parameter == SHOTS:
            value = json.dumps([{n: v for n, v in each.items() if n != "index"} for each in value])
        words = {ours: theirs for theirs, ours in member.words.items()}
        told[member.name] = words.get(value, value) if words else value
    return told
