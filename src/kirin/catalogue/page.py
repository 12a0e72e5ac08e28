"""The page of a model: what people and programs read before they write a request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from kirin.catalogue.card import Card
from kirin.catalogue.markdown import table
from kirin.catalogue.spec import describe


def model_page(card: Card, endpoint: str) -> str:
    """A model in Markdown.

    Args:
        endpoint: full URL that creates tasks.
    """
    prices = (
        (", ".join(f"{n} {v}" for n, v in zip(card.price.by, key, strict=True)), f"{rate} USD")
        for key, rate in card.price.rates.items()
    )
    codes = ((str(way), f"`{code}`") for way, code in card.codes.items())
    body = json.dumps(
        {"model": card.id, "input": [{"params": card.examples[0]}]}, ensure_ascii=False, indent=2
    )
    conditions = "".join(
        f"- {condition.message} ({', '.join(condition.rules)})\n" for condition in card.conditions
    )
    said = (
        f"# {card.name}\n\n`{card.id}`: {card.description}\n\n{card.usage}\n\n"
        "## Parameters\n\n"
        + table(
            ("parameter", "type", "required", "constraints", "meaning"),
            _parameter_rows(describe(card.parameters, "")),
        )
        + (f"\n## Rules\n\n{conditions}" if conditions else "")
        + f"\n## Price\n\n{'Once' if card.price.unit is None else _per(card.price.unit)}:\n\n"
        + table(("with", "price"), prices)
        + "\n## Codes of failed tasks\n\n"
        + table(("what went wrong", "code"), codes)
    )
    example = (
        f"\n## Example\n\n```sh\ncurl -s {endpoint} \\\n"
        '  -H "Authorization: Bearer $KIRIN_API_KEY" -H "Content-Type: application/json" \\\n'
        f"  -d '{body}'\n```\n\n"
        "```python\nfrom kirin_client import Kirin\n\n"
        "with Kirin(server, key) as kirin:\n"
        f"    done = kirin.create_and_wait({card.id!r}, {dict(card.examples[0])!r})\n```\n"
    )
    # What prompts call (`<<<image_1>>>`) would count as HTML.
    return re.sub(r"<<<\w+>>>", r"`\g<0>`", said) + example


def _parameter_rows(entries: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Parameters and their children as rows."""
    for entry in entries:
        facts = [f"{name} {json.dumps(value)}" for name, value in entry["constraints"].items()]
        needed = "yes" if entry["required"] else ""
        yield f"`{entry['path']}`", entry["type"], needed, ", ".join(facts), entry["description"]
        yield from _parameter_rows(entry["children"])


def _per(seconds: int) -> str:
    """What a rate pays for."""
    return f"Per started {seconds} seconds of video" if seconds > 1 else "Per started second"
