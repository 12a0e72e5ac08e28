"""Read the prompts of a storyboard, each once, before its shots are drawn and heard."""

from __future__ import annotations

from kirin.domain.footage import FootageUse
from kirin.domain.intent import Intent
from kirin.engines.animatic.camera.control import directed
from kirin.engines.animatic.continuity import Continuity
from kirin.engines.animatic.footage.edits import edited
from kirin.prompt.embeddings import sentence_embedder
from kirin.prompt.reader import read_intent


def read_intents(continuity: Continuity, *, synthesised: bool) -> tuple[Intent, ...]:
    """What the prompt of each shot asks for, with the camera that its numbers ask for.

    Args:
        continuity: the video, from :func:`~kirin.engines.animatic.continuity.carry_over`.
        synthesised: whether its sound is made here.
    """
    storyboard = continuity.storyboard
    intents: list[Intent] = []
    if storyboard.footage and storyboard.footage.use is FootageUse.BASE:
        return tuple(edited(shot, storyboard) for shot in storyboard.shots)
    for index, shot in enumerate(storyboard.shots):
        pictured = shot.first is not None or shot.last is not None
        # A scene that is neither drawn nor heard is not guessed: that would load the network.
        embedder = sentence_embedder() if synthesised or not pictured else None
        intent = read_intent(
            shot.prompt,
            storyboard.negative_prompt,
            seed=storyboard.seed,
            shot=index,
            drawn=shot.drawn,
            embedder=embedder,
            before=intents[-1] if continuity.kept[index] else None,
        )
        intents.append(directed(intent, shot.camera) if shot.camera else intent)
    return tuple(intents)
