"""The shot renderers for one picture: the first frame or the last one."""

from __future__ import annotations

from typing import Any, Final

from kirin.domain.cast import Missing, Style
from kirin.domain.frame import Frame
from kirin.domain.intent import Move
from kirin.domain.motion import FocusPull
from kirin.engines.animatic.camera.control import part_of
from kirin.engines.animatic.camera.departure import begin_at_rest
from kirin.engines.animatic.camera.followed import HELD, describe_not_followed
from kirin.engines.animatic.camera.path import PIVOT, held_angle, path
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.assembly import assemble, describe_motion
from kirin.engines.animatic.cinemagraph.part import Acted, Cinemagraph
from kirin.engines.animatic.cinemagraph.still import PictureTexture, still_of
from kirin.engines.animatic.photo.arrival import Arrival
from kirin.engines.animatic.photo.photo import Photo, PhotoOptions
from kirin.engines.animatic.photo.reframing import reframed
from kirin.engines.animatic.pictures import center_crop
from kirin.engines.animatic.shot import ShotContext
from kirin.media.images import load_rgb

_FOCUS_WORDS: Final = {
    FocusPull.TO_BACKGROUND: "rack focus",
    FocusPull.TO_SUBJECT: "rack focus",
    FocusPull.HELD_ON_SUBJECT: "shallow focus",
}
"""The field's terms, where the prompt has no words of its own for it."""


_ABOUT: Final = frozenset({Move.ORBIT_LEFT, Move.ORBIT_RIGHT, Move.DOLLY_ZOOM})
"""Moves that keep the subject where it is, and as large as it is."""


class PhotoShotRenderer:
    """A camera move over the shot's first picture."""

    def __init__(self, context: ShotContext) -> None:
        if context.shot.first is None:
            raise ValueError("the shot has no first picture")
        rgb = load_rgb(context.read(context.shot.first), context.largest)
        context.check()
        if context.share < 1:
            aspect = context.size[0] / context.size[1]
            turn = context.storyboard.shots.index(context.shot)
            rgb = reframed(rgb, aspect, context.share, context.models.segmenter, turn)
            context.check()
        self._context = context
        motion = context.intent.motion
        shallow = Style.SHALLOW_FOCUS in context.intent.cast.styles
        self._focus = motion.focus or (FocusPull.HELD_ON_SUBJECT if shallow else None)
        fps = float(context.storyboard.fps)
        self._direction = context.intent.camera
        self._photo = Photo.prepare(
            rgb,
            *context.size,
            self._path(PIVOT),
            context.models.segmenter,
            PhotoOptions(
                animate=self._animate,
                separate=bool(motion.body or motion.air),
                confined=True,
                part=part_of(self._direction),
                path=self._path,
                shutter=True,
                focus=self._focus,
                fps=fps,
                depth=context.models.depth,
                fill=context.models.fill,
            ),
        )

    def _path(self, pivot: float) -> list[Pose]:
        """The camera's path from rest, about a subject of some disparity."""
        context, board = self._context, self._context.storyboard
        poses, fps = context.poses, float(board.fps)
        if pivot != PIVOT and any(step.move in _ABOUT for step in self._direction.steps):
            seed = board.seed + board.shots.index(context.shot)
            poses = path(self._direction, len(poses), fps, board.guidance, seed, pivot=pivot)
        return begin_at_rest(poses, held_angle(self._direction), fps)

    def _animate(self, texture: PictureTexture) -> Cinemagraph:
        context = self._context
        made = assemble(context.intent.motion, still_of(texture, context))
        if self._focus:
            word = context.intent.motion.focus_word or _FOCUS_WORDS[self._focus]
            if texture.own is None:
                made.missing.append(Missing(word, "motion"))
            else:
                made.acted.append(Acted(word, "focus", "lens", self._focus.value))
        return made

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made."""
        return {
            "method": "camera move over the picture",
            "layers": _layers(self._photo),
            "direction": self._photo.departure.describe(self._direction),
            "motion": describe_motion(self._photo.living),
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._photo.frame_at(index)

    def clear(self, index: int) -> Frame | None:
        """Draw a frame without what is in the air; ``None`` if nothing is."""
        return self._photo.clear_at(index) if self._photo.living.air else None


class ArrivalShotRenderer:
    """A camera move that ends with the whole of the shot's last picture."""

    def __init__(self, context: ShotContext) -> None:
        if context.shot.last is None:
            raise ValueError("the shot has no last picture")
        width, height = context.size
        picture = load_rgb(context.read(context.shot.last), context.largest)
        rgb = center_crop(picture, width, height)
        context.check()
        poses = context.poses
        self._arrival = Arrival.prepare(rgb, width, height, poses, context.models.segmenter)
        self._direction = context.intent.camera

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made."""
        return {
            "method": "camera move that arrives at the picture",
            "layers": _layers(self._arrival.photo),
            "direction": self._arrival.departure.describe(self._direction),
            **describe_not_followed(self._direction, HELD),
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._arrival.frame(index)


def _layers(photo: Photo) -> str:
    """The layers in words: "sky, far, ground and subject"."""
    if not photo.layered:
        return "one picture"
    *first, last = dict.fromkeys(photo.kinds)
    if first == ["ground"] and last == "subject":
        return "subject and background"
    return f"{', '.join(first)} and {last}"
