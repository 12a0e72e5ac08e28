"""Media of requests: parts that say what they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from kirin.catalogue.shown_values import of_another_type
from kirin.catalogue.structures import shorten
from kirin.errors import Problem
from kirin.http.dialects.places import Part
from kirin.wire.openrouter import FRAME_TYPES, IMAGE_URL, PART_TYPES

FRAMES: Final = "frame_images"
REFERENCES: Final = "input_references"

MOST_PARTS: Final = 16
DATA_URL: Final = re.compile(r"\Adata:[^,]{0,128};base64,", re.IGNORECASE)


def read_parts(given: object, name: str, problems: list[Problem]) -> list[Part]:
    """The parts of ``frame_images`` or ``input_references``."""
    if given is None:
        return []
    if not isinstance(given, list):
        message = of_another_type("a list of objects", given)
        problems.append(Problem(name, "wrong_type", message))
        return []
    if len(given) > MOST_PARTS:
        problems.append(Problem(name, "wrong_count", f"at most {MOST_PARTS}, not {len(given)}"))
        return []
    read = (_part(each, f"{name}[{index}]", name, problems) for index, each in enumerate(given))
    return [part for part in read if part is not None]


def _part(given: object, path: str, name: str, problems: list[Problem]) -> Part | None:
    types = (IMAGE_URL,) if name == FRAMES else PART_TYPES
    try:
        if not isinstance(given, Mapping):
            raise _Wrong("", "wrong_type", of_another_type("an object", given))
        # Programs leave the type out, since the member with the address says the same.
        kind = given.get("type") or next((each for each in types if each in given), None)
        if not isinstance(kind, str) or kind not in types:
            raise _Wrong(".type", "not_an_option", f"it takes {' or '.join(types)}")
        allowed = {"type", kind, *(("frame_type",) if name == FRAMES else ())}
        if unknown := [member for member in given if member not in allowed]:
            message = f"{kind} parts have no such member"
            raise _Wrong(f".{shorten(unknown[0])}", "unknown_parameter", message)
        frame = given.get("frame_type", "")
        if name == FRAMES and frame not in FRAME_TYPES:
            message = f"it takes {' or '.join(FRAME_TYPES)}"
            raise _Wrong(".frame_type", "not_an_option", message)
        return Part(f"{path}.{kind}.url", kind, _url(given.get(kind), kind), frame)
    except _Wrong as wrong:
        problems.append(replace(wrong.problem, param=path + wrong.problem.param))
        return None


def _url(holder: object, kind: str) -> str:
    """The address in a part; of a picture in the request its base64."""
    url = holder.get("url") if isinstance(holder, Mapping) else holder
    if not isinstance(url, str) or not url.strip():
        raise _Wrong(f".{kind}", "required", f'it takes {{"{kind}": {{"url": "..."}}}}')
    if isinstance(holder, Mapping) and (unknown := [each for each in holder if each != "url"]):
        where = f".{kind}.{shorten(unknown[0])}"
        raise _Wrong(where, "unknown_parameter", "only url is understood")
    return DATA_URL.sub("", url, count=1) if kind == IMAGE_URL else url


class _Wrong(Exception):
    """Something is wrong with a part."""

    def __init__(self, member: str, code: str, message: str) -> None:
        self.problem = Problem(member, code, message)
