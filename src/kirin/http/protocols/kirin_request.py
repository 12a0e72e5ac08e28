"""Requests of the Kirin dialect (rule W-1): both forms of the body, and what goes beside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from kirin.catalogue.card import Card
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.shown_values import of_another_type
from kirin.catalogue.structures import MOST_UNKNOWN, shorten, unknown_names
from kirin.domain.request import RequestOptions, TaskRequest
from kirin.errors import InvalidParameters, Problem
from kirin.http.query_parameters import Header

MAX_METADATA_BYTES: Final = 4096
"""Of ``metadata``, and of ``parameters`` that the model does not have, as compact JSON."""

X_MODEL: Final = Header("X-Model", "id of the model, for a body that has no `model`")

OPTIONS: Final[Mapping[str, type]] = {
    "moderation": bool,
    "metadata": dict,
    "parameters": dict,
    "dash_scope": bool,
    "seed": int,
    "cache": bool,
}
"""What a body takes beside ``model`` and the parameters, in both forms. No card may have a
parameter of these names."""

_RULES = ("W-1",)
_WORDS = {bool: "true or false", dict: "an object", int: "a whole number"}

MOST_SEED: Final = 2**31 - 1


def read_request(
    body: Mapping[str, Any], catalogue: Catalogue, x_model: str | None = None
) -> TaskRequest:
    """What a body asks for, in either form.

    Args:
        x_model: the header ``X-Model``, if it was sent.

    Raises:
        InvalidParameters: the body has neither form; with everything that is wrong with it.
        UnknownModel: there is no such model.
    """
    problems: list[Problem] = []
    model = _model(body.get("model"), x_model, catalogue, problems)
    given = {name: _option(name, body, problems) for name in OPTIONS}
    rest = [name for name in body if name != "model" and name not in OPTIONS]
    params: Mapping[str, Any] | None
    if "input" in body:
        extra = [name for name in rest if name != "input"]
        problems += unknown_names(extra, "", lambda _: "it belongs in input[0].params", _RULES)
        params = only_block(body["input"])
        if params is None:
            form = 'it takes a list of exactly one object {"params": {...}}'
            problems.append(Problem("input", "wrong_form", form, _RULES))
    else:
        params = {name: body[name] for name in rest}
    unknown: Mapping[str, Any] = {}
    if params is not None and model and given["parameters"]:
        params, unknown = _merged(catalogue.get(model), params, given["parameters"], problems)
    check_notes("metadata", given["metadata"], problems)
    check_notes("parameters", unknown, problems)
    check_seed(given["seed"], problems)
    if params is None or problems:
        raise InvalidParameters(problems)
    options = RequestOptions(
        moderation=bool(given["moderation"]),
        metadata=given["metadata"],
        parameters=unknown,
        dash_scope=bool(given["dash_scope"]),
        seed=given["seed"],
        cache=given["cache"] is not False,
    )
    return TaskRequest(model, params, options)


def only_block(given: object) -> Mapping[str, Any] | None:
    """The parameters in an ``input`` of exactly one block; ``None`` if it is anything else."""
    if isinstance(given, list) and len(given) == 1:
        (block,) = given
        if isinstance(block, dict) and block.keys() == {"params"}:
            params = block["params"]
            return params if isinstance(params, dict) else None
    return None


def _model(
    given: object, x_model: str | None, catalogue: Catalogue, problems: list[Problem]
) -> str:
    """The model that the body or the header names; empty, with a problem, if they do not."""
    if given is None and x_model:
        return x_model
    if not isinstance(given, str) or not given:
        message = "missing; it takes the id of a model, as does the header X-Model"
        problems.append(Problem("model", "required", message, _RULES))
        return ""
    if x_model and catalogue.id_of(x_model) != catalogue.id_of(given):
        message = (
            f"the body names the model {shorten(given)!r} and the header X-Model "
            f"{shorten(x_model)!r}: send one of them"
        )
        problems.append(Problem("model", "not_in_this_combination", message, _RULES))
    return given


def _option(name: str, body: Mapping[str, Any], problems: list[Problem]) -> Any:
    """A member beside the parameters; ``None`` if it is absent or wrong."""
    value, kind = body.get(name), OPTIONS[name]
    # JSON's true and false are whole numbers to Python.
    fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if value is None or fits:
        return value
    message = of_another_type(_WORDS[kind], value)
    problems.append(Problem(name, "wrong_type", message, _RULES))
    return None


def _merged(
    card: Card,
    params: Mapping[str, Any],
    beside: Mapping[str, Any],
    problems: list[Problem],
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The parameters with those of the member ``parameters``, and what of these nobody knows.

    Clients whose models take messages put all parameters of the model there, so those that this
    model has mean the same here as in ``params``.
    """
    known = {parameter.name for parameter in card.parameters}
    merged, unknown = dict(params), {}
    for name, value in beside.items():
        if value is None:
            continue
        if name not in known:
            unknown[name] = value
        elif merged.get(name) is None:
            merged[name] = value
        elif merged[name] != value:
            message = f"another value than {name} has among the other parameters: send it once"
            problems.append(
                Problem(f"parameters.{name}", "not_in_this_combination", message, _RULES)
            )
    if len(unknown) > MOST_UNKNOWN:
        message = f"{len(unknown)} of them are unknown to {card.id}; at most {MOST_UNKNOWN} may be"
        problems.append(Problem("parameters", "wrong_count", message, _RULES))
    return merged, unknown


def check_seed(seed: int | None, problems: list[Problem]) -> None:
    """Check the limits of a seed."""
    if seed is not None and not 0 <= seed <= MOST_SEED:
        message = f"it takes a whole number from 0 to {MOST_SEED}"
        problems.append(Problem("seed", "out_of_range", message, _RULES))


def check_notes(name: str, value: Mapping[str, Any] | None, problems: list[Problem]) -> None:
    """Check that a client's own notes can be given back, and are not too long."""
    if not value:
        return
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:  # JSON can say 1e999, and nobody can give it back
        message = "a number in it is too large for this server"
        problems.append(Problem(name, "not_finite", message, _RULES))
        return
    size = len(text.encode())
    if size > MAX_METADATA_BYTES:
        what = "of what the model does not know, " if name == "parameters" else ""
        message = f"{what}at most {MAX_METADATA_BYTES} bytes of JSON, not {size}"
        problems.append(Problem(name, "too_long", message, _RULES))
