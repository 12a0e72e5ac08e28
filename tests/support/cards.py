"""Models of the catalogue as parameters of tests: one that is added is tested by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import pytest

from kirin.catalogue.card import Card
from kirin.catalogue.parameters import Parameter
from kirin.catalogue.references import Picture, VideoId
from kirin.catalogue.registry import built_in
from kirin.domain.limits import ImageLimits

CARDS = tuple(built_in())

Found = tuple[Card, Parameter]
"""A parameter, and whose it is."""

T2V = "kirin_v1_6_t2v"
I2V = "kirin_v1_i2v"
MULTI = "kirin_v1_6_multi_i2v"
V3 = "kirin_v3_i2v"
MOTION = "kirin_v3_motion_control"
OMNI = "kirin_v3_omni_video"
O1 = "kirin_video_o1"
ELEMENTS = "kirin_custom_elements"
FACES = "kirin_identify_face"
LIPS = "kirin_lipsync"


def having(name: str, **facts: Any) -> pytest.MarkDecorator:
    """The test gets as ``card`` each model that has a parameter of that name and facts."""
    return _cards([(card, p) for card, p in _parameters(facts) if p.name == name])


def each_kind_of(name: str, **facts: Any) -> pytest.MarkDecorator:
    """The same, but of models whose parameters do the same only the first.

    For what is asked over HTTP: that all do the same is asked of the cards.
    """
    return _cards(_distinct([(card, p) for card, p in _parameters(facts) if p.name == name]))


def each_kind_of_picture() -> pytest.MarkDecorator:
    """The test gets as ``card`` and ``name`` a picture with the common limits, of each kind."""
    found = [(card, p) for card, p in _parameters({"limits": ImageLimits()})]
    return _places(_distinct([(card, p) for card, p in found if isinstance(p, Picture)]))


@dataclass(frozen=True)
class PicturePlace:
    """A place for a picture, however deep it is.

    Attributes:
        path: JSON path, with 0 for each index.
        limits: what it asks of a picture.
    """

    card: Card
    path: str
    limits: ImageLimits

    def params(self, picture: str) -> dict[str, Any]:
        """A good request that has this picture in the place."""
        steps = re.findall(r"\w+", self.path)
        (top,) = (p for p in self.card.parameters if p.name == steps[0])
        params = deepcopy({top.name: top.example} | using(self.card, top.name))
        holder: Any = params
        for step in steps[:-1]:
            holder = holder[int(step) if step.isdigit() else step]
        holder[steps[-1]] = picture
        if steps[-1] == "image":
            holder.pop("image_url", None)  # the other name of the same thing
        return params


def each_picture_place() -> pytest.MarkDecorator:
    """The test gets as ``place`` every place for a picture that there is in any model."""
    return pytest.mark.parametrize("place", _all_places(), ids=lambda p: f"{p.card.id}.{p.path}")


def each_kind_of_place() -> pytest.MarkDecorator:
    """The same, but of places that ask the same and are as deep only the first."""
    kinds = {
        (place.limits, re.sub(r"\w+", "x", place.path)): place for place in _all_places()[::-1]
    }
    places = [*kinds.values()][::-1]
    return pytest.mark.parametrize("place", places, ids=lambda p: f"{p.card.id}.{p.path}")


def _all_places() -> list[PicturePlace]:
    return [place for card in CARDS for place in _picture_places(card, card.parameters, "")]


def _picture_places(
    card: Card, parameters: Sequence[Parameter], prefix: str
) -> Iterator[PicturePlace]:
    for parameter in parameters:
        path = f"{prefix}{parameter.name}"
        if isinstance(parameter, Picture):
            yield PicturePlace(card, path, parameter.limits)
        inside = f"{path}[0]." if parameter.type == "array" else f"{path}."
        yield from _picture_places(card, parameter.children(), inside)


def each_prompt() -> pytest.MarkDecorator:
    """The test gets as ``card`` and ``name`` each prompt, what to show and what not."""
    return _places(_prompts())


def each_kind_of_prompt() -> pytest.MarkDecorator:
    """The same, but of prompts that do the same only the first."""
    return _places(_distinct(_prompts()))


def _prompts() -> list[Found]:
    names = ("prompt", "negative_prompt")
    return [(card, p) for card, p in _parameters({}) if p.name in names]


def _distinct(found: list[Found]) -> list[Found]:
    """The first of all that differ in wording alone."""
    kinds: dict[Parameter, Found] = {}
    for card, p in found:
        plain = replace(p, name="", description="", rules=(), example=None)
        kinds.setdefault(plain, (card, p))
    return [*kinds.values()]


def _parameters(facts: Mapping[str, Any]) -> list[Found]:
    return [
        (card, p)
        for card in CARDS
        for p in card.parameters
        if all(getattr(p, name, None) == value for name, value in facts.items())
    ]


def _cards(found: list[Found]) -> pytest.MarkDecorator:
    cards = [card for card, _ in found]
    return pytest.mark.parametrize("card", cards, ids=[card.id for card in cards])


def _places(found: list[Found]) -> pytest.MarkDecorator:
    places = [(card, p.name) for card, p in found]
    ids = [f"{card.id}.{name}" for card, name in places]
    return pytest.mark.parametrize(("card", "name"), places, ids=ids)


def said(card: Card, params: Mapping[str, Any]) -> dict[str, str]:
    """The code of each path that a check refuses."""
    return {problem.param: problem.code for problem in card.check(params).problems}


def good(card: Card, **changes: Any) -> dict[str, Any]:
    """Good parameters for a model, with some changed."""
    return dict(card.examples[0]) | changes


def using(card: Card, name: str, **changes: Any) -> dict[str, Any]:
    """Good parameters in which one of this name is in place, with some changed."""
    found = next((example for example in card.examples if name in example), card.examples[0])
    return dict(found) | changes


def told_of_videos(card: Card) -> dict[str, str]:
    """What values have of videos that were found by their ids, of the first kind that applies."""
    ids = [parameter for parameter in card.parameters if isinstance(parameter, VideoId)]
    return {fact.name: fact.options[0] for parameter in ids for fact in parameter.facts}


def without_effect(card: Card) -> set[str]:
    """Parameters that do nothing beside those of :func:`good`, whatever they are."""
    given = {p.name: p.default for p in card.parameters} | good(card)
    return {name for rule in card.no_effect for name in rule.ignored(given)}
