"""Camera cues in Chinese: a move counts where 镜头 does it, or where nothing else can."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kirin.domain.intent import Speed
from kirin.prompt.clauses import Clause, Link
from kirin.prompt.cues import MOVING, TURNING, Cue, turned, with_opposites
from kirin.prompt.vocabulary.chinese_camera import Trust, chinese_camera

_NEAR: Final = 16
"""Characters around a term in which its negation, its speed and its object stand."""
_FIGURES: Final = re.compile(r"(?<!\d)(\d{2,3})\s*(?:度|°)(?![cCfF])")
"""How far something turns, in figures."""
_DESCRIBING: Final = re.compile(r"的[\u4e00-\u9fff]")
"""After a term: it describes a noun (环绕着雪山的湖泊)."""


@dataclass(slots=True)
class _Reader:
    """Reads clauses in order and keeps track of whether the camera is the subject.

    ``unwanted`` reads a negative prompt, where every term is negated.
    """

    unwanted: bool
    camera: bool = False
    speed: tuple[Speed, str] | None = None

    def read(self, clause: Clause) -> Iterator[Cue]:
        """The cues of one clause; call it for the clauses of a text in their order."""
        zh = chinese_camera()
        text = clause.text
        if clause.link is Link.SENTENCE:
            self.camera, self.speed = False, None
        subject = zh.subject_pattern.search(text)
        clear, reached, last = True, 0, 0
        degrees = _degrees(text)
        for found in zh.term_pattern.finditer(text):
            term = zh.term(found)
            moves = term.moves
            clear = clear and _is_filler(text[reached : found.start()])
            reached = found.end()
            before = text[max(last, found.start() - _NEAR) : found.start()]
            negated = self.unwanted or bool(zh.negation_pattern.search(before))
            if not (moves or negated) or not self._is_about_camera(text, found, subject, clear):
                continue
            if negated:
                moves = (with_opposites(moves) if term.family else moves) or tuple(sorted(MOVING))
            speed = _speed(before + found.group()) or _speed(text[reached : reached + 5])
            if speed is None and (last or clause.link is Link.AND):
                speed = self.speed
            link = Link.LIST if last else clause.link
            if term.speed:
                speed = term.speed, found.group()
            last, self.speed = found.end(), speed
            if "翻" not in found.group():
                moves = turned(moves, degrees, aimed=not term.family)
            yield Cue(
                moves,
                found.group(),
                clause.position + found.start(),
                link,
                speed=speed[0] if speed else None,
                speed_text=speed[1] if speed else "",
                negated=negated,
                framing=term.trust is Trust.FRAMING,
                degrees=None if TURNING.isdisjoint(moves) else degrees,
            )
        if subject:
            self.camera = True
        elif not (clear and _is_filler(text[reached:])):
            self.camera = False

    def _is_about_camera(
        self, text: str, found: re.Match[str], subject: re.Match[str] | None, clear: bool
    ) -> bool:
        """Whether a term is about the camera, given its clause and those before it.

        ``clear`` says that nothing before it in the clause could be moving instead.
        """
        zh = chinese_camera()
        trust = zh.term(found).trust
        if trust in (Trust.CERTAIN, Trust.FRAMING):
            return True
        if subject and subject.start() < found.start():
            return not zh.watching_pattern.search(text, subject.end(), found.start())
        if subject and _is_filler(text[found.end() : subject.start()][:_NEAR]):
            return True
        if clear and trust is Trust.FIRST:
            return True
        if not clear or not (self.camera or self.unwanted or trust is Trust.ALONE):
            return False
        after = text[found.end() :]
        return (
            self.camera
            or self.unwanted
            or (zh.after_pattern.match(after) is not None and _DESCRIBING.search(after) is None)
        )


def _is_filler(text: str) -> bool:
    """Whether nothing stands here that could do or undergo a move in the camera's place."""
    zh = chinese_camera()
    return not zh.filler_pattern.sub("", zh.negation_pattern.sub("", text)).strip()


def _speed(text: str) -> tuple[Speed, str] | None:
    for pattern, speed in chinese_camera().speed_patterns:
        if found := pattern.search(text):
            return speed, found.group()
    return None


def _degrees(text: str) -> int | None:
    """How far a clause says that something turns."""
    if found := _FIGURES.search(text):
        return min(720, int(found[1])) or None
    patterns = chinese_camera().amount_patterns
    return next((degrees for pattern, degrees in patterns if pattern.search(text)), None)


def chinese_cues(clauses: Sequence[Clause], *, unwanted: bool = False) -> Iterator[Cue]:
    """What the Chinese clauses of a text say about the camera.

    Args:
        clauses: of a normalised text, in order; other languages in them are ignored.
        unwanted: whether it is a negative prompt, so that each cue is negated.
    """
    reader = _Reader(unwanted)
    for clause in clauses:
        yield from reader.read(clause)
