"""Values of parameters on the command line: texts, JSON, and the files that they name."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kirin.catalogue.references import MediaParameter
from kirin.catalogue.registry import installed
from kirin.cli.exits import Misused
from kirin.client import Kirin
from kirin.media.sniff import media_type
from kirin_client import picture


def parse(model: str, text: str) -> tuple[str, Any]:
    """Name and value of one ``-p`` option; a video file is its path, to be sent when there is a
    server.

    Raises:
        Misused: it is not NAME=VALUE.
        OSError: its file can't be read.
    """
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise Misused(f"'{text[:60]}' is not NAME=VALUE")
    kinds = {parameter.name: parameter for parameter in installed().get(model).parameters}
    kind = kinds.get(name)
    if value == "-":
        return name, sys.stdin.read().removesuffix("\n")
    if value.startswith("@"):
        path = Path(value[1:])
        if isinstance(kind, MediaParameter):
            return name, medium(path)
        return name, path.read_text("utf-8")
    if kind is None or kind.type == "string":
        return name, value
    try:
        return name, with_files(json.loads(value))
    except json.JSONDecodeError:
        return name, value  # the server says what is wrong with it


def medium(path: Path) -> str | Path:
    """A picture as a request carries it, or the path of a video."""
    return path if media_type(path).startswith("video/") else picture(path)


def with_files(value: Any) -> Any:
    """A JSON value in which each text ``@FILE`` has become what :func:`medium` makes of it."""

    def replaced(item: Any) -> Any:
        if isinstance(item, str) and item.startswith("@"):
            return medium(Path(item[1:]))
        return item

    return mapped(value, replaced)


def sent(kirin: Kirin, values: dict[str, Any]) -> Any:
    """Parameters in which each path of a video has become a link to it on the server."""
    return mapped(values, lambda item: kirin.upload(item).url if isinstance(item, Path) else item)


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """A JSON value with another one in place of each text, number and the like."""
    if isinstance(value, dict):
        return {name: mapped(item, change) for name, item in value.items()}
    if isinstance(value, list):
        return [mapped(item, change) for item in value]
    return change(value)
