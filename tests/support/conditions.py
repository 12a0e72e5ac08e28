"""The rules across parameters, kept and broken on purpose, for requests that are made up."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from kirin.catalogue.camera import AXES, MOST, SIMPLE, OneAxis
from kirin.catalogue.card import Card
from kirin.catalogue.parameters import MISSING, Parameter
from kirin.catalogue.rules import (
    AddsUp,
    AtLeastOne,
    Calls,
    Distinct,
    Excludes,
    MustBe,
    OnlyWith,
    RequiredWith,
    Rule,
    Together,
    With,
)
from support.requests import JSON, Params, an_object, valid, with_effect

BROKEN = {"required", "not_in_this_combination"}
"""What rules say that one parameter's mending may break for another."""

ROUNDS = 4
"""How often rules are mended that another rule's mending broke."""


class Maker:
    """Makes requests for a card, drawing what is left open."""

    def __init__(self, card: Card, draw: DrawFn) -> None:
        self.card = card
        self.draw = draw
        self.parameters = {parameter.name: parameter for parameter in card.parameters}

    def right(self) -> Params:
        """A request with nothing wrong."""
        return self.mended(self.draw(an_object(self.card.parameters)))

    def careless(self) -> Params:
        """The same, with anything at all in what has no effect."""
        params = self.right()
        used = {parameter.name for parameter in with_effect(self.card, params)}
        for name in self.parameters.keys() - used:
            if self.draw(st.booleans()):
                params[name] = self.draw(JSON)
        return params

    def mended(self, params: Params) -> Params:
        """The request with every rule kept."""
        for _ in range(ROUNDS):
            for rule in self.card.rules:
                params = keep(rule, self, dict(params))
            if not self._broken(params):
                return params
        reject()  # what was drawn for one rule broke another each time
        return None

    def _broken(self, params: Params) -> bool:
        return any(problem.code in BROKEN for problem in self.card.check(params).problems)

    def value(self, name: str) -> Any:
        """A value that a parameter takes."""
        return self.draw(valid(self.parameters[name]))

    def is_(self, params: Params, rule: With) -> bool:
        """Whether the other parameter has the value that the rule speaks of."""
        other = self.parameters[rule.other]
        return bool(canonical(other, params.get(rule.other, other.default)) == rule.equals)

    def other_than(self, rule: With) -> Any:
        """A value of the other parameter that the rule does not speak of."""
        other = self.parameters[rule.other]
        return self.draw(valid(other).filter(lambda v: canonical(other, v) != rule.equals))

    def awake(self, params: Params, name: str) -> Params:
        """The request with a parameter there and with effect."""
        for rule in self.card.no_effect:
            if name in rule.params:
                params = params | {rule.other: self.other_than(rule)}
        return self.mended({name: self.value(name)} | params)


def canonical(parameter: Parameter, given: Any) -> Any:
    """What a right value means; MISSING for a wrong one."""
    problems: list[Any] = []
    found = parameter.check(given, "", problems) if given is not None else MISSING
    return MISSING if problems else found


@singledispatch
def keep(rule: Rule, maker: Maker, params: Params) -> Params:
    """The request with the rule kept."""
    raise NotImplementedError(f"how is {type(rule).__name__} kept?")


@singledispatch
def break_(rule: Rule, maker: Maker, params: Params) -> tuple[Params, str]:
    """The request with the rule broken, and the path that must be named."""
    raise NotImplementedError(f"how is {type(rule).__name__} broken?")


@keep.register
def _(rule: OnlyWith, maker: Maker, params: Params) -> Params:
    if not maker.is_(params, rule):
        return {name: value for name, value in params.items() if name not in rule.params}
    return params


@break_.register
def _(rule: OnlyWith, maker: Maker, params: Params) -> tuple[Params, str]:
    name = maker.draw(st.sampled_from(rule.params))
    return params | {rule.other: maker.other_than(rule), name: maker.value(name)}, name


@keep.register
def _(rule: Excludes, maker: Maker, params: Params) -> Params:
    if any(name in params for name in rule.first):
        return {name: value for name, value in params.items() if name not in rule.second}
    return params


@break_.register
def _(rule: Excludes, maker: Maker, params: Params) -> tuple[Params, str]:
    first, second = (maker.draw(st.sampled_from(names)) for names in (rule.first, rule.second))
    others = {name: value for name, value in params.items() if name not in rule.first}
    return others | {first: maker.value(first), second: maker.value(second)}, first


@keep.register
def _(rule: AtLeastOne, maker: Maker, params: Params) -> Params:
    if not any(name in params for name in rule.params):
        name = maker.draw(st.sampled_from(rule.params))
        params[name] = maker.value(name)
    return params


@break_.register
def _(rule: AtLeastOne, maker: Maker, params: Params) -> tuple[Params, str]:
    without = {name: value for name, value in params.items() if name not in rule.params}
    return without, rule.params[0]


@keep.register
def _(rule: RequiredWith, maker: Maker, params: Params) -> Params:
    if maker.is_(params, rule):
        return {name: maker.value(name) for name in rule.params} | params
    return params


@break_.register
def _(rule: RequiredWith, maker: Maker, params: Params) -> tuple[Params, str]:
    missing = maker.draw(st.sampled_from(rule.params))
    without = {name: value for name, value in params.items() if name != missing}
    return without | {rule.other: rule.equals}, missing


@keep.register
def _(rule: MustBe, maker: Maker, params: Params) -> Params:
    if maker.is_(params, rule):
        return params | dict.fromkeys(rule.params, rule.value)
    return params


@break_.register
def _(rule: MustBe, maker: Maker, params: Params) -> tuple[Params, str]:
    name = maker.draw(st.sampled_from(rule.params))
    other = maker.draw(valid(maker.parameters[name]).filter(lambda v: v != rule.value))
    return params | {rule.other: rule.equals, name: other}, name


@keep.register
def _(rule: Together, maker: Maker, params: Params) -> Params:
    if any(name in params for name in rule.params):
        return {name: maker.value(name) for name in rule.params} | params
    return params


@break_.register
def _(rule: Together, maker: Maker, params: Params) -> tuple[Params, str]:
    missing = maker.draw(st.sampled_from(rule.params))
    whole = {name: maker.value(name) for name in rule.params} | params
    return {name: value for name, value in whole.items() if name != missing}, missing


@keep.register
def _(rule: OneAxis, maker: Maker, params: Params) -> Params:
    control = params.get(rule.param)
    if control is None:
        return params
    if control["type"] != SIMPLE:
        return params | {rule.param: {"type": control["type"]}}
    moved = [axis for axis, amount in (control.get("config") or {}).items() if amount]
    if len(moved) == 1:
        return params
    axis = maker.draw(st.sampled_from([*AXES]))
    amount = maker.draw(st.sampled_from([-MOST, -0.5, 1, MOST]))
    return params | {rule.param: {"type": SIMPLE, "config": {axis: amount}}}


@break_.register
def _(rule: OneAxis, maker: Maker, params: Params) -> tuple[Params, str]:
    type = maker.value(rule.param)["type"]
    configs: list[Any] = [{"pan": 1, "roll": -1}, {"zoom": 0}]
    if type == SIMPLE:
        configs += [None, {}]
    control = {"type": type, "config": maker.draw(st.sampled_from(configs))}
    return params | {rule.param: control}, f"{rule.param}.config"


@keep.register
def _(rule: AddsUp, maker: Maker, params: Params) -> Params:
    entries = params.get(rule.list)
    if not entries:
        return params
    total = max(len(entries), int(float(params.get(rule.total) or maker.value(rule.total))))
    cuts = st.sets(st.integers(1, total - 1), min_size=len(entries) - 1, max_size=len(entries) - 1)
    ends = [*sorted(maker.draw(cuts)), total]
    parts = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    form = maker.draw(st.sampled_from([int, str, float]))
    listed = [entry | {rule.field: form(part)} for entry, part in zip(entries, parts, strict=True)]
    return params | {rule.list: listed, rule.total: total}


@break_.register
def _(rule: AddsUp, maker: Maker, params: Params) -> tuple[Params, str]:
    params = maker.awake(params, rule.list)
    total = params[rule.total]
    other = maker.draw(valid(maker.parameters[rule.total]).filter(lambda v: int(float(v)) != total))
    return params | {rule.total: other}, rule.list


@keep.register
def _(rule: Distinct, maker: Maker, params: Params) -> Params:
    if params.get(rule.list):
        listed = [entry | {rule.field: n} for n, entry in enumerate(params[rule.list])]
        params[rule.list] = maker.draw(st.permutations(listed))
    return params


@break_.register
def _(rule: Distinct, maker: Maker, params: Params) -> tuple[Params, str]:
    params = maker.awake(params, rule.list)
    first, *others = params[rule.list] or [{rule.field: 1}]
    second = (others or [first])[0]
    listed = [first, second | {rule.field: first[rule.field]}, *others[1:]]
    return params | {rule.list: listed}, f"{rule.list}[1].{rule.field}"


@keep.register
def _(_: Calls, __: Maker, params: Params) -> Params:
    return params  # nobody calls a subject by chance


@break_.register
def _(rule: Calls, maker: Maker, params: Params) -> tuple[Params, str]:
    name = rule.params[0]
    return maker.awake(params, name) | {name: "<<<element_9>>>"}, name
