"""Read the prompts of a storyboard, each once, before its shots are drawn and heard."""

from __future__ import annotations

from kirin.domain.intent import Intent
from kirin.domain.storyboard import Storyboard
from kirin.prompt.embeddings import sentence_embedder
from kirin.prompt.reader import read_intent


def read_intents(storyboard: Storyboard, *, synthesised: bool) -> tuple[Intent, ...]:
    """What the prompt of each shot asks for.

    Args:
        storyboard: the video.
        synthesised: whether its sound is made here.
    """
    intents = []
    for index, shot in enumerate(storyboard.shots):
        pictured = shot.first is not None or shot.last is not None
        # A scene that is neither drawn nor heard is not guessed: that would load the network.
        embedder = sentence_embedder() if synthesised or not pictured else None
        intents.append(
            read_intent(
                shot.prompt,
                storyboard.negative_prompt,
                seed=storyboard.seed,
                shot=index,
                drawn=not (pictured or shot.references),
                embedder=embedder,
            )
        )
    return tuple(intents)
