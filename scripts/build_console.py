"""Builds the console from ``web/`` into ``src/kirin/console/dist``, where that is not up to date.

It speaks to the server by the client of ``clients/typescript``, whose sources are built into it.

python scripts/build_console.py          builds; takes no time when nothing has changed
python scripts/build_console.py --check  types, style, import cycles and unit tests of ``web/``
"""

from __future__ import annotations

import sys
from pathlib import Path

import node

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
CLIENT = ROOT / "clients" / "typescript"
DIST = ROOT / "src" / "kirin" / "console" / "dist"
STAMP = DIST / ".built-from"


def state() -> str:
    """A hash of all that the build is made from: the client of the API is in it."""
    return node.state(WEB, CLIENT / "src")


def build() -> None:
    """Build the console unless it is up to date."""
    wanted = state()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    node.install(WEB)
    node.npm(WEB, ["run", "--silent", "build"])
    STAMP.write_text(wanted)


def check() -> None:
    """Check types and style, and run the unit tests."""
    node.install(WEB)
    node.npm(WEB, ["run", "--silent", "check"])
    node.npm(WEB, ["run", "--silent", "test"])


if __name__ == "__main__":
    check() if "--check" in sys.argv[1:] else build()
