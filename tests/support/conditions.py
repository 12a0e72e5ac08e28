"""The rules across parameters, kept and broken on purpose, for requests that are made up."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from kirin.catalogue.camera import AXES, MOST, SIMPLE, OneAxis
from kirin.catalogue.card import Card
from kirin.catalogue.entry_rules import (
    AtMostEntries,
    AtMostOnce,
    Clashes,
    Given,
    IgnoredWhere,
    Needs,
    OneOfFields,
    RequiredUnless,
    SecondsAtMost,
)
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
        return reject()  # what was drawn for one rule broke another each time

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

    def on(self, params: Params, given: Given) -> Params:
        """The request with something in it."""
        parameter = self.parameters[given.param]
        if given.field:
            entry = dict(parameter.example[0]) | {given.field: given.equals}
            return params | {given.param: [entry]}
        held = parameter.example if given.equals is None else given.equals
        return params | {given.param: held}

    def off(self, params: Params, given: Given) -> Params:
        """The request without something in it."""
        if not given.field:
            return {name: value for name, value in params.items() if name != given.param}
        entries = params.get(given.param) or []
        (field,) = (f for f in self.parameters[given.param].children() if f.name == given.field)
        other = "feature" if field.default == given.equals else ""
        listed = [
            entry | {given.field: other}
            if canonical(field, entry.get(given.field) or field.default) == given.equals
            else entry
            for entry in entries
        ]
        return params | {given.param: listed}

    def holds(self, params: Params, given: Given) -> bool:
        """Whether the request has something in it."""
        return bool(given.places(self.card.check(params).values))

    def awake(self, params: Params, name: str) -> Params:
        """The request with a parameter there and with effect."""
        for rule in self.card.no_effect:
            if name in rule.params and isinstance(rule, IgnoredWhere):
                params = self.off(params, rule.given)
            elif name in rule.params and isinstance(rule, With):
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
    return maker.awake(params, name) | {name: f"<<<{rule.called}_9>>>"}, name


@keep.register
def _(rule: OneOfFields, maker: Maker, params: Params) -> Params:
    (first, *others) = rule.fields
    sample = maker.parameters[rule.list].example[0][first]
    entries = params.get(rule.list)
    if entries:
        params[rule.list] = [
            {name: value for name, value in entry.items() if name not in others}
            | {first: entry.get(first) or sample}
            for entry in entries
        ]
    return params


@break_.register
def _(rule: OneOfFields, maker: Maker, params: Params) -> tuple[Params, str]:
    sample = maker.parameters[rule.list].example[0][rule.fields[0]]
    entry = dict.fromkeys(rule.fields, sample)
    return params | {rule.list: [entry]}, f"{rule.list}[0].{rule.fields[1]}"


@keep.register
def _(rule: AtMostOnce, maker: Maker, params: Params) -> Params:
    given, seen = rule.given, False
    listed = []
    for entry in params.get(given.param) or []:
        same = entry.get(given.field) == given.equals
        listed.append(entry | {given.field: ""} if same and seen else entry)
        seen = seen or same
    return params | ({given.param: listed} if listed else {})


@break_.register
def _(rule: AtMostOnce, maker: Maker, params: Params) -> tuple[Params, str]:
    given = rule.given
    twice = maker.on(params, given)[given.param] * 2
    return params | {given.param: twice}, f"{given.param}[1].{given.field}"


@keep.register
def _(rule: Needs, maker: Maker, params: Params) -> Params:
    if maker.holds(params, rule.given) and not maker.holds(params, rule.needs):
        return maker.off(params, rule.given)
    return params


@break_.register
def _(rule: Needs, maker: Maker, params: Params) -> tuple[Params, str]:
    return maker.on(params, rule.given), f"{rule.given.param}[0].{rule.given.field}"


@keep.register
def _(rule: Clashes, maker: Maker, params: Params) -> Params:
    if maker.holds(params, rule.given) and maker.holds(params, rule.other):
        gone = rule.other if rule.other.field and not rule.given.field else rule.given
        return maker.off(params, gone)
    return params


@break_.register
def _(rule: Clashes, maker: Maker, params: Params) -> tuple[Params, str]:
    params = maker.on(maker.on(params, rule.given), rule.other)
    return params, rule.given.places(maker.card.check(params).values)[0]


@keep.register
def _(rule: AtMostEntries, maker: Maker, params: Params) -> Params:
    if rule.given and not maker.holds(params, rule.given):
        return params
    left = rule.most
    for name in rule.lists:
        kept = (params.get(name) or [])[:left]
        left -= len(kept)
        if name in params:
            params[name] = kept
    return params


@break_.register
def _(rule: AtMostEntries, maker: Maker, params: Params) -> tuple[Params, str]:
    name = rule.lists[0]
    sample = maker.parameters[name].example[0]
    if rule.given:
        params = maker.on(params, rule.given)
    count = rule.most + 1
    room = min(count, getattr(maker.parameters[name], "max_items", count))
    listed = [*(params.get(name) or []), *[sample] * room][:room]
    others: Params = {other: [] for other in rule.lists[1:]}
    if count > room:
        other = rule.lists[1]
        others[other] = [maker.parameters[other].example[0]] * (count - room)
    return params | others | {name: listed}, name


@keep.register
def _(rule: RequiredUnless, maker: Maker, params: Params) -> Params:
    if not params.get(rule.param) and not any(maker.holds(params, g) for g in rule.unless):
        return params | {rule.param: maker.value(rule.param)}
    return params


@break_.register
def _(rule: RequiredUnless, maker: Maker, params: Params) -> tuple[Params, str]:
    for given in rule.unless:
        params = maker.off(params, given)
    return {name: value for name, value in params.items() if name != rule.param}, rule.param


@keep.register
def _(rule: SecondsAtMost, maker: Maker, params: Params) -> Params:
    seconds = maker.card.check(params).values.get(rule.param)
    if seconds and seconds > rule.most and maker.holds(params, rule.given):
        return maker.off(params, rule.given)
    return params


@break_.register
def _(rule: SecondsAtMost, maker: Maker, params: Params) -> tuple[Params, str]:
    params = maker.awake(maker.on(params, rule.given), rule.param)
    entry = maker.parameters[rule.given.param].example[0] | {"refer_type": "feature"}
    return params | {rule.given.param: [entry], rule.param: rule.most + 1}, rule.param
