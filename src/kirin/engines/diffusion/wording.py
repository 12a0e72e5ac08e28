"""Wording: a shot's prompt as a text encoder should read it."""

from __future__ import annotations

import re
from typing import Final

from kirin.domain.storyboard import Shot

_CALL: Final = re.compile(r"<<<element_(\d+)>>>")
_NAMELESS: Final = "the subject"


def wording(shot: Shot) -> str:
    """The prompt, with subjects by their names instead of their numbers.

    Numbers count all subjects of a request, of which a shot has those that it calls. Where it has
    others too, which of them a number means cannot be told: each is then called a subject.
    """
    numbers = sorted({int(number) for number in _CALL.findall(shot.prompt)})
    named = len(numbers) == len(shot.references)
    names = {
        number: (shot.references[place].name if named else "") or _NAMELESS
        for place, number in enumerate(numbers)
    }
    return _CALL.sub(lambda call: names[int(call.group(1))], shot.prompt)
