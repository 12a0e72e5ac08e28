"""A shot's prompt as the text encoder should read it: subjects by name, the camera in words."""

from __future__ import annotations

import re
from typing import Final

from kirin.domain.storyboard import Shot
from kirin.engines.diffusion.camera_words import camera_words

_MENTION: Final = re.compile(r"<<<element_(\d+)>>>")
_PICTURE: Final = re.compile(r"<<<image_\d+>>>")
_ANONYMOUS: Final = "the subject"
_PICTURED: Final = "the subject of the picture"


def encoder_prompt(shot: Shot) -> str:
    """The prompt with subjects by name instead of number, and after it the camera's move.

    Numbers count all subjects of a request, and a shot has those that its prompt mentions. If it
    has others as well, it is ambiguous which subject a number means: each is then "the subject".
    """
    numbers = sorted({int(number) for number in _MENTION.findall(shot.prompt)})
    subjects = [each for each in shot.references if not each.number]
    named = len(numbers) == len(subjects)
    names = {
        number: (subjects[place].name if named else "") or _ANONYMOUS
        for place, number in enumerate(numbers)
    }
    prompt = _MENTION.sub(lambda mention: names[int(mention.group(1))], shot.prompt)
    said = _PICTURE.sub(_PICTURED, prompt)
    move = camera_words(shot.camera) if shot.camera else ""
    return f"{said}\n{move}" if said and move else said or move
