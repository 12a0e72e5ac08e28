"""Forms as the JSON objects that they stand for: ``a[b]`` is member ``b`` of the object ``a``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from python_multipart.multipart import parse_options_header

from kirin.catalogue.parameters import Flag, Integer, Number, Parameter
from kirin.catalogue.structures import Group, ListOf, shorten
from kirin.errors import InvalidParameters, MalformedBody, Problem
from kirin.http.files.forms import FORM_DATA, MultipartForm

MOST_PARTS: Final = 256
MOST_ENTRIES: Final = 64
"""Of a list."""

NAME: Final = re.compile(r"([^\[\]]{1,128})((?:\[[^\[\]]{0,128}\]){0,4})")
"""A field's name: a member, and the members or places in it, each in brackets."""

_BOOLEANS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file of a form."""

    data: bytes


Value = str | FormFile


class FormFields(MultipartForm):
    """A form that is fed as a whole, and whose parts are kept, in order."""

    def __init__(self, boundary: bytes) -> None:
        super().__init__(boundary)
        self._parts: list[tuple[str, bool, list[memoryview]]] = []

    def begin(self, name: str, filename: str) -> None:
        if len(self._parts) == MOST_PARTS:
            raise MalformedBody(f"the form has more than {MOST_PARTS} parts")
        self._parts.append((name, bool(filename), []))

    def add(self, data: memoryview) -> None:
        self._parts[-1][2].append(data)

    def fields(self) -> Iterator[tuple[str, Value]]:
        """Name and value of each field.

        Raises:
            MalformedBody: the form is not complete, or what is no file in it is no text.
        """
        self.check_complete()
        for name, is_file, pieces in self._parts:
            data = b"".join(pieces)
            if is_file:
                yield name, FormFile(data)
                continue
            try:
                yield name, data.decode()
            except UnicodeDecodeError:
                raise MalformedBody(
                    f"the field {shorten(name)!r} of the form is not UTF-8; a file needs a filename"
                ) from None


def is_form(content_type: str | None) -> bool:
    """Whether a body of this type is a form."""
    media_type, _ = parse_options_header(content_type)
    return media_type.decode("latin-1") == FORM_DATA


def parse_form(body: bytes, content_type: str | None) -> list[tuple[str, Value]]:
    """The fields of a form.

    Raises:
        MalformedBody: it is not well-formed.
    """
    _, options = parse_options_header(content_type)
    form = FormFields(options.get(b"boundary", b""))
    form.feed(body)
    return list(form.fields())


def identity(fields: Sequence[tuple[str, Value]]) -> Iterator[bytes]:
    """What a form says, whatever stands between its parts: repetitions have other boundaries."""
    for name, value in fields:
        data = value.data if isinstance(value, FormFile) else value.encode()
        kind = b"file" if isinstance(value, FormFile) else b"text"
        yield b"\0".join((kind, name.encode(), sha256(data).digest()))


def form_object(fields: Sequence[tuple[str, Value]]) -> dict[str, Any]:
    """The object that a form stands for; all of its values are texts and files.

    ``a[]`` and ``a[0]`` are entries of a list. Of ``a[][b]`` and ``a[][c]``, which some clients
    send, the first values belong to the first entry, the second to the second.

    Raises:
        InvalidParameters: with every name that is not understood.
    """
    problems: list[Problem] = []
    root: dict[str, Any] = {}
    counts: dict[str, int] = {}
    for name, value in fields:
        found = NAME.fullmatch(name)
        if found is None:
            message = "this name of a field is not understood: write a, a[b], a[] or a[0][b]"
            problems.append(Problem(shorten(name), "unknown_parameter", message))
            continue
        steps = [found[1], *re.findall(r"\[([^\[\]]*)\]", found[2])]
        if "" in steps[1:]:
            place = counts.get(name, 0)
            counts[name] = place + 1
            steps = [step or str(place) for step in steps]
        if not _put(root, steps, value):
            message = "this field of the form comes twice, or as a value and as an object"
            problems.append(Problem(shorten(name), "duplicate_key", message))
    made = {name: _listed(value) for name, value in root.items()}
    if problems:
        raise InvalidParameters(problems)
    return made


def _put(holder: dict[str, Any], steps: Sequence[str], value: Value) -> bool:
    here: Any = holder
    for step in steps[:-1]:
        here = here.setdefault(step, {})
        if not isinstance(here, dict):
            return False
    if steps[-1] in here:
        return False
    here[steps[-1]] = value
    return True


def _listed(value: Any) -> Any:
    """The same, where objects whose members are 0, 1, 2... are lists."""
    if not isinstance(value, dict):
        return value
    made = {name: _listed(each) for name, each in value.items()}
    places = sorted((name for name in made if name.isascii() and name.isdecimal()), key=int)
    numbered = [str(place) for place in range(min(len(made), MOST_ENTRIES + 1))]
    return [made[name] for name in places] if places == numbered else made


def typed(parameters: Sequence[Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a form as the parameters of a model have them, where the texts allow it."""
    known = {parameter.name: parameter for parameter in parameters}
    return {
        name: _typed(known[name], value) if name in known else value
        for name, value in given.items()
    }


def _typed(parameter: Parameter, value: Any) -> Any:
    if isinstance(value, str):
        if isinstance(parameter, Flag):
            return _BOOLEANS.get(value.lower(), value)
        if isinstance(parameter, Integer | Number):
            return _number(value, whole=isinstance(parameter, Integer))
        return value
    if isinstance(parameter, Group) and isinstance(value, dict):
        return typed(parameter.children(), value)
    if isinstance(parameter, Group | ListOf) and isinstance(value, list):
        inner = parameter.children()
        return [typed(inner, each) if isinstance(each, dict) else each for each in value]
    return value


def _number(text: str, *, whole: bool) -> float | int | str:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        return text
