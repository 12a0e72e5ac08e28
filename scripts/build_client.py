"""Builds ``clients/typescript`` into its ``dist``, where that is not up to date.

python scripts/build_client.py          builds; takes no time when nothing has changed
python scripts/build_client.py --check  types, style, import cycles and unit tests
"""

from __future__ import annotations

import sys
from pathlib import Path

import node

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "clients" / "typescript"
DIST = CLIENT / "dist"
STAMP = CLIENT / "node_modules" / ".built-from"
"""Not in what is built: all of that is published."""


def state() -> str:
    """A hash of all that the build is made from."""
    return node.state(CLIENT / "src", *sorted(CLIENT.glob("*.json")))


def is_built() -> bool:
    """Whether what is built is of the sources as they are."""
    return DIST.is_dir() and STAMP.is_file() and STAMP.read_text() == state()


def build() -> None:
    """Build the package unless it is up to date."""
    if is_built():
        return
    node.install(CLIENT)
    node.npm(CLIENT, ["run", "--silent", "build"])
    STAMP.write_text(state())


def check() -> None:
    """Check types and style, and run the unit tests."""
    node.install(CLIENT)
    node.npm(CLIENT, ["run", "--silent", "check"])
    node.npm(CLIENT, ["run", "--silent", "test"])


if __name__ == "__main__":
    check() if "--check" in sys.argv[1:] else build()
