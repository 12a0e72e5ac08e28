"""The documents tell the truth: what they list is what there is."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from kirin.http.dialects.registry import DIALECTS, MCP

ROOT = Path(__file__).parent.parent
REFUSERS = {
    "Problem": 1,
    "refuse": 2,
    "MediaRefused": 0,
    "UrlRefused": 0,
    "PydanticCustomError": 0,
}
"""Calls that carry a problem's code, and at which place."""


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    sys.path.append(str(ROOT / "scripts"))
    path = ROOT / "scripts" / "write_reference.py"
    spec = importlib.util.spec_from_file_location("write_reference", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def codes_in(source: str) -> set[str]:
    """Problem codes that a module can give out, wherever they are literals."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        place = REFUSERS.get(name)
        if place is not None and len(node.args) > place:
            argument = node.args[place]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                found.add(argument.value)
    return found


@pytest.mark.parametrize(
    "script", ["write_reference.py", "write_engines.py", "write_console_words.py"]
)
def test_the_generated_pages_are_up_to_date(script: str) -> None:
    done = subprocess.run(  # noqa: S603  our own script
        [sys.executable, ROOT / "scripts" / script, "--check"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_problem_code_is_explained(reference: ModuleType) -> None:
    sources = (ROOT / "src" / "kirin").rglob("*.py")
    given_out = set().union(*(codes_in(path.read_text("utf-8")) for path in sources))
    assert given_out - set(reference.PROBLEMS) == set()


def test_every_explained_problem_code_exists(reference: ModuleType) -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "src" / "kirin").rglob("*.py")]
    unknown = {
        code for code in reference.PROBLEMS if not any(f'"{code}"' in source for source in sources)
    }
    assert unknown == set()


def test_links_between_documents_lead_somewhere() -> None:
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents
        for target in re.findall(r"\]\(([^)#\s]+)\)", document.read_text("utf-8"))
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert broken == []


def test_every_folder_of_the_overview_exists() -> None:
    overview = (ROOT / "docs" / "architecture" / "00-overview.md").read_text("utf-8")
    section = overview.partition("## The packages")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    rooms = [name for cell in cells for name in re.findall(r"`(\w+(?:\.py|/))`", cell)]
    there = {
        path.name + ("/" if path.is_dir() else "")
        for path in (ROOT / "src" / "kirin").iterdir()
        if not path.name.startswith(("_", "py.typed"))
    }
    assert set(rooms) == there


def test_the_dialects_are_listed() -> None:
    folder = ROOT / "docs" / "dialects"
    text = (folder / "README.md").read_text("utf-8")
    listed = re.findall(
        r"^\| `(\w+)` \| \[(.+?)\]\((.+?)\) \| `.+?` \| `(.+?)` \|", text, re.MULTILINE
    )
    assert listed == [
        (each.name, each.title, f"{each.name}.md", each.document_path) for each in DIALECTS
    ]
    assert {path.stem for path in folder.glob("*.md")} == {
        "README",
        MCP,
        *(d.name for d in DIALECTS),
    }
