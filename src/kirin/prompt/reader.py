"""Read a prompt into an intent: the only entrance to this package."""

from __future__ import annotations

import re
from typing import Final

from kirin.domain.intent import Intent
from kirin.prompt.clauses import normalise
from kirin.prompt.direction import read_direction
from kirin.prompt.embeddings import SentenceEmbedder
from kirin.prompt.quotations import find_quotations, without_quotations
from kirin.prompt.scene import read_scene
from kirin.prompt.sounds import read_sounds

_SUBJECT_TAG: Final = re.compile(r"<<<[^<>]*>>>")
"""How prompts refer to a subject; its name does not describe the place."""


def read_intent(
    prompt: str,
    negative_prompt: str = "",
    *,
    seed: int = 0,
    shot: int = 0,
    drawn: bool = True,
    embedder: SentenceEmbedder | None = None,
) -> Intent:
    """Read what a shot's prompt asks for. Any text is allowed; what it leaves open is chosen.

    Args:
        prompt: what to show, in English or Chinese.
        negative_prompt: what not to show.
        seed: chooses what the prompt leaves open.
        shot: index of the shot in its video; shots that name no camera move differ by it.
        drawn: whether the picture is drawn from the prompt alone. Then what the prompt leaves
            open sounds as it is drawn; over a given picture only what is named is certain.
        embedder: guesses what texts without keywords are about.
    """
    text, unwanted = normalise(prompt), normalise(negative_prompt)
    described = text if drawn else normalise(_SUBJECT_TAG.sub(" ", prompt))
    scene = read_scene(described, unwanted, seed, embedder)
    audible = normalise(without_quotations(prompt))
    # A drawn scene must sound as it looks, though what is said in it may name other things.
    heard = (
        scene if drawn or audible == described else read_scene(audible, unwanted, seed, embedder)
    )
    return Intent(
        camera=read_direction(text, unwanted, seed + shot),
        scene=scene,
        sounds=read_sounds(audible, unwanted, heard, drawn=drawn),
        quotations=find_quotations(prompt),
    )
