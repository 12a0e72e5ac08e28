"""Requests made up from the cards themselves: right ones, and ones with a single thing wrong.

What a card may say is known here by kind; a kind that is new must be taught, or tests fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from kirin.catalogue.card import Card
from kirin.catalogue.parameters import (
    Address,
    Choice,
    Flag,
    Identifier,
    Integer,
    Line,
    Number,
    Parameter,
    Seconds,
    Text,
)
from kirin.catalogue.references import MediaParameter
from kirin.catalogue.structures import Group, ListOf
from kirin.domain.assets import AssetKind

Params = dict[str, Any]

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
PRINTED = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
WIDE = ("x", "駿", "🐴")
URLS = st.sampled_from(["https://example.com/a", "http://example.com:8080/b?c=d", "HTTPS://x.org"])
NAMES = st.sampled_from(["colour", "Prompt", "durations", "watermark", "image_lists", "seed", ""])

JSON: SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | URLS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
"""Anything that a body may hold."""


def of_types(*types: type) -> SearchStrategy[Any]:
    """JSON values whose type is none of these; null would be as good as nothing."""
    return JSON.filter(lambda value: value is not None and type(value) not in types)


@dataclass(frozen=True)
class Wrong:
    """A value that must be refused.

    Attributes:
        value: the whole of it.
        path: where in it the fault is, such as ``[1].prompt``.
        codes: what it may be called.
    """

    value: Any
    path: str
    codes: tuple[str, ...]


def at(path: str, *codes: str) -> Any:
    """Makes values of a strategy wrong ones."""
    return lambda value: Wrong(value, path, codes)


def valid(parameter: Parameter) -> SearchStrategy[Any]:
    """Values that a parameter takes if it is given, those at its bounds among them."""
    return _once(_valid, parameter)


def wrong(parameter: Parameter) -> SearchStrategy[Wrong]:
    """Values that it does not take, many of them by a hair."""
    return _once(_wrong, parameter)


_ONCE: dict[tuple[Any, int], tuple[Parameter, SearchStrategy[Any]]] = {}


def _once(make: Any, parameter: Parameter) -> SearchStrategy[Any]:
    """A strategy that is made and checked once: that takes longer than to draw from it.

    Parameters may have no hash; each is kept, so that no other one gets its identity.
    """
    key = (make, id(parameter))
    if key not in _ONCE:
        _ONCE[key] = parameter, make(parameter)
    return _ONCE[key][1]


@singledispatch
def _valid(parameter: Parameter) -> SearchStrategy[Any]:
    raise NotImplementedError(f"how is a {type(parameter).__name__} made up?")


@singledispatch
def _wrong(parameter: Parameter) -> SearchStrategy[Wrong]:
    raise NotImplementedError(f"how is a {type(parameter).__name__} got wrong?")


def texts(p: Text, letters: SearchStrategy[str]) -> SearchStrategy[str]:
    """Texts of these letters, among them some of the greatest and least length."""
    least = max(p.min_length, 0 if p.required else 1)
    ends = [letter * length for letter in WIDE for length in {max(least, 1), p.max_length}]
    free = st.text(letters, min_size=least, max_size=min(p.max_length, 30))
    return st.sampled_from(ends) | free.filter(lambda text: not p.min_length or text.strip())


@_valid.register
def _(p: Text) -> SearchStrategy[Any]:
    return texts(p, LETTERS)


@_valid.register
def _(p: Line) -> SearchStrategy[Any]:
    return texts(p, PRINTED)


@_valid.register
def _(p: Identifier) -> SearchStrategy[Any]:
    return texts(p, PRINTED).filter(lambda text: not {".", ".."}.intersection(text.split("/")))


@_wrong.register
def _(p: Text) -> SearchStrategy[Wrong]:
    kinds = [
        of_types(str).map(at("", "wrong_type")),
        st.sampled_from([letter * (p.max_length + 1) for letter in WIDE]).map(at("", "too_long")),
        st.sampled_from(["a\x00", "\ud800"]).map(at("", "invalid_text")),
    ]
    if p.min_length:
        blank = st.sampled_from(["", " ", "\n\t", "　"]).filter(lambda value: not p.absent(value))
        kinds.append(blank.map(at("", "too_short")))
    return st.one_of(kinds)


@_wrong.register
def _(p: Line) -> SearchStrategy[Wrong]:
    broken = st.sampled_from(["a\nb", "a\n", "\ra", "a\tb", "\x7fa", "a\x85", "a\u2028b"])
    return _wrong.dispatch(Text)(p) | broken.map(at("", "invalid_text"))


@_wrong.register
def _(p: Identifier) -> SearchStrategy[Wrong]:
    unreachable = st.sampled_from([".", "..", "a/../b", "./a", "a/."])
    return _wrong.dispatch(Line)(p) | unreachable.map(at("", "invalid_text"))


@_valid.register
def _(p: Address) -> SearchStrategy[Any]:
    longest = "https://example.com/".ljust(p.max_length, "x")
    return URLS | st.just(longest)


@_wrong.register
def _(p: Address) -> SearchStrategy[Wrong]:
    other = st.sampled_from(["", "example.com", "ftp://example.com", "//example.com", "https:/x"])
    longer = st.just("https://example.com/".ljust(p.max_length + 1, "x"))
    return (
        of_types(str).map(at("", "wrong_type"))
        | other.filter(lambda value: not p.absent(value)).map(at("", "not_a_url"))
        | longer.map(at("", "too_long"))
    )


@_valid.register
def _(p: Choice) -> SearchStrategy[Any]:
    return st.sampled_from(p.options)


@_wrong.register
def _(p: Choice) -> SearchStrategy[Wrong]:
    near = [
        spoilt for option in p.options for spoilt in (f"{option} ", option.upper(), option[:-1])
    ]
    others = st.sampled_from(near) | st.text(max_size=9)
    unlisted = others.filter(lambda text: text not in p.options and not p.absent(text))
    return of_types(str).map(at("", "wrong_type")) | unlisted.map(at("", "not_an_option"))


@_valid.register
def _(p: Flag) -> SearchStrategy[Any]:
    return st.booleans()


@_wrong.register
def _(p: Flag) -> SearchStrategy[Wrong]:
    return (of_types(bool) | st.sampled_from(["true", 0, 1])).map(at("", "wrong_type"))


@_valid.register
def _(p: Number) -> SearchStrategy[Any]:
    bounds = [bound for bound in (p.min, p.max) if bound is not None]
    free = st.floats(p.min, p.max, allow_nan=False, allow_infinity=False)
    return st.sampled_from([*bounds, *map(float, bounds)]) | free if bounds else free


@_wrong.register
def _(p: Number) -> SearchStrategy[Wrong]:
    kinds = [of_types(int, float).map(at("", "wrong_type")), st.just(Wrong(10**400, "", NUMBERS))]
    if p.min is not None:
        kinds.append(st.sampled_from([p.min - 0.01, p.min - 1e-9, -1e300]).map(at("", *NUMBERS)))
    if p.max is not None:
        kinds.append(st.sampled_from([p.max + 0.01, p.max + 1e-9, 1e300]).map(at("", *NUMBERS)))
    return st.one_of(kinds)


NUMBERS = ("out_of_range", "not_finite")


@_valid.register
def _(p: Integer) -> SearchStrategy[Any]:
    return st.sampled_from([p.min, p.max]) | st.integers(p.min, p.max)


@_wrong.register
def _(p: Integer) -> SearchStrategy[Wrong]:
    beyond = st.sampled_from([p.min - 1, p.max + 1, 10**400])
    # To a schema a float without a fraction is an integer.
    plain = of_types(int).filter(lambda v: not (isinstance(v, float) and v.is_integer()))
    other = plain | st.sampled_from([1.5, "1", True])
    return beyond.map(at("", "out_of_range")) | other.map(at("", "wrong_type"))


@_valid.register
def _(p: Seconds) -> SearchStrategy[Any]:
    return st.sampled_from([form(n) for n in p.options for form in (int, str, float)])


@_wrong.register
def _(p: Seconds) -> SearchStrategy[Wrong]:
    near = [n for option in p.options for n in (option - 1, option + 1) if n not in p.options]
    spoilt = ["5.", "5s", " 5", "-5", "5,0", "٥", "", 5.5, "5.5", 1e300, 10**30, -0.5]
    other = of_types(int, float, str) | st.booleans()
    unlisted = st.sampled_from([*near, *map(str, near), *spoilt])
    return other.map(at("", "wrong_type")) | unlisted.filter(lambda n: not p.absent(n)).map(
        at("", "not_an_option")
    )


@_valid.register
def _(p: MediaParameter) -> SearchStrategy[Any]:
    return URLS | st.just("iVBORw0KGgo=") if p.kind is not AssetKind.VIDEO else URLS


@_wrong.register
def _(p: MediaParameter) -> SearchStrategy[Wrong]:
    blank = st.sampled_from(["", " ", "\n"]).filter(lambda text: not p.absent(text))
    return of_types(str).map(at("", "wrong_type")) | blank.map(at("", "too_short"))


@_valid.register
def _(p: Group) -> SearchStrategy[Any]:
    plain = an_object(p.fields)
    return plain | plain.map(lambda inner: [inner]) if p.in_list else plain


@_wrong.register
def _(p: Group) -> SearchStrategy[Wrong]:
    other: SearchStrategy[Any] = of_types(dict, list)
    if not p.absent([]):
        other |= st.just([])
    inside = a_wrong_object(p.fields)
    if p.in_list:
        inside |= inside.map(lambda w: Wrong([w.value], f"[0]{w.path}", w.codes))
    return other.map(at("", "wrong_type")) | inside


@_valid.register
def _(p: ListOf) -> SearchStrategy[Any]:
    entry = an_object(p.fields)
    fewest = max(p.min_items, 0 if p.required else 1)
    ends = {fewest, min(p.max_items, fewest + 3)}
    return st.sampled_from(sorted(ends)).flatmap(
        lambda most: st.lists(entry, min_size=fewest, max_size=most)
    ) | entry.map(lambda one: [one] * p.max_items)


@_wrong.register
def _(p: ListOf) -> SearchStrategy[Wrong]:
    entry = an_object(p.fields)
    counts = [p.max_items + 1, *([p.min_items - 1] if p.min_items else [])]
    counts = [count for count in counts if not p.absent([None] * count)]
    count = st.tuples(entry, st.sampled_from(counts)).map(lambda drawn: [drawn[0]] * drawn[1])
    before = st.lists(entry, min_size=max(0, p.min_items - 1), max_size=max(0, p.max_items - 1))
    return st.one_of(
        of_types(list).map(at("", "wrong_type")),
        count.map(at("", "wrong_count")),
        st.tuples(before, JSON.filter(lambda value: not isinstance(value, dict))).map(
            lambda d: Wrong([*d[0], d[1]], f"[{len(d[0])}]", ("wrong_type",))
        ),
        st.tuples(before, a_wrong_object(p.fields)).map(
            lambda d: Wrong([*d[0], d[1].value], f"[{len(d[0])}]{d[1].path}", d[1].codes)
        ),
    )


def an_object(fields: Sequence[Parameter]) -> SearchStrategy[Params]:
    """An object with all that it must have and some of what it may have."""
    return st.fixed_dictionaries(
        {field.name: valid(field) for field in fields if field.required},
        optional={field.name: valid(field) for field in fields if not field.required},
    )


@st.composite
def a_wrong_object(draw: DrawFn, fields: Sequence[Parameter], base: Params | None = None) -> Wrong:
    """An object with one thing wrong: a field, a name, or a field that is missing."""
    right = draw(an_object(fields)) if base is None else base
    required = [field.name for field in fields if field.required]
    fault = draw(st.sampled_from(["value", "value", "name", *(["missing"] if required else [])]))
    if fault == "missing":
        name = draw(st.sampled_from(required))
        without = {key: value for key, value in right.items() if key != name}
        return Wrong(draw(st.sampled_from([without, right | {name: None}])), f".{name}", REQUIRED)
    if fault == "name":
        name = draw(NAMES.filter(lambda name: all(name != field.name for field in fields)))
        return Wrong(right | {name: draw(JSON)}, f".{name}", ("unknown_parameter",))
    field = draw(st.sampled_from(fields))
    found = draw(wrong(field))
    return Wrong(right | {field.name: found.value}, f".{field.name}{found.path}", found.codes)


REQUIRED = ("required",)


def with_effect(card: Card, params: Params) -> list[Parameter]:
    """The parameters that do something beside these."""
    # What is checked has the defaults inside of lists too.
    given = {p.name: p.default for p in card.parameters} | params | card.check(params).values
    idle = {name for rule in card.no_effect for name in rule.ignored(given)}
    return [parameter for parameter in card.parameters if parameter.name not in idle]
