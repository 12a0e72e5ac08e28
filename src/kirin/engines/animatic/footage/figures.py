"""Drawn figures over a video: the cast that a prompt adds, with its shadows."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.concepts.concept import Habitat, Kind, plain_name
from kirin.concepts.library import library
from kirin.domain.cast import Action, Missing
from kirin.domain.edit import AddedCast, Addition
from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cast.blocking import Blocking
from kirin.engines.animatic.cast.performer import performers
from kirin.engines.animatic.cast.sizes import shown
from kirin.engines.animatic.cinemagraph.part import Acted
from kirin.engines.animatic.footage.ground import FootageGround
from kirin.engines.animatic.footage.staging import FootageStage, sails
from kirin.engines.animatic.footage.survey import FootageSurvey
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.ground import Surface
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.lighting import Lighting
from kirin.engines.animatic.shot import ShotContext
from kirin.vision.planes import Planes, Rgb
from kirin.vision.sky.sky import find_sky

_REST: Final = Pose()
_LOOKS: Final = 9  # moments at which the boxes of a figure are told
_HUGE: Final = 5.0  # metres from which what flies is as far away as the sky
_AT_LEAST: Final = 0.06  # of the picture that a sky must be for things in it

_AROUND: Final = 1.2  # heights of a figure: what around it tells of its light
_STRONGER: Final = 1.35
"""Exponent of the light's gain: a figure that keeps its colours in a dark wood looks pasted."""
_DIMMEST: Final = 0.16

Share = NDArray[np.float32]


class FootageFigures:
    """The added cast of a video, ready to be drawn.

    A video with cuts has it in its longest shot alone: what its other shots show is elsewhere.

    Args:
        added: who and what.
        survey: of the video.
        context: of the shot.
    """

    def __init__(self, added: AddedCast, survey: FootageSurvey, context: ShotContext) -> None:
        self.acted: list[Acted] = []
        self.missing: list[Missing] = []
        self._survey, self._context = survey, context
        self.first, self.end = _longest(survey)
        key = min(survey.stills, key=lambda number: abs(number - self.first))
        picture = survey.stills[key]
        place = FootageGround.find(_even(picture), context.models, context.check)
        added, masked = self._possible(added, place)
        self._blocking: Blocking | None = None
        if not added.cast.members:
            return
        count = self.end - self.first
        tracked = survey.motion.trust >= _TRUSTED
        chain = survey.motion.chained()[self.first : self.end]
        moved = chain if tracked else np.repeat(np.eye(3)[None], count, axis=0)
        poses = survey.poses()[self.first : self.end] if tracked else (_REST,) * count
        fps = float(context.storyboard.fps)
        stage = FootageStage(place, context.size, fps, poses, moved, context.storyboard.seed)
        blocking = stage.blocked(added)
        lens = Lens(*context.size, blocking.poses)
        light = _light_at(picture, blocking)
        guests = performers(blocking, light, lens, fps)
        hidden = [motion.member in masked for motion in blocking.motions]
        self._guests = list(zip(guests, hidden, strict=True))
        self._blocking, self._lens = blocking, lens
        self._canvas = SceneCanvas(*context.size)
        self._skies = _Skies(survey, self.first, self.end, moved) if masked else None
        self.acted = [
            self._told(added, index, blocking) for index in range(len(added.cast.members))
        ]

    def draw(self, frame: Frame, number: int) -> None:
        """Draw the figures of a frame over it, in place; all else stays as it is to the bit."""
        if self._blocking is None or not self.first <= number < self.end:
            return
        own, canvas, planes = number - self.first, self._canvas, Planes.of_frame(frame)
        seconds = own / float(self._context.storyboard.fps)
        first, end = self._rows(own, canvas.y.shape[0])
        full, half = slice(first, end), slice(first // 2, end // 2)
        copied = (
            (canvas.y, planes.y, full),
            (canvas.u, planes.u, half),
            (canvas.v, planes.v, half),
        )
        for floats, source, rows in copied:
            floats[rows] = source[rows]
        if self._skies is not None:
            self._draw(seconds, hidden=True)
            self._skies.hide(canvas, planes, own, first, end)
        self._draw(seconds, hidden=False)
        for floats, target, rows in copied:
            brightest = 235 if target is planes.y else 240
            target[rows] = np.clip(floats[rows] + np.float32(0.5), 16, brightest)

    def _rows(self, own: int, height: int) -> tuple[int, int]:
        """Even rows of the frame that figures, shadows and reflections may change."""
        low, high = 0.5, -0.5
        for motion in self._blocking.motions if self._blocking else ():
            if motion.opacity[own] <= 0:
                continue
            squash = float(motion.squash[own])
            reach = float(motion.height[own]) * max(squash, motion.costume.aspect / squash**0.5)
            middle = float(motion.row[own]) - 0.5 * float(motion.height[own]) * squash
            ground = float(motion.ground[own])
            ground = middle if np.isnan(ground) else ground
            low = min(low, middle - reach, ground - 0.3 * reach)
            high = max(high, middle + reach, ground + 1.2 * reach)
        first, end = (int(min(max(row + 0.5, 0.0), 1.0) * height) // 2 * 2 for row in (low, high))
        return first, min(end + 2, height)

    def _draw(self, seconds: float, *, hidden: bool) -> None:
        guests = [guest for guest, behind in self._guests if behind is hidden]
        rows = (0, self._canvas.y.shape[0])
        for guest in sorted(guests, key=lambda each: each.nearness(seconds)):
            guest.draw(self._canvas, self._lens, _REST, seconds, rows)

    def _possible(self, added: AddedCast, place: FootageGround) -> tuple[AddedCast, frozenset[int]]:
        """Those for whom the video has a place, and which of them things of the video hide."""
        kept, masked = list[int](), set[int]()
        roomy = place.sky is not None and place.sky.area > _AT_LEAST
        wet = place.ground.surface is Surface.WATER or place.ground.shore is not None
        for index, (member, addition) in enumerate(
            zip(added.cast.members, added.additions, strict=True)
        ):
            concept = library().get(member.concept)
            heavenly = concept.kind is Kind.SKY
            aloft = heavenly or concept.habitat is Habitat.AIR or member.action is Action.RISE
            afloat = sails(concept.gait) and concept.habitat is Habitat.WATER
            if (heavenly and not roomy) or (afloat and not wet):
                self.missing.append(Missing(member.word, "noun"))
                continue
            far = aloft and concept.size >= _HUGE
            if roomy and (heavenly or far or (aloft and addition.behind)):
                masked.add(len(kept))
            elif addition.behind:
                self.missing.append(Missing(addition.behind, "place"))
            kept.append(index)
        return _subset(added, kept), frozenset(masked)

    def _told(self, added: AddedCast, index: int, blocking: Blocking) -> Acted:
        """What ``metadata.motion`` says of a member."""
        member, addition = added.cast.members[index], added.additions[index]
        last = self.end - self.first - 1
        whole = max(len(self._context.poses), 1)
        boxes = []
        for step in range(_LOOKS):
            own = round(last * step / (_LOOKS - 1))
            box = _inside(blocking.boxes(own)[index])
            boxes.append({"at": round((self.first + own) / whole, 3), "box": box})
        details: dict[str, Any] = {
            "from": round(self.first / whole, 3),
            "to": round(self.end / whole, 3),
            "count": shown(member.count),
            "entrance": addition.entrance.value,
            "boxes": boxes,
        }
        action = member.action.value if member.action else "stay"
        return Acted(member.word, "cast", plain_name(member.concept), action, None, details)


def _light_at(picture: Rgb, blocking: Blocking) -> Lighting:
    """The light where the cast is first seen, as far as the picture tells."""
    looks = [box for box in blocking.boxes(len(blocking.poses) // 2) if _inside(box)]
    left, top, right, bottom = looks[0] if looks else (0.0, 0.0, 1.0, 1.0)
    around = _AROUND * max(bottom - top, (right - left) * blocking.aspect, 0.2)
    rows, columns = picture.shape[:2]
    across = slice(*_span((left + right) / 2, around / blocking.aspect, columns))
    near = picture[slice(*_span((top + bottom) / 2, around, rows)), across]
    light = Lighting.of_picture(near if near.shape[0] > 8 and near.shape[1] > 8 else picture)
    side = Lighting.of_picture(picture).side
    gain = np.clip(light.gain ** np.float32(_STRONGER), _DIMMEST, None)
    return replace(light, gain=np.asarray(gain, np.float32), side=side)


def _span(middle: float, half: float, pixels: int) -> tuple[int, int]:
    low, high = (min(max(middle + way * half, 0.0), 1.0) for way in (-1, 1))
    return int(low * pixels), int(high * pixels)


class _Skies:
    """Where the sky of a video is, told anew every second, for things in it go behind the rest."""

    def __init__(self, survey: FootageSurvey, first: int, end: int, moved: Any) -> None:
        self._first, self._moved = first, moved
        self._keys: list[tuple[int, Share]] = []
        for number, picture in sorted(survey.stills.items()):
            if first <= number < end and (sky := find_sky(picture)) is not None:
                self._keys.append((number - first, sky.matte(picture)))

    def hide(self, canvas: SceneCanvas, planes: Planes, own: int, first: int, end: int) -> None:
        """Give back to rows of a canvas what is no sky, from the planes of the video."""
        height, width = canvas.y.shape
        share = self._share(own, (width, height))
        half = cv2.resize(share, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        for plane, source, by, step in (
            (canvas.y, planes.y, share, 1),
            (canvas.u, planes.u, half, 2),
            (canvas.v, planes.v, half, 2),
        ):
            rows = slice(first // step, end // step)
            # Where nothing is drawn the two are equal, and stay so to the bit.
            plane[rows] = source[rows] + (plane[rows] - source[rows]) * by[rows]

    def _share(self, own: int, size: tuple[int, int]) -> Share:
        before = [key for key in self._keys if key[0] <= own] or self._keys[:1]
        after = [key for key in self._keys if key[0] > own] or before[-1:]
        if not before:
            return np.zeros((size[1], size[0]), np.float32)
        (start, one), (stop, other) = before[-1], after[0]
        seen = self._seen(one, start, own, size)
        if stop <= start or stop <= own:
            return seen
        part = np.float32((own - start) / (stop - start)) if own > start else np.float32(0)
        return np.asarray(seen + (self._seen(other, stop, own, size) - seen) * part, np.float32)

    def _seen(self, matte: Share, key: int, own: int, size: tuple[int, int]) -> Share:
        """A key's matte as another frame shows it."""
        step = self._moved[own] @ np.linalg.inv(self._moved[key])
        rows, columns = matte.shape

        def place(wide: float, tall: float) -> NDArray[np.float64]:
            return np.array([[wide, 0, wide / 2 - 0.5], [0, wide, tall / 2 - 0.5], [0, 0, 1.0]])

        small = place(columns, rows)
        full = place(*size)
        shown_ = full @ step @ np.linalg.inv(small)
        return np.asarray(
            cv2.warpAffine(
                matte, shown_[:2], size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            ),
            np.float32,
        )


_TRUSTED: Final = 0.5
"""Share of a video's steps that must be told for its camera to be followed."""


def _longest(survey: FootageSurvey) -> tuple[int, int]:
    """The first frame of the longest shot, and the one after its last."""
    edges = (0, *survey.motion.cuts, len(survey.motion.steps))
    return max(pairwise(edges), key=lambda shot: shot[1] - shot[0])


def _subset(added: AddedCast, kept: list[int]) -> AddedCast:
    """Some of the members, with their ties to each other."""
    place = {index: number for number, index in enumerate(kept)}
    members, additions = [], list[Addition]()
    for index in kept:
        member = added.cast.members[index]
        anchor = place.get(member.anchor) if member.anchor is not None else None
        target = place.get(member.target) if member.target is not None else None
        relation = member.relation if anchor is not None else None
        members.append(replace(member, anchor=anchor, relation=relation, target=target))
        additions.append(added.additions[index])
    return AddedCast(replace(added.cast, members=tuple(members)), tuple(additions))


def _even(picture: Rgb) -> Rgb:
    return picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2]


def _inside(box: tuple[float, float, float, float]) -> list[float] | None:
    """A box cut to the frame; ``None`` where nothing of it is inside."""
    left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in box)
    if right - left < 1e-3 or bottom - top < 1e-3:
        return None
    return [round(edge, 4) for edge in (left, top, right, bottom)]
