"""Diagrams of the documentation: Mermaid in its pages, pictures on the site.

The pictures in ``docs/diagrams`` were drawn once, by ``scripts/write_diagrams.py``; each is named
by the digest of its text, so one that was changed and not drawn again is not there.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "docs" / "diagrams"
BLOCK = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def picture_of(diagram: str) -> Path:
    """The file of a diagram's picture."""
    return FOLDER / f"{hashlib.sha256(diagram.encode()).hexdigest()[:12]}.svg"


def as_pictures(page: str) -> str:
    """A page with pictures in place of the text of its diagrams.

    Raises:
        SystemExit: one was not drawn.
    """

    def picture(block: re.Match[str]) -> str:
        path = picture_of(block[1])
        if not path.exists():
            raise SystemExit(f"draw it by scripts/write_diagrams.py:\n{block[0]}")
        return f'<div class="diagram">{path.read_text("utf-8").strip()}</div>'

    return BLOCK.sub(picture, page)
