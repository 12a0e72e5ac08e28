"""Pages that are made from code: written, or held against what is there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


def write(pages: Mapping[Path, Callable[[], str]]) -> None:
    """Write pages; with ``--check`` on the command line, only look whether they are up to date.

    Args:
        pages: the file of each and what makes its text.

    Raises:
        SystemExit: one is not up to date.
    """
    stale = []
    for path, make in pages.items():
        text = make()
        if "--check" not in sys.argv:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            stale.append(str(path.relative_to(DOCS.parent)))
    if stale:
        sys.exit(f"not up to date, run 'make docs': {', '.join(stale)}")
