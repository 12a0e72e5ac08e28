"""The still of a shot: its picture's texture, as parts that move in it are made for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.path import PIVOT
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Rectangle, Still
from kirin.engines.animatic.shot import ShotContext
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes, Rgb
from kirin.vision.sky.sky import Sky


@dataclass(frozen=True, slots=True)
class PictureTexture:
    """A picture as its layers show it; the fields are those of :class:`Still`."""

    picture: Rgb
    subject: Plane | None
    own: Rgb | None
    own_box: Rectangle | None
    centre: tuple[float, float]
    scale: float
    poses: Sequence[Pose] = ()
    whole: Rgb | None = None
    look_up: Callable[[], Sky | None] | None = None
    near: float = PIVOT


def still_of(texture: PictureTexture, context: ShotContext, mask: Plane | None = None) -> Still:
    """A texture as the picture that parts are made for.

    Args:
        texture: of the picture; its poses are those of the shot.
        context: of the shot.
        mask: where a client's mask allows motion, of the texture's height and width.
    """
    return Still(
        picture=texture.picture,
        subject=texture.subject,
        own=texture.own,
        own_box=texture.own_box,
        mask=mask,
        centre=texture.centre,
        scale=texture.scale,
        view=context.size,
        fps=context.storyboard.fps,
        count=len(texture.poses),
        seed=context.storyboard.seed,
        poses=texture.poses,
        models=context.models,
        check=context.check,
        whole=texture.whole,
        look_up=texture.look_up,
        near=texture.near,
    )


def texture_of_frame(frame: Frame, context: ShotContext) -> PictureTexture:
    """A frame without layers, as the texture of a picture under the camera of a shot."""
    width, height = context.size
    picture = Planes.of_frame(frame).to_rgb()
    return PictureTexture(picture, None, None, None, (width / 2, height / 2), 1.0, context.poses)
