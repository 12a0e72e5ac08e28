"""Writes what the server says that the console translates, for the console's own tests.

python scripts/write_console_words.py           writes web/src/i18n/told.json
python scripts/write_console_words.py --check   fails if it is not up to date
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kirin.catalogue.registry import built_in
from kirin.catalogue.spec import spec
from kirin.http.openapi import openapi
from kirin.http.tasks.estimates import PAUSED, UNATTENDED

TARGET = Path(__file__).resolve().parent.parent / "web" / "src" / "i18n" / "told.json"


def of_parameters(found: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Names, which are labels, and sentences."""
    for each in found:
        yield "names", each["name"]
        yield "texts", each["description"]
        if isinstance(each["example"], str) and " " in each["example"]:
            yield "texts", each["example"]
        yield from of_parameters(each["children"])


def of_models() -> Iterator[tuple[str, str]]:
    """What the specs of all models say."""
    for card in built_in():
        told = spec(card, "")
        yield "names", told["type"]
        yield "texts", told["name"]
        yield "texts", told["description"]
        yield from of_parameters(told["parameters"])
        for rule in told["rules"]:
            yield "texts", rule["message"]


def of_document() -> Iterator[tuple[str, str]]:
    """What the OpenAPI document says of operations, parameters and answers."""
    for path in openapi(built_in())["paths"].values():
        for operation in path.values():
            yield "texts", operation["summary"]
            for parameter in operation.get("parameters", ()):
                yield "texts", parameter.get("description", "")
            for answer in operation["responses"].values():
                yield "answers", answer["description"]


def told() -> str:
    """The file."""
    found: dict[str, set[str]] = {"names": set(), "texts": {PAUSED, UNATTENDED}, "answers": set()}
    for kind, text in (*of_models(), *of_document()):
        if text:
            found[kind].add(text)
    ordered = {kind: sorted(texts) for kind, texts in found.items()}
    return json.dumps(ordered, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if not TARGET.exists() or TARGET.read_text("utf-8") != told():
            sys.exit(f"{TARGET.name} is out of date: python scripts/write_console_words.py")
    else:
        TARGET.write_text(told(), "utf-8")
