"""Cards as a whole: whatever JSON comes in, what passes is valid and can be planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kirin.catalogue.card import Card
from kirin.catalogue.parameters import Parameter
from kirin.catalogue.plan import Materials
from kirin.catalogue.schema import params_schema
from kirin.domain.assets import Asset
from kirin.domain.storyboard import Storyboard
from support.cards import CARDS, told_of_videos

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from(["5", "10", "std", "https://example.com/a.png", 10**400, "x" * 2501])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def nonsense(parameters: tuple[Parameter, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with anything at all in their parameters, and parameters that there are not."""
    known = {p.name: JSON | nonsense(p.children()) for p in parameters}
    unknown = st.dictionaries(st.text(max_size=8), JSON, max_size=1)
    return st.builds(dict.__or__, unknown, st.fixed_dictionaries({}, optional=known))


def likely(parameters: tuple[Parameter, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with what is required, and values that are good by themselves."""
    needed = {p.name: good_values(p) for p in parameters if p.required}
    others = {p.name: good_values(p) | st.none() for p in parameters if not p.required}
    return st.fixed_dictionaries(needed, optional=others)


def good_values(parameter: Parameter) -> st.SearchStrategy[Any]:
    options = parameter.constraints().get("enum", [])
    given_ = [v for v in (parameter.example, parameter.default, *options) if v is not None]
    found = st.sampled_from(given_)
    if children := parameter.children():
        found |= likely(children) | st.lists(likely(children), max_size=7)
    return found


def of_each_card(
    objects: Callable[[tuple[Parameter, ...]], st.SearchStrategy[dict[str, Any]]],
) -> st.SearchStrategy[tuple[Card, dict[str, Any]]]:
    """Requests for each model: such objects, alone or over one of its examples."""
    return st.one_of(
        [
            st.tuples(st.just(card), st.builds(base.__or__, objects(card.parameters)))
            for card in CARDS
            for base in ({}, *map(dict, card.examples))
        ]
    )


SCHEMAS = {card.id: Draft202012Validator(params_schema(card)) for card in CARDS}


def without_null(value: Any) -> Any:
    """The value, with null taken as not given."""
    if isinstance(value, Mapping):
        return {name: without_null(inner) for name, inner in value.items() if inner is not None}
    return [without_null(inner) for inner in value] if isinstance(value, list) else value


def announced(parameter: Parameter) -> Asset:
    """What is known of a picture or video that nobody has fetched yet."""
    return Asset.announced(parameter.kind)


@settings(max_examples=300)
@given(of_each_card(nonsense))
def test_any_request_is_answered_in_words(request: tuple[Card, dict[str, Any]]) -> None:
    card, params = request
    for problem in card.check(params).problems:
        assert problem.code
        assert 0 < len(problem.message) < 1000
        assert len(problem.param) < 200


@settings(max_examples=500)
@given(of_each_card(likely))
def test_what_passes_is_valid_and_can_be_planned(request: tuple[Card, dict[str, Any]]) -> None:
    card, params = request
    checked = card.check(params)
    event("refused" if checked.problems else "accepted")
    if checked.problems:
        return
    # What passed is valid by the published schema too, and passes again unchanged.
    SCHEMAS[card.id].validate(without_null(checked.values))
    again = card.check(checked.values)
    assert (again.values, again.problems) == (checked.values, [])
    media = {place.path: announced(place.parameter) for place in card.media(checked.values)}
    named = card.subjects(checked.values) or card.face_sessions(checked.values)
    if named or card.check_media(checked.values, media):
        return  # the account decides, or the pictures themselves
    checked.values.update(told_of_videos(card))
    plan = card.plan(checked.values, Materials(media), 7)
    assert plan == card.plan(checked.values, Materials(media), 7)
    assert card.estimate(checked.values, plan).least.cost >= 0
    if isinstance(plan, Storyboard):
        assert plan.width % 2 == plan.height % 2 == 0
        assert plan.frame_count == round(plan.seconds * plan.fps)
        assert plan.seed == 7


@settings(max_examples=200)
@given(st.sampled_from(CARDS), st.data())
def test_a_wrong_parameter_never_hides_another(card: Card, data: st.DataObject) -> None:  # W-9
    names = [p.name for p in card.parameters if p.name not in idle(card)]
    wrong = data.draw(st.sets(st.sampled_from(names), min_size=1))
    changes = {name: {"no": {"such": "thing"}} for name in wrong}
    problems = card.check(dict(card.examples[0]) | changes).problems
    refused = {problem.param.partition(".")[0] for problem in problems}
    assert wrong <= refused


def idle(card: Card) -> set[str]:
    """Parameters that some combination switches off."""
    return {name for rule in card.no_effect for name in (*rule.params, rule.other)}


def test_a_card_states_everything(card: Card) -> None:
    names = {parameter.name for parameter in card.parameters}
    assert len(names) == len(card.parameters)
    assert {"callback_url", "external_task_id"} <= names
    assert set(card.codes) == {
        "generation",
        "result",
        "fetch",
        "status",
        "inputs",
        "resources",
    }
    assert set(card.fields.values()) <= names
    assert card.description.endswith(".")
    assert card.usage.endswith(".")
    for example in card.examples:
        checked = card.check(example)
        assert (checked.problems, checked.ignored) == ([], ())


def test_examples_of_parameters_are_good_values(card: Card) -> None:
    for parameter in card.parameters:
        for value in (parameter.example, parameter.default):
            if value is not None:
                problems: list[Any] = []
                parameter.check(value, parameter.name, problems)
                assert problems == []
