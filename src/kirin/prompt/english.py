"""Camera cues in English: a move counts only where the camera, or nobody, is the subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from kirin.prompt import english_words as en
from kirin.prompt.cues import MOVING, Clause, Cue, Link, Move, Speed, families

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?")


class _Subject(Enum):
    NOBODY = 0
    CAMERA = 1
    OTHER = 2


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A verb of motion in a clause, with its heading.

    Attributes:
        words: the whole clause.
        verb: index of the verb.
        begin, end: of the phrase in ``words``.
        heading: one of the headings of ``english_words``; ``BARE`` if none is named.
        moves_camera: whether the camera is its grammatical object ("tilt the camera up").
    """

    words: Sequence[str]
    verb: int
    begin: int
    end: int
    heading: str
    moves_camera: bool = False

    @property
    def lemma(self) -> str:
        return en.WORDS[self.words[self.verb]][0]

    @property
    def form(self) -> en.Form:
        return en.WORDS[self.words[self.verb]][1]

    @property
    def move(self) -> Move | None:
        return en.VERBS[self.lemma][1].get(self.heading)

    @property
    def previous(self) -> str:
        return self.words[self.verb - 1] if self.verb else ""

    @property
    def following(self) -> Sequence[str]:
        return self.words[self.end : self.end + 2]

    @property
    def is_described(self) -> bool:
        """Whether it is "a slow zoom" rather than "a zoom"."""
        return self.previous in en.SPEEDS or self.previous in en.SHOWY

    @property
    def takes_object(self) -> bool:
        """Whether what follows makes it "pull out a knife" or "zoom out of the tunnel"."""
        if not self.following:
            return False
        if self.lemma == "zoom":
            return self.following[0] in en.AFTER_OTHER_ZOOMS
        measured = len(self.following) > 1 and self.following[1] in en.MEASURES
        return self.lemma in en.TRANSITIVE and self.following[0] in en.AFTER_OBJECT and not measured


@dataclass(slots=True)
class _Reader:
    """Reads clauses in order and remembers who the subject is.

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
        told = False
        negated = False
        for begin, end, moves, is_bare in self._moves(words, clause.link, camera):
            negated = _is_negated(words, begin) or (carried and (is_bare or clause.link is Link.OR))
            speed = _speed(words, begin, end)
            if speed is None and (told or clause.link is Link.AND):
                speed = self.speed
            told, self.speed = True, speed
            unwanted = negated or self.unwanted
            yield Cue(
                families(moves) if unwanted and is_bare else moves,
                " ".join(words[begin:end]),
                clause.position + places[begin].start(),
                clause.link,
                speed=speed[0] if speed else None,
                speed_text=speed[1] if speed else "",
                negated=unwanted,
                framing=words[begin].startswith("close"),
            )
        self.negated = negated
        if not told:
            self.lemma, self.speed = "", None

    def _find_camera(self, words: Sequence[str], link: Link) -> int | None:
        """Update the subject; the index of a camera word that is it, if the clause has one."""
        if link is Link.SENTENCE and "it" not in words:
            self.subject, self.lemma, self.negated, self.speed = _Subject.NOBODY, "", False, None
        for index, word in enumerate(words):
            # "a shot of a man ..." is about the man
            if word in en.CAMERA and words[index + 1 : index + 2] != ["of"]:
                self.subject = _Subject.CAMERA
                return index
            if word == "it" and self.subject is _Subject.CAMERA:
                return index
            if word in en.WORDS or word in en.STATES:
                return None
            if word not in en.FILLERS and word not in en.HEADINGS:
                self.subject = _Subject.OTHER
                return None
        return None

    def _moves(
        self, words: Sequence[str], link: Link, camera: int | None
    ) -> Iterator[tuple[int, int, tuple[Move, ...], bool]]:
        """Begin, end, moves and whether they came without a heading, for each move named."""
        if self.lemma and all(word in en.HEADINGS or word in en.FILLERS for word in words):
            # "(pan left and) up"
            heading = next((en.HEADINGS[word] for word in words if word in en.HEADINGS), en.BARE)
            move = en.VERBS[self.lemma][1].get(heading) if heading else None
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
            elif words[index] in en.WORDS:
                phrase = _phrase(words, index)
                if moves := self._accept(phrase, link, camera):
                    self.lemma = phrase.lemma
                    yield phrase.begin, phrase.end, moves, phrase.heading == en.BARE
                index = phrase.end
            else:
                index += 1

    def _accept(self, phrase: _Phrase, link: Link, camera: int | None) -> tuple[Move, ...]:
        """What a phrase asks of the camera; empty if it is about something else."""
        negated = self.unwanted or self.negated or _is_negated(phrase.words, phrase.verb)
        ours = phrase.moves_camera or _is_subject(camera, phrase.words, phrase.verb)
        if phrase.lemma in en.ANY and phrase.heading == en.BARE:
            return tuple(sorted(MOVING)) if negated and (ours or self.unwanted) else ()
        if phrase.move is None:
            return ()
        if ours:
            # "photos in a camera roll"
            album = (phrase.lemma, phrase.form, phrase.heading) == ("roll", en.Form.BASE, en.BARE)
            return () if album and not negated else (phrase.move,)
        if phrase.takes_object:
            return ()
        if negated:
            known = phrase.lemma in en.CAMERAS_OWN | en.SHARED | en.SHAKES
            return (phrase.move,) if known and _is_free(phrase.words[: phrase.verb]) else ()
        return (phrase.move,) if self._is_order(phrase, link) else ()

    def _is_order(self, phrase: _Phrase, link: Link) -> bool:
        """Whether a verb that has not the camera as its own subject is about it all the same."""
        lemma = phrase.lemma
        if phrase.words[phrase.verb + 1 : phrase.verb + 2] in (["shot"], ["shots"]):
            return lemma in en.CAMERAS_OWN | en.SHARED
        if not _is_free(phrase.words[: phrase.verb]):
            # "mountains at dawn slow zoom in": a tag at the end of a caption
            return phrase.is_described and lemma in en.CAMERAS_OWN and phrase.form is en.Form.BASE
        if phrase.heading == en.BARE:
            goes_on = self.subject is _Subject.CAMERA and link is not Link.SENTENCE
            shown = phrase.is_described and lemma in en.CAMERAS_OWN | en.ORBITS
            return shown or (goes_on and lemma in en.CAMERAS_OWN | en.SHARED - {"roll"})
        if phrase.previous in en.ARTICLES and lemma in en.NOUNS:
            return phrase.words[phrase.verb + 1] in {"to", "from"}
        return self._is_subject_fit(phrase, link)

    def _is_subject_fit(self, phrase: _Phrase, link: Link) -> bool:
        """Whether the subject that the clause has from those before it allows an order."""
        if self.subject is _Subject.CAMERA:
            return True
        if phrase.lemma in en.CAMERAS_OWN:
            return self.subject is _Subject.NOBODY or phrase.form in (en.Form.BASE, en.Form.ING)
        if phrase.lemma not in en.SHARED:
            return False
        if self.subject is _Subject.OTHER:
            return phrase.form is en.Form.BASE and link in (Link.LIST, Link.THEN, Link.WHILE)
        return phrase.form is not en.Form.PAST


def _is_free(words: Sequence[str]) -> bool:
    """Whether nothing but fillers, headings, cameras and other moves stands here."""
    return all(
        word in en.FILLERS or word in en.HEADINGS or word in en.WORDS or word in en.CAMERA
        for word in words
    )


def _is_subject(camera: int | None, words: Sequence[str], index: int) -> bool:
    """Whether the camera word at ``camera`` is what does the thing at ``index``."""
    return camera is not None and camera < index and _is_free(words[camera + 1 : index])


def _is_negated(words: Sequence[str], index: int) -> bool:
    return not en.NEGATIONS.isdisjoint(words[max(0, index - 6) : index])


def _speed(words: Sequence[str], begin: int, end: int) -> tuple[Speed, str] | None:
    """The speed named beside a phrase, or by an adverb elsewhere in its clause."""
    beside = [*range(begin - 1, max(-1, begin - 5), -1), *range(begin, min(len(words), end + 3))]
    adverbs = (index for index, word in enumerate(words) if word.endswith("ly"))
    for index in (*beside, *adverbs):
        speed = en.SPEEDS.get(words[index])
        if speed is None or (index < begin and words[index + 1] in {"motion", "mo"}):
            continue
        if index and words[index - 1] in en.DEGREES:
            slower = Speed.VERY_SLOW if speed is Speed.SLOW else speed
            return slower, f"{words[index - 1]} {words[index]}"
        return speed, words[index]
    return None


def _phrase(words: Sequence[str], verb: int) -> _Phrase:
    """The verb at ``verb`` with its heading, which may stand after or before it."""
    lemma = en.WORDS[words[verb]][0]
    allowed = en.VERBS[lemma][1]
    moves_camera, end = False, verb + 1
    for place in range(verb + 1, min(len(words), verb + 7)):
        heading = en.HEADINGS.get(words[place], "")
        if heading and (heading in allowed or heading == en.AROUND):
            heading, end = _far_end(words, place, lemma)
            return _Phrase(words, verb, verb, end, heading, moves_camera)
        if words[place] in {"camera", "lens", "view", "cam"}:
            moves_camera, end = True, place + 1
        elif words[place] not in en.BEFORE_HEADING:
            break
    if lemma in en.ORBITS and (side := _side(words[verb:])):
        return _Phrase(words, verb, verb, end, side, moves_camera)
    previous = words[verb - 1] if verb else ""
    if en.HEADINGS.get(previous) in allowed:
        if verb > 2 and words[verb - 3 : verb - 1] in (["left", "to"], ["right", "to"]):
            return _Phrase(words, verb, verb - 3, end, en.HEADINGS[previous], moves_camera)
        if previous.endswith(("ward", "wards", "clockwise")):
            return _Phrase(words, verb, verb - 1, end, en.HEADINGS[previous], moves_camera)
    if lemma == "zoom" and words[verb + 1 : verb + 2] == ["on"]:
        return _Phrase(words, verb, verb, verb + 2, en.IN, moves_camera)
    return _Phrase(words, verb, verb, end, en.BARE, moves_camera)


def _far_end(words: Sequence[str], place: int, lemma: str) -> tuple[str, int]:
    """The heading at ``place`` and where it ends: "left to right" goes right."""
    heading, rest = en.HEADINGS[words[place]], words[place + 1 : place + 4]
    if heading == en.AROUND and lemma in en.ORBITS and (side := _side(words[place:])):
        return side, place + 1
    if rest[:1] == ["to"]:
        target = next((word for word in rest[1:] if word != "the"), "")
        if target in {"left", "right"}:
            return en.HEADINGS[target], place + 1 + rest.index(target) + 1
    if heading == en.COUNTER and rest[:1] == ["clockwise"]:
        return heading, place + 2
    return heading, place + 1


def _side(words: Sequence[str]) -> str:
    """The first heading to a side in a clause; empty if none."""
    return next((en.HEADINGS[word] for word in words if word in en.SIDES), "")


def _state(
    words: Sequence[str], index: int, camera: int | None, unwanted: bool
) -> tuple[Move, int] | None:
    """A way of holding the camera, or a framing, that begins here; with its end."""
    word, end = words[index], index + 1
    pair = (word, words[end] if end < len(words) else "")
    if word == "closeup" or pair == ("close", "up"):
        return Move.PUSH_IN, end + (word == "close")
    if pair == ("hand", "held"):
        word, end = "handheld", end + 1
    if word in en.UNSTEADY:
        move, alone = Move.HANDHELD, word == "handheld" or unwanted
    elif word in en.STILL:
        move, alone = Move.STATIC, word in en.STILL_ALONE or unwanted
    else:
        return None
    while end < len(words) and words[end] in en.SHOT_SIZES:
        end += 1
    if end < len(words) and words[end] in en.FOOTAGE:
        return move, end + 1
    ends_clause = alone and end == len(words) and _is_free(words[:index])
    return (move, end) if ends_clause or _is_subject(camera, words, index) else None


def english_cues(clauses: Sequence[Clause], *, unwanted: bool = False) -> Iterator[Cue]:
    """What English clauses of one text say about the camera.

    Args:
        clauses: of a normalised text, in order; other languages in them are passed over.
        unwanted: whether it is a negative prompt, so that each cue is negated and bare nouns
            ("zoom", "camera shake") count.
    """
    reader = _Reader(unwanted)
    for clause in clauses:
        yield from reader.read(clause)
