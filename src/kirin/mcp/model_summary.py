"""Models in few words: what an agent reads before it writes a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

PREFIX = "input[0].params."


def listed(model: Mapping[str, Any]) -> dict[str, Any]:
    """A model in the list."""
    return {
        "id": model["id"],
        "type": model["type"],
        "description": model["description"],
        "takes": model["input_modalities"],
    }


def summary(spec: Mapping[str, Any]) -> dict[str, Any]:
    """What a model accepts: one line a parameter, the rules between them, an example."""
    return {
        "id": spec["model_id"],
        "type": spec["type"],
        "description": spec["description"],
        "usage": spec["agent_prompt"],
        "parameters": dict(_lines(spec["parameters"])),
        "rules": [rule["message"] for rule in spec["rules"]],
        "examples": [example_params(example) for example in spec["examples"][:2]],
    }


def example_params(example: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters of an example request."""
    blocks = example.get("input")
    if isinstance(blocks, list) and blocks and "params" in blocks[0]:
        return dict(blocks[0]["params"])
    return example


def _lines(parameters: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for parameter in parameters:
        yield parameter["path"].removeprefix(PREFIX), line(parameter)
        yield from _lines(parameter["children"])


def line(parameter: Mapping[str, Any]) -> str:
    """A parameter in one line.

    >>> line({"type": "integer", "required": True, "description": "How long.",
    ...       "constraints": {"min": 3, "max": 10, "default": 5}})
    'integer, required, min 3, max 10, default 5: How long.'
    """
    facts = [parameter.get("format") or parameter["type"]]
    facts += ["required"] if parameter["required"] else []
    limits = {**parameter["constraints"], **parameter.get("limits", {})}
    facts += [f"{name.replace('_', ' ')} {_shown(value)}" for name, value in limits.items()]
    return f"{', '.join(facts)}: {parameter['description']}"


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "|".join(str(each) for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
