"""The shot renderers for one picture: the first frame or the last one."""

from __future__ import annotations

from typing import Any

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.followed import HELD, describe_not_followed
from kirin.engines.animatic.camera.turn import describe_direction
from kirin.engines.animatic.cinemagraph.assembly import assemble, describe_motion
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Still
from kirin.engines.animatic.photo.arrival import Arrival
from kirin.engines.animatic.photo.photo import Photo, PictureTexture
from kirin.engines.animatic.photo.reframing import reframed
from kirin.engines.animatic.pictures import LARGEST_SIDE, center_crop
from kirin.engines.animatic.shot import ShotContext
from kirin.media.images import load_rgb


class PhotoShotRenderer:
    """A camera move over the shot's first picture."""

    def __init__(self, context: ShotContext) -> None:
        if context.shot.first is None:
            raise ValueError("the shot has no first picture")
        rgb = load_rgb(context.read(context.shot.first), LARGEST_SIDE)
        context.check()
        if context.share < 1:
            aspect = context.size[0] / context.size[1]
            turn = context.storyboard.shots.index(context.shot)
            rgb = reframed(rgb, aspect, context.share, context.models.segmenter, turn)
            context.check()
        self._context = context
        motion = context.intent.motion
        self._photo = Photo.prepare(
            rgb,
            *context.size,
            context.poses,
            context.models.segmenter,
            self._animate,
            separate=bool(motion.body or motion.air),
        )
        self._poses = context.poses
        self._direction = context.intent.camera

    def _animate(self, texture: PictureTexture) -> Cinemagraph:
        context = self._context
        storyboard = context.storyboard
        still = Still(
            picture=texture.picture,
            subject=texture.subject,
            own=texture.own,
            own_box=texture.own_box,
            mask=None,
            centre=texture.centre,
            scale=texture.scale,
            view=context.size,
            fps=storyboard.fps,
            count=len(context.poses),
            seed=storyboard.seed,
            poses=context.poses,
            models=context.models,
            check=context.check,
            whole=texture.whole,
        )
        return assemble(context.intent.motion, still)

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made."""
        return {
            "method": "camera move over the picture",
            "layers": _layers(self._photo.layered),
            "direction": describe_direction(self._direction),
            "motion": describe_motion(self._photo.living),
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._photo.frame(self._poses[index], index)


class ArrivalShotRenderer:
    """A camera move that ends with the whole of the shot's last picture."""

    def __init__(self, context: ShotContext) -> None:
        if context.shot.last is None:
            raise ValueError("the shot has no last picture")
        width, height = context.size
        picture = load_rgb(context.read(context.shot.last), LARGEST_SIDE)
        rgb = center_crop(picture, width, height)
        context.check()
        poses = context.poses
        self._arrival = Arrival.prepare(rgb, width, height, poses, context.models.segmenter)
        self._direction = context.intent.camera
        # A move that ends with the whole picture cannot come closer: a push-in is reversed.
        start, end = (poses[i].view(1.0).scale for i in (0, -1))
        self._reversed = start < end

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made."""
        return {
            "method": "camera move that arrives at the picture",
            "layers": _layers(self._arrival.layered),
            "direction": describe_direction(self._direction),
            "turned_about": self._reversed,
            **describe_not_followed(self._direction, HELD),
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._arrival.frame(index)


def _layers(layered: bool) -> str:
    return "subject and background" if layered else "one picture"
