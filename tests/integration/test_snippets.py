"""Every snippet of the tutorials, the how-tos and the page for agents runs as it stands."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kirin.cli import app
from kirin.client import Kirin
from support.servers import Running
from support.snippets import Reader, snippets

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [
    page
    for page in sorted([*DOCS.glob("*.md"), *DOCS.glob("tutorials/*.md"), *DOCS.glob("howto/*.md")])
    if snippets(page)
]
BEFORE = {"leave": ("ada", "rosa")}
"""Accounts that have to be there before a page; another page may have made them."""


def here(running: Running) -> dict[str, str]:
    """The variables of who works on the machine of the server."""
    return {"KIRIN_DATA_DIR": str(running.data)}


def say(running: Running, *words: str) -> str:
    """Run a command on the machine of the server."""
    done = CliRunner().invoke(app, words, env=here(running))
    assert done.exit_code == 0, done.output
    return done.output


def key(running: Running, *words: str) -> str:
    """Make a key."""
    (found,) = re.findall(r"kirin_sk_\w+", say(running, "keys", "create", *words))
    return str(found)


def test_the_pages_are_found() -> None:
    assert {"start", "SKILL", "application", "artist", "gpu", "platform"} <= {p.stem for p in PAGES}


@pytest.mark.skipif(not shutil.which("curl"), reason="CURL IS NOT INSTALLED: NO SNIPPET IS RUN")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_snippets_do_what_they_say(page: Path, running: Running, tmp_path: Path) -> None:
    account = f"reader-of-{page.stem}"
    say(running, "accounts", "create", account)
    for name in BEFORE.get(page.stem, ()):
        CliRunner().invoke(app, ["accounts", "create", name], env=here(running))
    own = key(running, "--account", account)
    with Kirin(running.server.base_url, own) as kirin:
        variables = {
            "KIRIN_SERVER": running.server.base_url,
            "KIRIN_API_KEY": own,
            **here(running),
            "ADMIN_KEY": key(running, "--scope", "admin", "--name", page.stem),
        }
        names = {"server": running.server.base_url, "key": own, "kirin": kirin, "Path": Path}
        Reader(tmp_path, variables, names).follow(page)
