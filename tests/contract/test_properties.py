"""What holds for every request of every model, made up from the cards themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kirin.catalogue.card import Card, head
from kirin.catalogue.parameters import Parameter, Seconds, whole_seconds
from kirin.catalogue.plan import Materials
from kirin.catalogue.rules import AddsUp, Distinct
from kirin.catalogue.schema import params_schema
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.lips import FaceSession
from kirin.domain.storyboard import Storyboard
from kirin.domain.subject import Subject, SubjectDraft, SubjectKind
from support.cards import CARDS, said, told_of_videos
from support.conditions import Maker, break_
from support.faces import face
from support.requests import JSON, a_wrong_object, valid, with_effect, wrong

each_card = pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
each_rule = pytest.mark.parametrize(
    ("card", "rule"),
    [
        pytest.param(card, rule, id=f"{card.id}.{rule.describe()['kind']}-{number}")
        for card in CARDS
        for number, rule in enumerate(card.rules, 1)
    ],
)
SCHEMAS = {card.id: Draft202012Validator(params_schema(card)) for card in CARDS}


def trying(examples: int) -> settings:
    """So many examples, the same ones everywhere and always."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@each_card
@trying(25)
@given(data=st.data())
def test_what_is_right_is_accepted(card: Card, data: st.DataObject) -> None:  # W-11
    params = Maker(card, data.draw).careless()
    assert said(card, params) == {}
    SCHEMAS[card.id].validate(params)


@each_card
@trying(10)
@given(data=st.data())
def test_what_is_accepted_can_be_planned_and_priced(card: Card, data: st.DataObject) -> None:
    checked = card.check(Maker(card, data.draw).careless())
    media = {
        place.path: Asset.announced(place.parameter.kind) for place in card.media(checked.values)
    }
    draft = SubjectDraft("Ada", "a woman", SubjectKind.IMAGE, (Asset.announced(AssetKind.IMAGE),))
    elements = {p.value: Subject(p.value, "me", draft, 0) for p in card.subjects(checked.values)}
    faces = tuple(face(p.value) for p in card.faces(checked.values))
    video = Asset.announced(AssetKind.VIDEO)
    sessions = {
        p.value: FaceSession(p.value, video, faces) for p in card.face_sessions(checked.values)
    }
    checked.values.update(told_of_videos(card))
    plan = card.plan(checked.values, Materials(media, elements, sessions), 7)
    estimate = card.estimate(checked.values, plan)
    assert 0 < estimate.least.cost <= estimate.most.cost
    if isinstance(plan, Storyboard):
        assert plan.width % 2 == plan.height % 2 == 0
        assert plan.frame_count == round(plan.seconds * plan.fps)
        assert all(shot.seconds > 0 for shot in plan.shots)


@each_card
@trying(40)
@given(data=st.data())
def test_one_thing_wrong_is_named_and_nothing_else(card: Card, data: st.DataObject) -> None:  # W-9
    params = Maker(card, data.draw).careless()
    fault = data.draw(a_wrong_object(with_effect(card, params), params))
    path = fault.path.removeprefix(".")
    problems = said(card, fault.value)
    assert problems.pop(path, None) in fault.codes
    # It may have kept from effect what is wrong itself; a new one may go ill with the others.
    freed = {n for rule in card.no_effect if rule.other == head(path) for n in rule.params}
    # A list that is new adds up and is distinct by chance only, whatever else is wrong in it.
    ill = {rule.list for rule in card.rules if isinstance(rule, AddsUp | Distinct)} & {head(path)}
    assert head(path) not in params or {head(other) for other in problems} <= freed | ill
    assert not SCHEMAS[card.id].is_valid(plain(card, fault.value)) or subtle(fault.codes)


@each_rule
@trying(8)
@given(data=st.data())
def test_a_broken_rule_is_named(card: Card, rule: Any, data: st.DataObject) -> None:  # W-9
    maker = Maker(card, data.draw)
    params, path = break_(rule, maker, maker.right())
    problems = card.check(params).problems
    (found,) = [p for p in problems if p.param == path and p.message.startswith(rule.message)]
    assert found.rules == rule.rules


@each_card
@trying(20)
@given(data=st.data())
def test_nothing_that_a_body_may_hold_raises(card: Card, data: st.DataObject) -> None:  # W-9
    params = data.draw(anything(card))
    checked = card.check(params)
    for problem in checked.problems:
        assert problem.code
        assert problem.message
        assert len(problem.param) < 150
        assert len(problem.message) < 400
    assert json.dumps(checked.values)
    list(card.media(checked.values))
    list(card.subjects(checked.values))


@each_card
@trying(25)
@given(data=st.data())
def test_what_the_schema_refuses_the_server_refuses(
    card: Card, data: st.DataObject
) -> None:  # W-11
    params = data.draw(anything(card))
    if not SCHEMAS[card.id].is_valid(plain(card, params)):
        assert said(card, params) != {}


def anything(card: Card) -> st.SearchStrategy[dict[str, Any]]:
    """An object that has little or much in common with a request for a model."""
    values = {p.name: valid(p) | wrong(p).map(lambda w: w.value) | JSON for p in card.parameters}
    needed = {p.name: values.pop(p.name) for p in card.parameters if p.required}
    whole = st.fixed_dictionaries(needed, optional=values)
    return whole | st.fixed_dictionaries({}, optional=needed | values | {"colour": JSON})


def plain(card: Card, params: dict[str, Any]) -> dict[str, Any]:
    """The request in the spelling of the schema, which is stricter than the server in two things.

    The server takes null for what is not given, and other spellings of whole seconds, as "5.0".
    """
    known = {parameter.name: parameter for parameter in card.parameters}

    def rewrite(parameter: Parameter | None, value: Any) -> Any:
        if isinstance(parameter, Seconds) and isinstance(value, str):
            seconds = whole_seconds(value)
            return value if seconds is None else seconds
        if parameter is None or not parameter.children():
            return value
        inner = {child.name: child for child in parameter.children()}
        if isinstance(value, list):
            return [strip(inner, entry) for entry in value]
        return strip(inner, value)

    def strip(inner: dict[str, Parameter], value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            name: rewrite(inner.get(name), v)
            for name, v in value.items()
            if v is not None or name not in inner
        }

    return dict(strip(known, params))


def subtle(codes: tuple[str, ...]) -> bool:
    """Whether a schema cannot say it: blank texts, half characters, numbers beyond floats."""
    return bool({"too_short", "invalid_text", "not_finite"} & set(codes))
