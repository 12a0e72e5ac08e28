"""The plan of a drawn shot: everything about it that is known before anything is painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from kirin.concepts.concept import plain_name
from kirin.domain.cast import Cast, CastMember, Missing, Relation, Style
from kirin.domain.intent import Intent
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cast.actions import TRAVELS
from kirin.engines.animatic.cast.blocking import Blocking, Box, block
from kirin.engines.animatic.cast.follow import followed
from kirin.engines.animatic.places.sets import ground_of
from kirin.engines.animatic.scene.ground import Ground, Surface
from kirin.engines.animatic.stage.lettering import Lettering, letter

_PASSIVE = {Relation.HOLDING: "held_by", Relation.WEARING: "worn_by"}
"""How a relation reads from the side of the one that has it."""

_LOOKS = 8
"""Moments of a shot at which the plan looks whether somebody is in frame."""


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What a drawn shot will show, and where.

    Attributes:
        intent: what its prompt asks for.
        ground: of the place.
        poses: of the camera, one per frame; where it follows somebody they go along.
        blocking: who stands where; ``None`` for a place without a cast.
        lettering: the board with the words that the prompt wants to be read, if it can stand.
        unwritten: such words that are not shown.
        aspect: of the frame, width over height.
    """

    intent: Intent
    ground: Ground
    poses: tuple[Pose, ...]
    blocking: Blocking | None
    lettering: Lettering | None = None
    unwritten: tuple[str, ...] = ()
    aspect: float = 16 / 9

    @classmethod
    def of(
        cls,
        intent: Intent,
        size: tuple[int, int],
        fps: Fraction | float,
        poses: Sequence[Pose],
    ) -> StagePlan:
        """Plan a shot.

        Args:
            intent: what its prompt asks for.
            size: width and height of the frame in pixels.
            fps: frames per second.
            poses: of the camera as directed, one per frame, at least one.
        """
        if intent.camera.follows and intent.cast.followed is None and intent.cast.members:
            intent = replace(intent, cast=replace(intent.cast, followed=_leader(intent.cast)))
        cast, scene = intent.cast, intent.scene
        ground = ground_of(scene, cast)
        aspect = size[0] / size[1]
        blocking = None
        if cast.members:
            poses = followed(cast, poses, fps, aspect)
            blocking = block(cast, ground, size, fps, poses, scene.variety)
        board, unwritten = None, list[str]()
        if not cast.title:  # a title card has the words of the prompt on it
            board, unwritten = letter(intent.quotations, ground, poses, aspect, blocking)
        return cls(intent, ground, tuple(poses), blocking, board, tuple(unwritten), aspect)

    @property
    def floored(self) -> bool:
        """Whether a place of water needs near ground for its cast."""
        return self.blocking is not None and self.ground.surface is Surface.LAND

    def describe(self) -> dict[str, Any]:
        """The plan as JSON values, for ``metadata.scene`` and for quotes."""
        intent = self.intent
        scene, cast = intent.scene, intent.cast
        described = {
            "kind": "title card" if cast.title else "procedural scene",
            **scene.describe(),
            "light": "neon" if scene.neon else scene.time.value,
            "styles": [style.value for style in cast.styles],
            "cast": self._members(),
            "missing": _told(
                [
                    *cast.missing,
                    *self._unseen(),
                    *(Missing(words, "lettering") for words in self.unwritten),
                ]
            ),
            "by_chance": self._by_chance(),
        }
        if self.lettering:
            described["lettering"] = {
                "words": self.lettering.words,
                "first_box": _in_frame(self.lettering.box(self.poses[0], self.aspect)),
                "last_box": _in_frame(self.lettering.box(self.poses[-1], self.aspect)),
            }
        if cast.title:
            described["title"] = cast.title
        if cast.size:
            described["shot_size"] = cast.size.value
        if intent.becomes:
            described["becomes"] = intent.becomes.describe()
        return described

    def _by_chance(self) -> list[str]:
        """What of the description another seed would choose otherwise, and the camera if it is so.

        A quote draws another seed than the task.
        """
        chance = [*self.intent.scene.by_chance]
        chance += ["boxes"] if self.blocking else []
        return chance + (["direction"] if self.intent.camera.default else [])

    def _unseen(self) -> list[Missing]:
        """Cast members that are in no frame that is looked at: staged, but never on the screen."""
        if self.blocking is None:
            return []
        last = len(self.poses) - 1
        looks = [self.blocking.boxes(last * step // _LOOKS) for step in range(_LOOKS + 1)]
        return [
            Missing(member.word, "noun")
            for member, boxes in zip(
                self.intent.cast.members, zip(*looks, strict=True), strict=True
            )
            if not any(map(_in_frame, boxes))
        ]

    def _members(self) -> list[dict[str, Any]]:
        if self.blocking is None:
            return []
        first, last = self.blocking.boxes(0), self.blocking.boxes(len(self.poses) - 1)
        members = self.intent.cast.members
        return [
            _describe_member(member, members, boxes)
            for member, *boxes in zip(members, first, last, strict=True)
        ]


def _leader(cast: Cast) -> int:
    """Whom a following camera follows where the prompt does not say: the first who moves."""
    moving = (index for index, member in enumerate(cast.members) if member.action in TRAVELS)
    return next(moving, 0)


def describe_given(intent: Intent) -> dict[str, Any]:
    """What is told of a shot of given pictures: which motions and styles it does not show.

    Its nouns may be in the pictures, so nothing is said of them but of those that enter. Motions
    that may be found in the pictures are told of in ``metadata.motion`` alone.
    """
    cast, motion = intent.cast, intent.motion
    focused = {Style.SHALLOW_FOCUS} if motion.focus else set()
    unseen = [
        *(
            Missing(each.word, "verb" if each.kind == "motion" else each.kind)
            for each in motion.missing
        ),
        *(Missing(style.value, "style") for style in cast.styles if style not in focused),
        *(each for each in cast.missing if each.kind == "style"),
    ]
    return {"kind": "given pictures", "missing": _told(unseen)}


def _told(missing: Sequence[Missing]) -> list[dict[str, str]]:
    return [{"word": each.word, "kind": each.kind} for each in dict.fromkeys(missing)]


def _describe_member(
    member: CastMember, members: Sequence[CastMember], boxes: Sequence[Box]
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "word": member.word,
        "concept": plain_name(member.concept),
        "count": member.count,
        "motion": member.action.value if member.action else None,
        "guessed": member.guessed,
        "first_box": _in_frame(boxes[0]),
        "last_box": _in_frame(boxes[1]),
    }
    if member.colour:
        described["colour"] = member.colour
    if member.target is not None:
        described["target"] = members[member.target].word
    if member.relation and member.anchor is not None:
        relation = _PASSIVE.get(member.relation, member.relation.value)
        described["relation"] = [relation, members[member.anchor].word]
    return described


def _in_frame(box: Box) -> list[float] | None:
    """A box cut to the frame; ``None`` where nothing of it is inside."""
    left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in box)
    if right - left < 1e-3 or bottom - top < 1e-3:
        return None
    return [round(edge, 4) for edge in (left, top, right, bottom)]
