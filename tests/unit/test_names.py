"""A class name means one thing in the whole package, so that it can be searched for."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import kirin

ROOT = Path(kirin.__file__).parent

SHARED = frozenset(
    {
        "Attempt",
        "Backlog",
        "Body",
        "Header",
        "Parameter",
        "Patterns",
        "Reader",
        "Subject",
        "Table",
    }
)
"""Names that still stand for two things. Remove them one by one; add none."""

MIRROR = "client"
"""The client's types mirror the wire, so they share the names of what they describe."""


def class_names() -> dict[str, list[str]]:
    """The modules that define each class name; a leading underscore makes no difference."""
    found = defaultdict(list)
    for path in sorted(ROOT.rglob("*.py")):
        if path.relative_to(ROOT).parts[0] == MIRROR:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name.lstrip("_")].append(path.relative_to(ROOT).as_posix())
    return found


def test_no_class_name_has_two_meanings() -> None:
    twice = {name: paths for name, paths in class_names().items() if len(paths) > 1}
    assert {name: paths for name, paths in twice.items() if name not in SHARED} == {}
