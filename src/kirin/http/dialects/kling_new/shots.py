"""Prompts in shots: ``shot 1, 3, words; shot 2, 2, words;``."""

from __future__ import annotations

import re
from typing import Any, Final

SHOT: Final = re.compile(r"shot\s{1,8}(\d{1,3})\s{0,8},\s{0,8}(\d{1,3})\s{0,8},(.*)", re.I | re.S)
"""Number, seconds and words of a shot."""


def shots_in(prompt: str) -> list[dict[str, Any]] | None:
    """The shots of a prompt, as ``multi_prompt`` has them; ``None`` where it has none.

    A prompt that begins as one in shots and does not go on so is words from its beginning to its
    end, too: nobody can tell what was meant.

    >>> shots_in("shot 1, 3, a lake; shot 2, 2, a boat, from above;")
    [{'index': 1, 'prompt': 'a lake', 'duration': '3'}, \
{'index': 2, 'prompt': 'a boat, from above', 'duration': '2'}]
    >>> shots_in("a shot of a lake") is None
    True
    """
    parts = [part.strip() for part in prompt.split(";")]
    found = [SHOT.fullmatch(part) for part in parts if part]
    shots = [match for match in found if match]
    if not shots or len(shots) < len(found):
        return None
    return [
        {"index": int(match[1]), "prompt": match[3].strip(), "duration": match[2].lstrip("0")}
        for match in shots
    ]
