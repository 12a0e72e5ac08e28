"""Camera cues in English: a move counts only where the camera, or nobody, is the subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from kirin.domain.intent import Move, Speed
from kirin.prompt.clauses import Clause, Link
from kirin.prompt.cues import MOVING, TURNING, Cue, turned, with_opposites
from kirin.prompt.english_phrases import Phrase, parse_phrase
from kirin.prompt.english_words import degrees_in, speed_of, spelled, tokens
from kirin.prompt.vocabulary.english_camera import IDIOM, Form, MoveHeading, Trait, english_camera

_COMPOUNDS: Final = frozenset({"hand", "close", "closeup"})
"""Beginnings of "hand held" and "close up"."""
_ACTED: Final = (Trait.CAMERA, Trait.SHARED, Trait.FOLLOW)
"""Verbs that a camera named before may do without a heading."""


class _Subject(Enum):
    NOBODY = 0
    CAMERA = 1
    OTHER = 2


@dataclass(frozen=True, slots=True)
class _Spot:
    """Moves that a clause names.

    Attributes:
        begin, end: indices of its words.
        moves: what is named.
        is_bare: whether it came without a heading.
        is_shot: whether it is a kind of shot ("dolly shot"), which words after it may correct.
        spins: whether a turn of many degrees leads around the subject, not about the lens.
        refines: whether it only tells which way the move before it goes.
        tentative: whether it counts only beside a certain move.
        speed: that the verb implies.
    """

    begin: int
    end: int
    moves: tuple[Move, ...]
    is_bare: bool = False
    is_shot: bool = False
    spins: bool = False
    refines: bool = False
    tentative: bool = False
    speed: Speed | None = None


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
    aimed: bool = True
    only: bool = False
    last: bool = False
    tentative: bool = False
    eager: bool = False
    moved: bool = False

    def read(self, clause: Clause, *, only: bool = False, last: bool = False) -> Iterator[Cue]:
        """The cues of one clause; call it for the clauses of a text in their order.

        ``only`` and ``last`` say whether it is the only one and the last one.
        """
        places, words = tokens(clause.text)
        if clause.link is Link.LIST and self.moved and (cue := _addition(clause, words)):
            yield cue
        if not words:
            return
        self.only, self.last = only, last
        camera = self._find_camera(words, clause.link)
        carried = self.negated and clause.link in (Link.OR, Link.AND, Link.LIST)
        found = False
        negated = False
        degrees = degrees_in(clause.text)
        for spot in _explicit(list(self._moves(words, clause.link, camera))):
            begin, end = spot.begin, spot.end
            negated = _is_negated(words, begin) or (
                carried and (spot.is_bare or clause.link is Link.OR)
            )
            speed = speed_of(words, begin, end)
            if speed is None and spot.speed:
                speed = spot.speed, ""
            if speed is None and (found or clause.link is Link.AND or self.eager):
                speed = self.speed
            link = Link.LIST if found else clause.link
            found, self.speed = True, speed
            unwanted = negated or self.unwanted
            moves = spot.moves
            if spot.spins:
                moves = turned(moves, degrees, aimed=not spot.is_bare)
            yield Cue(
                with_opposites(moves) if unwanted and spot.is_bare else moves,
                spelled(words[begin:end], places[begin:end]),
                clause.position + places[begin].start(),
                link,
                speed=speed[0] if speed else None,
                speed_text=speed[1] if speed else "",
                negated=unwanted,
                framing=words[begin].startswith("close"),
                degrees=None if TURNING.isdisjoint(moves) else degrees,
                refines=spot.refines and clause.link is Link.LIST,
                tentative=spot.tentative,
            )
        self.negated, self.moved = negated, found
        if not found:
            self.lemma, self.speed = "", None
        # "slow, steady push in"
        self.eager = not found and all(word in english_camera().fillers for word in words)
        if self.eager:
            self.speed = speed_of(words, 0, len(words))

    def _find_camera(self, words: Sequence[str], link: Link) -> int | None:
        """Update the subject; the index of a camera word that is it, if the clause has one."""
        en = english_camera()
        if link is Link.SENTENCE and "it" not in words:
            self.subject, self.lemma, self.negated, self.speed = _Subject.NOBODY, "", False, None
        for index, word in enumerate(words):
            # "a shot of a man ..." is about the man
            named = word in en.words.camera and words[index + 1 : index + 2] != ["of"]
            carries = word in en.words.carriers and "a" not in words[:index]
            if named or carries or (word == "it" and self.subject is _Subject.CAMERA):
                self.subject = _Subject.CAMERA
                return index
            if word.startswith(IDIOM) or word in en.verb_of:
                return None
            if word in en.states or word in _COMPOUNDS:
                return None
            if word not in en.fillers and word not in en.heading_of:
                self.subject = _Subject.OTHER
                return None
        return None

    def _moves(self, words: Sequence[str], link: Link, camera: int | None) -> Iterator[_Spot]:
        """The moves that a clause names, in order."""
        en = english_camera()
        if self.lemma and all(word in en.heading_of or word in en.fillers for word in words):
            # "(pan left and) up"
            heading = next((en.heading_of[word] for word in words if word in en.heading_of), None)
            if heading and (move := en.moves_of[self.lemma].get(heading)):
                yield _Spot(0, len(words), (move,), refines=not self.aimed)
            return
        index = 0
        while index < len(words):
            state = _state(words, index, camera, self.unwanted)
            if state:
                yield _Spot(index, state[1], (state[0],))
                index = state[1]
            elif words[index].startswith(IDIOM):
                if moves := en.idioms[words[index][1:]].moves:
                    yield _Spot(index, index + 1, moves)
                index += 1
            elif words[index] in en.verb_of:
                phrase = parse_phrase(words, index)
                self.tentative = False
                if moves := self._accept(phrase, link, camera):
                    self.lemma = phrase.lemma
                    bare = phrase.heading is MoveHeading.BARE
                    self.aimed = not bare and phrase.heading is not MoveHeading.AROUND
                    yield _Spot(
                        phrase.begin,
                        phrase.end,
                        moves,
                        is_bare=bare,
                        is_shot=bare and phrase.is_shot,
                        spins=phrase.lemma != "roll",
                        tentative=self.tentative,
                        speed=en.verbs[phrase.lemma].speed,
                    )
                index = phrase.end
            else:
                index += 1

    def _accept(self, phrase: Phrase, link: Link, camera: int | None) -> tuple[Move, ...]:
        """What a phrase asks of the camera; empty if it is about something else."""
        en = english_camera()
        bare = phrase.heading is MoveHeading.BARE
        negated = self.unwanted or self.negated or _is_negated(phrase.words, phrase.verb)
        is_camera = (
            phrase.moves_camera
            or _is_subject(camera, phrase.words, phrase.verb)
            or _is_of_camera(phrase)
        )
        if en.has(phrase.lemma, Trait.GENERAL) and bare:
            return tuple(sorted(MOVING)) if negated and (is_camera or self.unwanted) else ()
        if not phrase.moves:
            return ()
        if is_camera and not _is_purpose(phrase):
            # "photos in a camera roll"
            album = phrase.lemma == "roll" and phrase.form is Form.BASE and bare
            return () if album and not negated else phrase.moves
        if phrase.takes_object or _is_purpose(phrase):
            return ()
        if negated:
            known = en.has(phrase.lemma, Trait.CAMERA, Trait.SHARED, Trait.SHAKE, Trait.ORDER)
            return phrase.moves if known and en.is_free(phrase.before) else ()
        return phrase.moves if self._is_order(phrase, link) else ()

    def _is_order(self, phrase: Phrase, link: Link) -> bool:
        """Whether a verb without the camera as its own subject is about the camera all the same."""
        en = english_camera()
        lemma = phrase.lemma
        if phrase.is_shot:
            return en.has(lemma, Trait.CAMERA, Trait.SHARED, Trait.ORDER)
        if not en.is_free(phrase.before):
            # "mountains at dawn slow zoom in": a tag at the end of a caption
            tagged = phrase.is_described and phrase.form is Form.BASE
            return tagged and en.has(lemma, Trait.CAMERA)
        if phrase.heading is MoveHeading.BARE:
            return self._is_bare_order(phrase, link)
        if phrase.heading is MoveHeading.BEHIND:
            return not phrase.before or self._is_subject_fit(phrase, link)
        if phrase.previous in en.words.articles and en.has(lemma, Trait.NOUN):
            return phrase.words[phrase.verb + 1] in {"to", "from"}
        return self._is_subject_fit(phrase, link)

    def _is_bare_order(self, phrase: Phrase, link: Link) -> bool:
        """Whether a verb without a heading is about the camera: "zoom", "a slow pan across"."""
        en = english_camera()
        lemma, after = phrase.lemma, phrase.words[phrase.end : phrase.end + 1]
        continued = self.subject is _Subject.CAMERA and link is not Link.SENTENCE
        if phrase.is_described and en.has(lemma, Trait.CAMERA, Trait.ORBIT):
            return True
        if continued and lemma != "roll" and en.has(lemma, *_ACTED):
            return True
        if en.has(lemma, Trait.ORDER):
            return self._is_named_order(phrase, bool(after))
        if phrase.form not in (Form.BASE, Form.ING) or phrase.previous in en.words.articles:
            return False
        if after:
            opens = self.subject is _Subject.NOBODY and phrase.form is Form.BASE
            orbits = en.has(lemma, Trait.ORBIT) and after[0] in en.words.determiners
            return (opens and orbits) or (
                en.has(lemma, Trait.CAMERA) and after[0] in en.words.across
            )
        return self._is_alone(lemma, link)

    def _is_named_order(self, phrase: Phrase, followed: bool) -> bool:
        """Whether a verb of anybody's is an order to the camera, without a heading."""
        first = self.subject is _Subject.NOBODY
        if english_camera().has(phrase.lemma, Trait.FOLLOW) and followed:
            return first and phrase.form in (Form.BASE, Form.ING)
        if followed:
            return False
        if phrase.form is Form.BASE:
            self.tentative = not phrase.is_described
            return first or phrase.is_described
        return first and phrase.is_described

    def _is_alone(self, lemma: str, link: Link) -> bool:
        """Whether a verb that is a whole clause is an order to the camera: "zoom"."""
        en = english_camera()
        if link in (Link.AND, Link.OR) or not en.has(lemma, Trait.CAMERA, Trait.SHARED):
            return False
        if en.has(lemma, Trait.NOUN):
            return self.only or (self.last and en.has(lemma, Trait.CAMERA))
        return not en.has(lemma, Trait.TRANSITIVE)

    def _is_subject_fit(self, phrase: Phrase, link: Link) -> bool:
        """Whether the subject that the clause has from those before it allows an order."""
        en = english_camera()
        if self.subject is _Subject.CAMERA:
            return True
        if en.has(phrase.lemma, Trait.CAMERA):
            return self.subject is _Subject.NOBODY or phrase.form in (Form.BASE, Form.ING)
        if en.has(phrase.lemma, Trait.ORDER) and not en.has(phrase.lemma, Trait.SHARED):
            return self._is_opening(phrase)
        if not en.has(phrase.lemma, Trait.SHARED):
            return False
        if self.subject is _Subject.OTHER:
            return phrase.form is Form.BASE and link in (Link.LIST, Link.THEN, Link.WHILE)
        return phrase.form is not Form.PAST

    def _is_opening(self, phrase: Phrase) -> bool:
        """Whether a verb of anybody's opens a text as an order, or is a noun with a speed."""
        if phrase.form is Form.BASE and phrase.is_described:
            return True
        if self.subject is not _Subject.NOBODY:
            return False
        return phrase.form is Form.BASE or (
            self.only and phrase.form is Form.ING and phrase.heading is not MoveHeading.BARE
        )


def _addition(clause: Clause, words: Sequence[str]) -> Cue | None:
    """A speed or an angle alone, which goes with the move before it."""
    degrees = degrees_in(clause.text)
    speed = speed_of(words, 0, len(words)) if words else None
    if not (speed or degrees) or not all(word in english_camera().fillers for word in words):
        return None
    return Cue(
        (),
        "",
        clause.position,
        clause.link,
        speed=speed[0] if speed else None,
        speed_text=speed[1] if speed else "",
        degrees=degrees,
    )


def _explicit(spots: list[_Spot]) -> Iterator[_Spot]:
    """Without kinds of shots whose direction is told after them: "dolly shot moving left"."""
    for index, spot in enumerate(spots):
        told = spot.is_shot and index + 1 < len(spots)
        if not told or (Move.FOLLOW in spot.moves and Move.FOLLOW not in spots[index + 1].moves):
            yield spot


def _is_purpose(phrase: Phrase) -> bool:
    """Whether the move before it is made to follow: "pans right to follow the car"."""
    en = english_camera()
    moved = any(word in en.verb_of for word in phrase.before)
    return moved and phrase.previous == "to" and en.has(phrase.lemma, Trait.FOLLOW)


def _is_of_camera(phrase: Phrase) -> bool:
    """Whether a shot or a described camera does it: "dolly shot moving left"."""
    en = english_camera()
    plain = [word for word in phrase.before if word not in en.states]
    return not en.words.camera.isdisjoint(plain) and en.is_free(plain)


def _is_subject(camera: int | None, words: Sequence[str], index: int) -> bool:
    """Whether the camera word at ``camera`` is the subject of what stands at ``index``."""
    if camera is None or camera >= index:
        return False
    return english_camera().is_free(words[camera + 1 : index])


def _is_negated(words: Sequence[str], index: int) -> bool:
    return not english_camera().words.negations.isdisjoint(words[max(0, index - 6) : index])


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
    for index, clause in enumerate(clauses, 1):
        yield from reader.read(clause, only=len(clauses) == 1, last=index == len(clauses))
