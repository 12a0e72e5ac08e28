"""Motion control before it is rendered: warnings from the picture and a few frames of the video."""

from __future__ import annotations

from typing import Any, Final

from kirin.engines.animatic.pictures import center_crop
from kirin.engines.animatic.puppet.atmosphere import PuppetAtmosphere
from kirin.engines.animatic.puppet.renderer import cast_character, facing
from kirin.engines.animatic.puppet.warnings import find_warnings
from kirin.engines.animatic.shot import ShotContext
from kirin.errors import attributed_to
from kirin.media.images import load_rgb
from kirin.vision.pose.glimpse import glimpse_motion

_LARGEST: Final = 1600  # longest side of the picture: joints need more pixels than regions do


def preview_driven(context: ShotContext) -> dict[str, Any]:
    """What the notes of a driven shot will say: its motion, and its warnings with it.

    Args:
        context: of the shot, at the size at which it is to be looked at.

    Raises:
        InputsRefused: the task would fail; the message says why.
    """
    shot, driving = context.shot, context.storyboard.driving
    if shot.first is None or driving is None:
        raise ValueError("the shot has no first picture or no driving video")
    rgb = center_crop(load_rgb(context.read(shot.first), _LARGEST), *context.size)
    background, character, _ = cast_character(
        rgb, shot, context.read, context.models, context.size, _LARGEST
    )
    context.check()
    seconds = float(context.storyboard.frame_count / context.storyboard.fps)
    with attributed_to("driving"):
        motion = glimpse_motion(
            context.read(driving.video),
            driving.video.fps or context.storyboard.fps,
            context.models.pose_estimator,
            seconds,
            context.check,
        )
    character, _ = facing(character, motion.skeletons, driving.orientation)
    told = PuppetAtmosphere(background, context).describe()
    return {**told, "warnings": find_warnings(character, motion)}
