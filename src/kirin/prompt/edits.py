"""Read what a prompt asks to be done to a given video.

Somebody who edits a video says what it shall be: "at night" is its light from the first frame on.
Over a picture the same words tell what it shows already. And an edit may ask for what nothing laid
over the video can do: to take something out of it, or to put another thing in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from kirin.domain.edit import FootageEdit
from kirin.domain.intent import Intent, Time, Weather
from kirin.domain.motion import AirRequest, Illumination, LightRequest, Particle, Span
from kirin.prompt.additions import Additions, enters, read_additions
from kirin.prompt.clauses import normalise, split_clauses
from kirin.prompt.negation import is_negated
from kirin.prompt.reader import read_intent
from kirin.prompt.vocabulary.edits import EditKind, edit_words
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives
from kirin.prompt.vocabulary.scene import scene_words

THROUGHOUT: Final = Span(-1.0, 0.0)
"""When a change of light is that is complete before the first frame."""

_TAG: Final = re.compile(r"<<<\s*((?:image|element|video)_\d+)\s*>>>")
_TAG_WORD: Final = re.compile(r"(?<![a-z])(?:image|element|video)_\d+")

_WITH, _AND = "with", "and"

_LIGHT: Final[Mapping[Time, Illumination]] = {each: Illumination(each.value) for each in Time}

_AIR: Final[Mapping[Weather, tuple[Particle, ...]]] = {
    Weather.RAIN: (Particle.RAIN,),
    Weather.SNOW: (Particle.SNOW,),
    Weather.FOG: (Particle.FOG,),
    Weather.STORM: (Particle.RAIN, Particle.LIGHTNING),
}
"""What weather has in the air; clouds and a clear sky would be another sky."""


@dataclass(frozen=True, slots=True)
class _Request:
    """A clause that asks for an edit.

    Attributes:
        kind: what is asked for.
        phrase: from the verb on.
        start, end: where the clause is in the text.
        longer: the phrase with what an "and" joins to it: "make it black and white".
        verb_end: where the verb ends in the text.
    """

    kind: EditKind
    phrase: str
    start: int
    end: int
    longer: str = ""
    verb_end: int = 0


def read_edit(prompt: str, negative_prompt: str = "", *, seed: int = 0) -> FootageEdit:
    """Read a prompt in English or Chinese; what it leaves open is chosen as for a picture."""
    text = _TAG.sub(r" \1 ", normalise(prompt))
    kept, refused = text, []
    done: list[_Request] = []
    for request in _requests(text):
        end = request.end
        if _possible(request, negative_prompt, seed):
            done.append(request)
            if request.kind is not EditKind.REPLACE:
                continue
            end -= len(_other(request.phrase))  # what is replaced is no wish
        else:
            refused.append(request)
        blank = "." + " " * (end - request.start - 1)
        kept = kept[: request.start] + blank + kept[end:]
    told = _untagged(kept)
    intent = read_intent(told, negative_prompt, seed=seed, drawn=False)
    additions = read_additions(told, intent, _verbs(done))
    called = set(_TAG_WORD.findall(kept))
    withheld = {tag for each in refused for tag in _TAG_WORD.findall(each.phrase)} - called
    return FootageEdit(
        _with_added(_laid_over(intent, kept, done, normalise(negative_prompt)), additions, told),
        tuple(" ".join(each.phrase.split()) for each in refused),
        frozenset(tag for tag in withheld if not tag.startswith("video")),
        additions.added,
    )


def _untagged(text: str) -> str:
    """A text with spaces for tags, so that all else stays at its place."""
    return _TAG_WORD.sub(lambda found: " " * len(found.group()), text)


def _verbs(done: Iterable[_Request]) -> dict[int, int]:
    """Where the clauses that add something begin, and where their verbs end."""
    return {each.start: each.verb_end for each in done if each.kind is EditKind.ADD}


def _with_added(intent: Intent, additions: Additions, text: str) -> Intent:
    """An intent that asks of the video itself no more what is done by those who are added."""
    motion, added = intent.motion, additions.added
    if not added.cast.members:
        return intent
    unknown = frozenset(each.word for each in intent.cast.missing if each.kind == "verb")
    # What comes in by an entering verb is honoured by its entrance, known to the drawings or not.
    unknown -= {each.word for each in motion.missing if enters(each.word)}
    missing = [each for each in motion.missing if not additions.honours(each, text, unknown)]
    return replace(
        intent,
        motion=replace(
            motion,
            missing=(*missing, *additions.untold),
            air=tuple(each for each in motion.air if each.word not in additions.words),
            body=tuple(each for each in motion.body if each.word not in additions.words),
        ),
    )


def _possible(request: _Request, negative_prompt: str, seed: int) -> bool:
    """Whether what a clause asks for can be laid over a video."""
    phrase = request.phrase
    if request.kind is EditKind.REMOVE:
        return False
    if request.kind is EditKind.ADD:
        return True  # who or what joins is told of one by one
    phrases = [_other(phrase)] if request.kind is EditKind.REPLACE else [phrase, request.longer]
    for each in filter(None, phrases):
        told = _untagged(each)
        intent = read_intent(told, negative_prompt, seed=seed, drawn=False)
        if request.kind is EditKind.CHANGE and read_additions(told, intent, {}).words:
            return True  # "let a bird fly across"
        made = _laid_over(intent, each, [request], normalise(negative_prompt))
        if made.motion.air or made.motion.light or made.cast.styles:
            return True
    return False


def _other(phrase: str) -> str:
    """What is to take the place of something."""
    _, found, after = phrase.partition(" with ")
    if found:
        return after
    parts = _into().split(phrase, maxsplit=1)
    return parts[1] if len(parts) > 1 else ""


def _laid_over(intent: Intent, text: str, done: Iterable[_Request], unwanted: str) -> Intent:
    """An intent with the light and the weather that a text says the video shall have."""
    phrases = [each.phrase for each in done]
    motion = intent.motion
    light = [
        replace(each, span=THROUGHOUT) if any(each.word in phrase for phrase in phrases) else each
        for each in motion.light
    ]
    kinds = {each.becomes for each in light}
    named = [*_named_light(text), *_scene_light(intent, text)]
    for word, becomes in named:
        if becomes not in kinds and word not in unwanted:
            kinds.add(becomes)
            light.append(LightRequest(word, becomes, THROUGHOUT))
    air = list(motion.air)
    particles = {each.particle for each in air}
    for weather, particle in _scene_air(intent):
        if particle not in particles:
            particles.add(particle)
            air.append(AirRequest(weather.value, particle))
    return replace(intent, motion=replace(motion, light=tuple(light), air=tuple(air)))


def _named_light(text: str) -> Iterator[tuple[str, Illumination]]:
    for pattern, becomes in _lights():
        found = pattern.search(text)
        if found and not is_negated(text, found.start()):
            yield found.group(), becomes


def _scene_light(intent: Intent, text: str) -> Iterator[tuple[str, Illumination]]:
    """The time of day that a text names, where it does not tell of its change."""
    scene = intent.scene
    lasts = intent.becomes is None or intent.becomes.time is scene.time
    if scene.time.value in scene.understood and lasts:
        words = (*scene_words(ENGLISH).time[scene.time], *scene_words(CHINESE).time[scene.time])
        found = re.search(alternatives(words), text)
        yield (found.group() if found else scene.time.value), _LIGHT[scene.time]


def _scene_air(intent: Intent) -> Iterator[tuple[Weather, Particle]]:
    scene = intent.scene
    lasts = intent.becomes is None or intent.becomes.weather is scene.weather
    if scene.weather.value in scene.understood and lasts:
        for particle in _AIR.get(scene.weather, ()):
            yield scene.weather, particle


def _requests(text: str) -> Iterator[_Request]:
    clauses = list(split_clauses(text))
    for index, clause in enumerate(clauses):
        start, end = clause.position, clause.position + len(clause.text)
        following = clauses[index + 1] if index + 1 < len(clauses) else None
        goes_on = following.position + len(following.text) if following else end
        for (pattern, kinds), whole in ((_english(), False), (_chinese(), True)):
            found = pattern.search(clause.text)
            if found is None or is_negated(text, start + found.start("verb")):
                continue
            begins = start if whole else start + found.start("verb")
            kind = next(kind for kind in kinds if found.group(kind.value) is not None)
            joined = following and text[end : following.position].strip()
            if kind is EditKind.REPLACE and joined == _WITH:
                end = goes_on
            rest = text[begins:goes_on] if joined == _AND else ""
            verb_end = clause.position + found.end("verb")
            yield _Request(kind, text[begins:end], start, end, rest, verb_end)
            break


@cache
def _english() -> tuple[re.Pattern[str], tuple[EditKind, ...]]:
    words = edit_words(ENGLISH)
    verbs = "|".join(f"(?P<{kind.value}>{alternatives(words.verbs[kind])})" for kind in EditKind)
    before = rf"(?:^|\b(?:{alternatives(words.before)}) |(?:image|element|video)_\d+ *)"
    return re.compile(rf"{before}(?P<verb>{verbs})\b"), tuple(EditKind)


@cache
def _chinese() -> tuple[re.Pattern[str], tuple[EditKind, ...]]:
    words = edit_words(CHINESE)
    verbs = "|".join(f"(?P<{kind.value}>{alternatives(words.verbs[kind])})" for kind in EditKind)
    return re.compile(rf"(?P<verb>{verbs})"), tuple(EditKind)


@cache
def _into() -> re.Pattern[str]:
    english, chinese = edit_words(ENGLISH).into, edit_words(CHINESE).into
    return re.compile(rf"\b(?:{alternatives(english)})\b|{alternatives(chinese)}")


@cache
def _lights() -> tuple[tuple[re.Pattern[str], Illumination], ...]:
    rules = [
        (re.compile(rf"\b(?:{alternatives(words)})\b"), becomes)
        for becomes, words in edit_words(ENGLISH).light.items()
    ]
    rules += [
        (re.compile(alternatives(words)), becomes)
        for becomes, words in edit_words(CHINESE).light.items()
    ]
    return tuple(rules)
