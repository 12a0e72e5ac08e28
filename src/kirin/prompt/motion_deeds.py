"""What the subjects of a picture are to do: as a whole, or in a way that no picture shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from kirin.concepts.concept import Kind
from kirin.concepts.library import library
from kirin.domain.cast import Heading, Missing
from kirin.domain.motion import BodyMotion, BodyRequest, Substance
from kirin.prompt.lemmas import verb_lemma
from kirin.prompt.mentions import Deed, Mention, Mentions, Role
from kirin.prompt.motion_changes import asked_changes
from kirin.prompt.motion_lexicon import chinese_meanings, english_meanings
from kirin.prompt.motion_newcomers import Newcomers
from kirin.prompt.motion_timing import TimedClause, heading_in, span_of
from kirin.prompt.motion_unread import part_names, unread_deeds
from kirin.prompt.negation import is_negated
from kirin.prompt.relations import preposition_of
from kirin.prompt.styles import read_styles
from kirin.prompt.vocabulary.grammar import grammar
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives
from kirin.prompt.vocabulary.motion import Doer, motion_words

_WORD: Final = re.compile(r"[a-z0-9à-ÿ]+(?:['-][a-z0-9à-ÿ]+)*|[^\sa-z0-9]")
_LONGEST: Final = 5  # words of a verb phrase, in rules and in reports
_CHARACTERS: Final = 7
_REACH: Final = 16  # characters from a part to its verb
_ALIVE: Final = (Kind.PERSON, Kind.ANIMAL)
_REPORTED: Final = frozenset({"at", "away", "off", "up", "down", "in", "out", "around", "back"})
"""Particles that belong to a verb in a report."""

_LAST: Final = re.compile(r"([a-z]+(?:-[a-z]+)*)\s+(?:\w+ly\s+|is\s+|are\s+)*$")
"""The word before a verb."""

_PEOPLE: Final = frozenset({"he", "she", "they", "who"})
_PLANTS: Final = frozenset({Substance.GRASS, Substance.LEAVES, Substance.FLOWERS})
_ARTICLES: Final = frozenset({"a", "an", "the", "his", "her", "its", "their", "my", "some"})


@dataclass(slots=True)
class Deeds:
    """What was read of the subjects' deeds."""

    body: list[tuple[int, BodyRequest]]
    missing: list[tuple[int, Missing]]


def read_deeds(
    text: str,
    mentions: Mentions,
    phases: Sequence[TimedClause],
    taken: Sequence[tuple[int, int]],
    camera: Sequence[tuple[int, int]],
) -> Deeds:
    """What subjects do as a whole, and every verb that no picture can be made to show.

    Args:
        text: normalised.
        mentions: its nouns and verbs.
        phases: its clauses.
        taken: characters that something else is read from.
        camera: characters that direct the camera.
    """
    found = Deeds([], [])
    spans = list(taken)
    for pattern, motion in _phrases():
        for match in pattern.finditer(text):
            if _overlaps(match.span(), spans) or is_negated(text, match.start()):
                continue
            spans.append(match.span())
            doer = _before(mentions, match.start())
            word = doer.word if doer else match.group()
            found.body.append(
                (match.start(), _request(word, match.group(), motion, phases, match.start()))
            )
    looks = read_styles(text).spans
    for change in asked_changes(text, [*spans, *camera, *looks]):
        open_ended = change.word.startswith("becom") or " into " in change.word
        phrase = _phrase(text, change) if open_ended else change.word
        found.missing.append((change.position, Missing(phrase, "motion")))
        spans.append((change.position, change.position + len(change.word)))
    unread = unread_deeds(text, mentions, [*spans, *camera])
    added = list(_added(text, mentions, spans))
    newcomers = Newcomers(text, added)
    for deed in sorted([*mentions.deeds, *unread], key=lambda each: each.position):
        if not _overlaps((deed.position, deed.position + 1), spans):
            _read(text, _without_busy(deed, spans), phases, mentions, newcomers, found)
    found.missing += [(each.position, Missing(each.word, "noun")) for each in added]
    return found


def named_bodies(text: str) -> set[BodyMotion]:
    """The motions of bodies that a text has a verb for, whoever does them."""
    words = _WORD.findall(text)
    phrases = {
        " ".join((verb_lemma(words[at]), *words[at + 1 : at + length]))
        for at in range(len(words))
        for length in (1, 2, 3)
    }
    return {
        motion
        for (verb, _), motion in _rules().items()
        if verb in phrases or (not verb.isascii() and len(verb) > 1 and verb in text)
    }


def _read(
    text: str,
    deed: Deed,
    phases: Sequence[TimedClause],
    mentions: Mentions,
    newcomers: Newcomers,
    found: Deeds,
) -> None:
    if _nobody().search(text[max(0, deed.position - 24) : deed.position]):
        return
    ahead = _ahead(text, deed)
    words = [phrase for _, phrase in ahead]
    doers = [each for each in deed.doers if not each.denied]
    kind, word = _doer(text, deed, doers, mentions)
    request = _body_request(text, deed, ahead, (kind, word), phases)
    new = newcomers.entering(deed, words, doers)
    new = new or (newcomers.going(deed, request, doers) if request else [])
    found.missing += [(each.position, Missing(each.word, "noun")) for each in new]
    asks = _asks(deed, kind, words)
    if new or (asks and (request is None or newcomers.are_new(doers))):
        found.missing.append((deed.position, Missing(_phrase(text, deed), "motion")))
    elif request is not None and not newcomers.are_new(doers):
        found.body.append((deed.position, request))
    elif not asks:
        newcomers.show(doers)


def _body_request(
    text: str,
    deed: Deed,
    ahead: Sequence[tuple[int, str]],
    doer: tuple[Doer | None, str],
    phases: Sequence[TimedClause],
) -> BodyRequest | None:
    """What a verb asks of a whole body, if that can be shown."""
    kind, word = doer
    for length, phrase in ahead:
        motion = _rules().get((phrase, kind)) if kind else None
        if motion is not None:
            verb = _phrase_of(text, deed, length)
            return _request(word or verb, verb, motion, phases, deed.position)
    return None


def _without_busy(deed: Deed, spans: Sequence[tuple[int, int]]) -> Deed:
    """A deed without those of its doers who do something else: "the lamps flicker and a kite"."""
    free = tuple(
        each
        for each in deed.doers
        if not any(start <= each.position < end <= deed.position for start, end in spans)
    )
    return replace(deed, doers=free) if free else deed


def _asks(deed: Deed, kind: Doer | None, phrases: Sequence[str]) -> bool:
    """Whether a verb asks for a motion, and does not only say what a picture shows."""
    words = motion_words(CHINESE if deed.chinese else ENGLISH)

    def among(entries: Sequence[str]) -> bool:
        return any(phrase in entries for phrase in phrases)

    described = deed.past or among(words.still.words)
    described = described or (kind == "thing" and among(words.lettered.words))
    described = described or (deed.ongoing and among(words.looking.words))
    return not described and (not deed.stative or among(words.asked.words))


def _request(
    word: str, verb: str, motion: BodyMotion, phases: Sequence[TimedClause], position: int
) -> BodyRequest:
    phase = next(each for each in reversed(phases) if each.clause.position <= position)
    way = heading_in(phase, position)
    if motion is BodyMotion.LIFT_OFF and way in (Heading.UP, None):
        way = None
    return BodyRequest(word, verb, motion, way, span_of(phase))


def _doer(
    text: str, deed: Deed, doers: Sequence[Mention], mentions: Mentions
) -> tuple[Doer | None, str]:
    """Whose deed it is, and the word for it; an empty one where nobody is named."""
    before = text[max(0, deed.position - 40) : deed.position]
    last = _LAST.search(before)
    if last and last[1] in _PEOPLE:
        people = [each for each in doers if _kind(each) == "living"]
        return "living", people[0].word if people else ""
    part = _part_before(mentions, deed)
    if part is not None:
        return "part", part.word
    if doers:
        return _kind(doers[0]), doers[0].word
    if deed.chinese or last is None or _joins().fullmatch(last[1]):
        return "unnamed", ""
    return "thing", last[1]


def _part_before(mentions: Mentions, deed: Deed) -> Mention | None:
    """The part of somebody right before a verb: a tail that wags."""
    near = [each for each in mentions.nouns if 0 < deed.position - each.position <= _REACH]
    last = near[-1] if near else None
    return last if last and (last.base in part_names() or last.role is Role.PART) else None


def _kind(first: Mention) -> Doer | None:
    if first.role is Role.PART:
        return "part"
    if first.role in (Role.PLACE, Role.CAMERA):
        return None
    meaning = english_meanings().get(first.word) or chinese_meanings().get(first.word)
    if meaning is not None and _PLANTS & meaning.matter.keys():
        return None
    kind = library().get(first.concept).kind if first.concept else None
    if kind is Kind.SKY:
        return None  # the moon is behind all that can be cut out
    if kind in _ALIVE:
        return "living"
    return "vehicle" if kind is Kind.VEHICLE else "thing"


def _ahead(text: str, deed: Deed) -> list[tuple[int, str]]:
    """The phrases that a verb may be the first word of, longest first, each with its length."""
    if deed.chinese:
        run = text[deed.position : deed.position + _CHARACTERS]
        phrases = [(n, run[:n]) for n in range(len(run), 0, -1)]
        return [*phrases, (len(deed.word), deed.base)]
    lemma = deed.base.split()[0]
    rest = [each for each in _words(text, deed.position)[1:8] if not each.endswith("ly")]
    phrases = [(n, " ".join((lemma, *rest[: n - 1]))) for n in range(_LONGEST, 0, -1)]
    return [(n, phrase) for n, phrase in phrases if n <= len(rest) + 1]


def _words(text: str, position: int) -> list[str]:
    """The words after an index up to the end of their clause."""
    words = []
    for found in _WORD.finditer(text, position, position + 80):
        if not found.group()[0].isalnum() or _joins().fullmatch(found.group()):
            break
        words.append(found.group())
    return words


def _phrase_of(text: str, deed: Deed, length: int) -> str:
    if deed.chinese:
        return deed.word
    return " ".join(_words(text, deed.position)[:length])


def _phrase(text: str, deed: Deed) -> str:
    """A verb with its particle or its object, as a report has it: "turns its head"."""
    if deed.chinese:
        return deed.word
    words = _words(text, deed.position)
    length = len(deed.word.split())
    while length < min(len(words), _LONGEST):
        word = words[length]
        if word not in _REPORTED and preposition_of([word]) is not None:
            break
        length += 1
        if word in _REPORTED and word != "at":
            break
    while length > 1 and words[length - 1] in _ARTICLES | {"at"}:
        length -= 1
    return " ".join(words[:length])


def _added(text: str, mentions: Mentions, taken: Sequence[tuple[int, int]]) -> Iterator[Mention]:
    """The nouns that are to be added: "add a hat"."""
    for match in _adding().finditer(text):
        if is_negated(text, match.start()):
            continue
        for noun in mentions.nouns:
            near = 0 <= noun.position - match.end() < 24
            if near and noun.role in (Role.THING, Role.CLOTHES):
                if not _overlaps((noun.position, noun.position + 1), taken):
                    yield noun
                break


def _before(mentions: Mentions, position: int) -> Mention | None:
    """The last thing that is named before an index."""
    nouns = [
        each
        for each in mentions.nouns
        if each.position < position and each.role is Role.THING and not each.denied
    ]
    return nouns[-1] if nouns else None


def _overlaps(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


@cache
def _nobody() -> re.Pattern[str]:
    words = alternatives(motion_words(ENGLISH).nobody.words)
    return re.compile(rf"\b(?:{words})\s(?:\w+\s)?$")


@cache
def _rules() -> dict[tuple[str, Doer], BodyMotion]:
    return {
        (verb, doer): rule.motion
        for language in (CHINESE, ENGLISH)
        for rule in reversed(motion_words(language).body)
        for verb in rule.verbs
        for doer in rule.of
    }


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], BodyMotion], ...]:
    return tuple(
        (
            re.compile(
                rf"\b(?:{alternatives(rule.phrases)})(?!\w)"
                if language == ENGLISH
                else alternatives(rule.phrases)
            ),
            rule.motion,
        )
        for language in (ENGLISH, CHINESE)
        for rule in motion_words(language).body
        if rule.phrases
    )


@cache
def _joins() -> re.Pattern[str]:
    en = grammar(ENGLISH).connectives
    words = alternatives([*en.then, *en.while_, *en.and_, *en.or_, "who", "which", "that"])
    return re.compile(words)


@cache
def _adding() -> re.Pattern[str]:
    english = alternatives(motion_words(ENGLISH).entering.adding)
    chinese = alternatives(motion_words(CHINESE).entering.adding)
    return re.compile(rf"\b(?:{english})\b|{chinese}")
