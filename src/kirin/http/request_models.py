"""JSON bodies declared as pydantic models, and their errors in the words of rule W-9."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from kirin.catalogue.shown_values import shown
from kirin.catalogue.structures import unknown_names
from kirin.domain.text import CONTROL
from kirin.errors import InvalidParameters, Problem

M = TypeVar("M", bound="RequestModel")

CODES = {
    "missing": "required",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "string_unicode": "invalid_text",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
}
"""Our codes for pydantic's types of errors; errors of our own validators have theirs already."""

OUR_CODES = ("required", "too_short", "invalid_text", "out_of_range", "not_an_option")

OTHER_CODE = "wrong_type"


class RequestModel(BaseModel):
    """A JSON object; members that are not declared are refused, ``null`` counts as absent."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, given: object) -> object:
        if not isinstance(given, Mapping) or None not in given.values():
            return given
        fields = cls.model_fields
        return {name: v for name, v in given.items() if v is not None or name not in fields}


def check_characters(text: str) -> str:
    """A validator of text: refuses what the database cannot store."""
    if "\x00" in text:
        raise PydanticCustomError("invalid_text", "text may not contain the NUL character")
    return text


def check_visible(text: str) -> str:
    """A validator of names: one line of text with at least one visible character."""
    if not text.strip():
        raise PydanticCustomError("too_short", "at least one visible character is needed")
    if CONTROL.search(text):
        raise PydanticCustomError(
            "invalid_text", "a line break or another control character is not allowed here"
        )
    return check_characters(text)


def parse_model(model: type[M], body: Mapping[str, Any]) -> M:
    """A body as a model.

    Raises:
        InvalidParameters: with everything that is wrong, by JSON path.
    """
    try:
        return model.model_validate(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        raise InvalidParameters(_problems(model, found)) from None


def _problems(model: type[RequestModel], errors: Sequence[ErrorDetails]) -> list[Problem]:
    problems: list[Problem] = []
    unknown: dict[tuple[int | str, ...], list[str]] = defaultdict(list)
    for error in errors:
        *parent, name = error["loc"] or ("",)
        if error["type"] == "extra_forbidden":
            unknown[tuple(parent)].append(str(name))
        else:
            problems.append(_problem(error))
    for place, names in unknown.items():
        known = list(_model_at(model, place).model_fields)

        def explain(name: str, known: Sequence[str] = known) -> str:
            near = get_close_matches(name[:64], known, n=1)
            hint = (
                f"did you mean '{near[0]}'?" if near else f"the parameters are {', '.join(known)}"
            )
            return f"unknown parameter; {hint}"

        problems += unknown_names(names, _path(place), explain, ("C-9",))
    return problems


def _problem(error: ErrorDetails) -> Problem:
    kind = error["type"]
    code = CODES.get(kind) or (kind if kind in OUR_CODES else OTHER_CODE)
    message = f"{error['msg'][:1].lower()}{error['msg'][1:]}"
    if kind == "missing":
        message = "missing; it is required"
    elif kind not in OUR_CODES:
        message = f"given {shown(error['input'])}: {message}"
    return Problem(_path(error["loc"]), code, message)


def _model_at(model: type[RequestModel], place: Sequence[int | str]) -> type[BaseModel]:
    """The model of the object at a path."""
    found: type[BaseModel] = model
    for name in place:
        annotation = found.model_fields[str(name)].annotation
        kinds = [annotation, *getattr(annotation, "__args__", ())]
        found = next(k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel))
    return found


def _path(place: Sequence[int | str]) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in place).removeprefix(".")
