"""Lettering on stage: the quoted words of a sign, on a board that stands where it can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from kirin.domain.cast import Cast, Relation
from kirin.domain.intent import Quotation
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cast.blocking import Blocking, Box
from kirin.engines.animatic.look.lettering import Typeface
from kirin.engines.animatic.look.title import board_width
from kirin.engines.animatic.scene.ground import Ground, Surface

_PLACES: Final = (0.27, -0.27, 0.34, -0.34, 0.16, -0.16, 0.0)
"""Where a board may stand, in view widths from the centre, the best first."""
_WIDE: Final = 0.8  # of the view's width: the most that a board takes, see ``title.sign_board``
_TALL: Final = 0.42  # of the view's height, at disparity 1
_LEAST: Final = 0.22  # of the view's height, so that it can be read
_DISPARITY: Final = 0.62
_SIGN: Final = "placard"
_STILL: Final = 0.02  # of the view's width: a sign that moves less stands
_IN_HAND: Final = frozenset({Relation.HOLDING, Relation.WEARING})
_CANNOT_STAND: Final = frozenset({Surface.NONE, Surface.WATER})
_LOOKS: Final = (0.0, 0.5, 1.0)  # moments of the shot at which the cast must not hide it


@dataclass(frozen=True, slots=True)
class Lettering:
    """Words on a board.

    Attributes:
        words: as quoted.
        x: of the board's middle, in widths of the rest view from its centre.
        foot: row of its foot, in heights of the rest view below its centre.
        height: of the whole, in heights of the rest view.
        disparity: of the ground where it stands.
    """

    words: str
    x: float
    foot: float
    height: float
    disparity: float

    def box(self, pose: Pose, aspect: float) -> Box:
        """Where it is seen, in shares of the frame."""
        view = pose.view(self.disparity)
        wide = min(_WIDE, board_width(self.words, self.height) / aspect)
        return (
            (self.x - wide / 2 - view.x) * view.scale + 0.5,
            (self.foot - self.height - view.y) * view.scale + 0.5,
            (self.x + wide / 2 - view.x) * view.scale + 0.5,
            (self.foot - view.y) * view.scale + 0.5,
        )


def written(quotations: Sequence[Quotation]) -> list[str]:
    """The words that are lettering in the picture, in their order, each once."""
    return list(dict.fromkeys(each.words for each in quotations if each.written))


def letter(
    quotations: Sequence[Quotation],
    ground: Ground,
    poses: Sequence[Pose],
    aspect: float,
    blocking: Blocking | None,
) -> tuple[Lettering | None, list[str]]:
    """Put the first written words of a prompt on a board.

    Args:
        quotations: of the prompt.
        ground: of the place.
        poses: of the camera, one per frame.
        aspect: of the frame, width over height.
        blocking: of the cast, which must not be hidden and must not hide the board.

    Returns:
        the board, or ``None`` if there are no words or no place for them; and the words that are
        not shown.
    """
    words = written(quotations)
    if not words:
        return None, []
    if "□" in Typeface().shown(words[0]):
        return None, words
    if blocking and (sign := blank_sign(blocking.cast)) is not None:
        board = _in_place(words[0], blocking, sign)
        return board, words[1:] if board else words
    if ground.surface in _CANNOT_STAND:
        return None, words
    disparity = min(max(_DISPARITY, ground.back), ground.front)
    height = max(_TALL * disparity, _LEAST)
    frames = [round(look * (len(poses) - 1)) for look in _LOOKS]
    boxes = {frame: blocking.boxes(frame) if blocking else [] for frame in frames}

    def hidden(board: Lettering) -> float:
        found = 0.0
        for frame in frames:
            own = board.box(poses[frame], aspect)
            found += 1.0 - _shared(own, (0.0, 0.0, 1.0, 1.0))
            found += sum(_shared(own, box) for box in boxes[frame])
        return found

    boards = [Lettering(words[0], x, ground.row(disparity), height, disparity) for x in _PLACES]
    best = min(boards, key=lambda board: round(hidden(board), 2))
    return (best, words[1:]) if hidden(best) < len(frames) / 2 else (None, words)


def blank_sign(cast: Cast) -> int | None:
    """Index of the member whose place the board takes: a sign without words, in nobody's hand."""
    for index, member in enumerate(cast.members):
        carried = member.relation in _IN_HAND or member.action is not None
        if member.concept == _SIGN and member.count == 1 and not carried:
            return index
    return None


def without_member(blocking: Blocking, index: int) -> Blocking:
    """The blocking of everybody but one."""
    return replace(
        blocking, motions=tuple(each for each in blocking.motions if each.member != index)
    )


def _in_place(words: str, blocking: Blocking, index: int) -> Lettering | None:
    """The board where a sign stands; ``None`` if it does not stand still."""
    for motion in blocking.motions:
        if motion.member == index and np.ptp(motion.x) < _STILL:
            return Lettering(
                words,
                float(motion.x[0]),
                float(motion.row[0]),
                max(float(motion.height[0]), _LEAST),
                float(motion.disparity[0]),
            )
    return None


def _shared(one: Box, other: Box) -> float:
    """The share of one box that is in the other."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    area = (one[2] - one[0]) * (one[3] - one[1])
    return max(wide, 0.0) * max(tall, 0.0) / area if area > 0 else 0.0
