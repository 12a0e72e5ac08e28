"""Read a prompt into an intent: the only entrance to this package."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from typing import Final

from kirin.domain.intent import Intent
from kirin.domain.motion import PictureMotion
from kirin.prompt.cast import read_cast
from kirin.prompt.changes import Change, read_changes
from kirin.prompt.chinese import chinese_cues
from kirin.prompt.chinese_cast import read_chinese
from kirin.prompt.clauses import normalise, split_clauses
from kirin.prompt.continuity import kept_scene
from kirin.prompt.direction import read_direction
from kirin.prompt.embeddings import SentenceEmbedder
from kirin.prompt.english import english_cues
from kirin.prompt.english_cast import read_english
from kirin.prompt.mentions import Mentions
from kirin.prompt.motion import read_motion, without_refused
from kirin.prompt.quotations import find_quotations, without_quotations
from kirin.prompt.scene import changed_scene, read_scene
from kirin.prompt.senses import settle_senses
from kirin.prompt.sounds import read_sounds, read_unheard
from kirin.prompt.styles import StyleReading, read_styles

_SUBJECT_TAG: Final = re.compile(r"<<<[^<>]*>>>")
"""How prompts refer to a subject, a picture or a video; its name does not describe the place."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_TRACKING: Final = re.compile(r"(?:跟|追|尾).*(?:镜|拍)|(?:航拍|无人机).*(?:跟|追|尾)")
"""Terms of the camera alone: nobody else follows in them."""
_FOLLOWING: Final = re.compile(r"follow|track|chas|跟|追")


def read_intent(
    prompt: str,
    negative_prompt: str = "",
    *,
    seed: int = 0,
    shot: int = 0,
    drawn: bool = True,
    embedder: SentenceEmbedder | None = None,
    before: Intent | None = None,
) -> Intent:
    """Read what a shot's prompt asks for. Any text is allowed; what it leaves open is chosen.

    Args:
        prompt: what to show, in English or Chinese.
        negative_prompt: what not to show.
        seed: chooses what the prompt leaves open, but for the camera over a picture in which
            something moves.
        shot: index of the shot in its video; shots that name no camera move differ by it.
        drawn: whether the picture is drawn from the prompt alone. Then what the prompt leaves
            open sounds as it is drawn; over a given picture only what is named is certain. The
            cast is read in either case: the engine decides whether it draws any of it.
        embedder: guesses what texts without keywords are about.
        before: of the shot before, if this one plays at the same place.
    """
    text, unwanted = normalise(prompt), normalise(negative_prompt)
    described = normalise(_SUBJECT_TAG.sub(" ", prompt))
    audible = normalise(without_quotations(_SUBJECT_TAG.sub(" ", prompt)))
    mentions, styles, change = _read_words(audible)
    refused, refused_styles, refused_change = _read_words(unwanted)
    scene = read_scene(described, unwanted, seed, embedder, mentions, change)
    cast, apart = read_cast(audible, mentions, refused, styles, refused_styles, scene)
    known = tuple(each for each in scene.understood if each not in {*map(str, apart)})
    scene = replace(scene, extras=scene.extras - apart, understood=known)
    spoken = normalise(without_quotations(prompt))
    # A drawn scene must sound as it looks, though what is said in it may name other things.
    heard = (
        scene
        if drawn or spoken == described
        else read_scene(spoken, unwanted, seed, embedder, mentions, change)
    )
    if before and drawn:
        scene = heard = kept_scene(scene, before.scene)
    motion = PictureMotion()
    if not drawn:
        motion = read_motion(audible, mentions, change, _camera_spans(audible))
        if unwanted:
            avoided = read_motion(unwanted, refused, refused_change, _camera_spans(unwanted))
            motion = without_refused(motion, avoided, unwanted)
    return Intent(
        camera=read_direction(text, unwanted, _chance_of_camera(text, seed, motion) + shot),
        scene=scene,
        sounds=read_sounds(
            spoken, unwanted, heard, drawn=drawn, before=before.sounds if before else ()
        ),
        quotations=find_quotations(prompt),
        unheard=read_unheard(spoken, unwanted),
        cast=cast,
        becomes=changed_scene(scene, change),
        motion=motion,
    )


def _chance_of_camera(text: str, seed: int, motion: PictureMotion) -> int:
    """What chooses a camera where none is named.

    Where something moves in a picture it is the words: what is found there depends on what the
    camera comes to show, and is told before a seed is drawn.
    """
    return zlib.crc32(text.encode("utf-8", "replace")) if motion else seed


def _read_words(text: str) -> tuple[Mentions, StyleReading, Change]:
    """What a normalised text mentions, its looks, and how the light changes in it."""
    styles, change = read_styles(text), read_changes(text)
    mentions = Mentions()
    spans = [*styles.spans, *change.spans, *_camera_spans(text)]
    mentions.follows = any(_TRACKING.search(text[start:end]) for start, end in spans)
    read_english(text, spans, mentions)
    if _HAN.search(text):
        read_chinese(text, spans, mentions)
    mentions.nouns.sort(key=lambda mention: mention.position)
    settle_senses(text, mentions.nouns)
    return mentions, styles, change


def _camera_spans(text: str) -> list[tuple[int, int]]:
    """The characters that direct the camera; what it follows is still on stage."""
    clauses = list(split_clauses(text))
    cues = (*english_cues(clauses), *chinese_cues(clauses))
    return [
        (cue.position, cue.position + len(cue.text))
        for cue in cues
        if _TRACKING.search(cue.text) or not _FOLLOWING.search(cue.text)
    ]
