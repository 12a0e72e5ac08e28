"""Camera cues in English: a move counts only where the camera, or nobody, is the subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from kirin.domain.intent import Move, Speed
from kirin.prompt.clauses import Clause, Link
from kirin.prompt.cues import MOVING, Cue, with_opposites
from kirin.prompt.english_phrases import Phrase, parse_phrase
from kirin.prompt.vocabulary.english_camera import Form, Heading, Trait, english_camera

_TOKEN: Final = re.compile(r"[a-z]+(?:'[a-z]+)?")
_COMPOUNDS: Final = frozenset({"hand", "close", "closeup"})
"""Beginnings of "hand held" and "close up"."""


class _Subject(Enum):
    NOBODY = 0
    CAMERA = 1
    OTHER = 2


@dataclass(slots=True)
class _Reader:
    """Reads clauses in order and keeps track of the subject.

    ``unwanted`` reads a negative prompt, where every word is negated and bare nouns count.
    """

    unwanted: bool
    subject: _Subject = _Subject.NOBODY
    lemma: str = ""
    negated: bool = False
    speed: tuple[Speed, str] | None = None

    def read(self, clause: Clause) -> Iterator[Cue]:
        """The cues of one clause; call it for the clauses of a text in their order."""
        places = list(_TOKEN.finditer(clause.text))
        words = [place.group().removesuffix("'s") for place in places]
        if not words:
            return
        camera = self._find_camera(words, clause.link)
        carried = self.negated and clause.link in (Link.OR, Link.AND, Link.LIST)
        found = False
        negated = False
        for begin, end, moves, is_bare in self._moves(words, clause.link, camera):
            negated = _is_negated(words, begin) or (carried and (is_bare or clause.link is Link.OR))
            speed = _speed(words, begin, end)
            if speed is None and (found or clause.link is Link.AND):
                speed = self.speed
            found, self.speed = True, speed
            unwanted = negated or self.unwanted
            yield Cue(
                with_opposites(moves) if unwanted and is_bare else moves,
                " ".join(words[begin:end]),
                clause.position + places[begin].start(),
                clause.link,
                speed=speed[0] if speed else None,
                speed_text=speed[1] if speed else "",
                negated=unwanted,
                framing=words[begin].startswith("close"),
            )
        self.negated = negated
        if not found:
            self.lemma, self.speed = "", None

    def _find_camera(self, words: Sequence[str], link: Link) -> int | None:
        """Update the subject; the index of a camera word that is it, if the clause has one."""
        en = english_camera()
        if link is Link.SENTENCE and "it" not in words:
            self.subject, self.lemma, self.negated, self.speed = _Subject.NOBODY, "", False, None
        for index, word in enumerate(words):
            # "a shot of a man ..." is about the man
            if word in en.words.camera and words[index + 1 : index + 2] != ["of"]:
                self.subject = _Subject.CAMERA
                return index
            if word == "it" and self.subject is _Subject.CAMERA:
                return index
            if word in en.verb_of or word in en.states or word in _COMPOUNDS:
                return None
            if word not in en.fillers and word not in en.heading_of:
                self.subject = _Subject.OTHER
                return None
        return None

    def _moves(
        self, words: Sequence[str], link: Link, camera: int | None
    ) -> Iterator[tuple[int, int, tuple[Move, ...], bool]]:
        """Begin, end, moves and whether they came without a heading, for each move named."""
        en = english_camera()
        if self.lemma and all(word in en.heading_of or word in en.fillers for word in words):
            # "(pan left and) up"
            heading = next((en.heading_of[word] for word in words if word in en.heading_of), None)
            move = en.moves_of[self.lemma].get(heading) if heading else None
            if move:
                yield 0, len(words), (move,), False
            return
        index = 0
        while index < len(words):
            state = _state(words, index, camera, self.unwanted)
            if state:
                yield index, state[1], (state[0],), False
                index = state[1]
            elif words[index : index + 2] == ["dolly", "zoom"]:
                yield index, index + 2, (Move.PUSH_IN, Move.ZOOM_OUT), False
                index += 2
            elif words[index] in en.verb_of:
                phrase = parse_phrase(words, index)
                if moves := self._accept(phrase, link, camera):
                    self.lemma = phrase.lemma
                    yield phrase.begin, phrase.end, moves, phrase.heading is Heading.BARE
                index = phrase.end
            else:
                index += 1

    def _accept(self, phrase: Phrase, link: Link, camera: int | None) -> tuple[Move, ...]:
        """What a phrase asks of the camera; empty if it is about something else."""
        en = english_camera()
        bare = phrase.heading is Heading.BARE
        negated = self.unwanted or self.negated or _is_negated(phrase.words, phrase.verb)
        is_camera = phrase.moves_camera or _is_subject(camera, phrase.words, phrase.verb)
        if en.has(phrase.lemma, Trait.GENERAL) and bare:
            return tuple(sorted(MOVING)) if negated and (is_camera or self.unwanted) else ()
        if phrase.move is None:
            return ()
        if is_camera:
            # "photos in a camera roll"
            album = phrase.lemma == "roll" and phrase.form is Form.BASE and bare
            return () if album and not negated else (phrase.move,)
        if phrase.takes_object:
            return ()
        if negated:
            known = en.has(phrase.lemma, Trait.CAMERA, Trait.SHARED, Trait.SHAKE)
            return (phrase.move,) if known and en.is_free(phrase.before) else ()
        return (phrase.move,) if self._is_order(phrase, link) else ()

    def _is_order(self, phrase: Phrase, link: Link) -> bool:
        """Whether a verb without the camera as its own subject is about the camera all the same."""
        en = english_camera()
        lemma = phrase.lemma
        if phrase.words[phrase.verb + 1 : phrase.verb + 2] in (["shot"], ["shots"]):
            return en.has(lemma, Trait.CAMERA, Trait.SHARED)
        if not en.is_free(phrase.before):
            # "mountains at dawn slow zoom in": a tag at the end of a caption
            tagged = phrase.is_described and phrase.form is Form.BASE
            return tagged and en.has(lemma, Trait.CAMERA)
        if phrase.heading is Heading.BARE:
            if phrase.is_described and en.has(lemma, Trait.CAMERA, Trait.ORBIT):
                return True
            continued = self.subject is _Subject.CAMERA and link is not Link.SENTENCE
            return continued and lemma != "roll" and en.has(lemma, Trait.CAMERA, Trait.SHARED)
        if phrase.previous in en.words.articles and en.has(lemma, Trait.NOUN):
            return phrase.words[phrase.verb + 1] in {"to", "from"}
        return self._is_subject_fit(phrase, link)

    def _is_subject_fit(self, phrase: Phrase, link: Link) -> bool:
        """Whether the subject that the clause has from those before it allows an order."""
        en = english_camera()
        if self.subject is _Subject.CAMERA:
            return True
        if en.has(phrase.lemma, Trait.CAMERA):
            return self.subject is _Subject.NOBODY or phrase.form in (Form.BASE, Form.ING)
        if not en.has(phrase.lemma, Trait.SHARED):
            return False
        if self.subject is _Subject.OTHER:
            return phrase.form is Form.BASE and link in (Link.LIST, Link.THEN, Link.WHILE)
        return phrase.form is not Form.PAST


def _is_subject(camera: int | None, words: Sequence[str], index: int) -> bool:
    """Whether the camera word at ``camera`` is the subject of what stands at ``index``."""
    if camera is None or camera >= index:
        return False
    return english_camera().is_free(words[camera + 1 : index])


def _is_negated(words: Sequence[str], index: int) -> bool:
    return not english_camera().words.negations.isdisjoint(words[max(0, index - 6) : index])


def _speed(words: Sequence[str], begin: int, end: int) -> tuple[Speed, str] | None:
    """The speed named beside a phrase, or by an adverb elsewhere in its clause."""
    en = english_camera()
    beside = [*range(begin - 1, max(-1, begin - 5), -1), *range(begin, min(len(words), end + 3))]
    adverbs = (index for index, word in enumerate(words) if word.endswith("ly"))
    for index in (*beside, *adverbs):
        speed = en.speed_of.get(words[index])
        if speed is None or (index < begin and words[index + 1] in {"motion", "mo"}):
            continue
        if index and words[index - 1] in en.words.degrees:
            slower = Speed.VERY_SLOW if speed is Speed.SLOW else speed
            return slower, f"{words[index - 1]} {words[index]}"
        return speed, words[index]
    return None


def _state(
    words: Sequence[str], index: int, camera: int | None, unwanted: bool
) -> tuple[Move, int] | None:
    """A handheld or static camera, or a framing, that begins here; with its end."""
    en = english_camera()
    word, end = words[index], index + 1
    pair = (word, words[end] if end < len(words) else "")
    if word == "closeup" or pair == ("close", "up"):
        return Move.PUSH_IN, end + (word == "close")
    if pair == ("hand", "held"):
        word, end = "handheld", end + 1
    if word in en.words.unsteady:
        move, alone = Move.HANDHELD, word == "handheld" or unwanted
    elif word in en.words.still:
        move, alone = Move.STATIC, word in en.words.still_alone or unwanted
    else:
        return None
    while end < len(words) and words[end] in en.words.sizes:
        end += 1
    if end < len(words) and words[end] in en.footage:
        return move, end + 1
    ends_clause = alone and end == len(words) and en.is_free(words[:index])
    return (move, end) if ends_clause or _is_subject(camera, words, index) else None


def english_cues(clauses: Sequence[Clause], *, unwanted: bool = False) -> Iterator[Cue]:
    """What the English clauses of a text say about the camera.

    Args:
        clauses: of a normalised text, in order; other languages in them are ignored.
        unwanted: whether it is a negative prompt, so that each cue is negated and bare nouns
            ("zoom", "camera shake") count.
    """
    reader = _Reader(unwanted)
    for clause in clauses:
        yield from reader.read(clause)
