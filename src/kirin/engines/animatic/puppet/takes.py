"""A take of a puppet: a picture whose character moves as the person of a video does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from kirin.domain.callbacks import ReadAsset
from kirin.domain.frame import Frame
from kirin.domain.storyboard import Driving, Reference, Shot, Storyboard
from kirin.engines.animatic.photo.arrival import whole
from kirin.engines.animatic.puppet.character import Character
from kirin.engines.animatic.puppet.puppet import Place, Puppet
from kirin.engines.animatic.puppet.retargeting import Bounds, Retargeting
from kirin.engines.animatic.takes import LARGEST_SIDE, cropped
from kirin.errors import InputsRefused, attributed_to
from kirin.media.images import load_rgb
from kirin.vision.inpainting.patches import heal
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.planes import Planes, Rgb
from kirin.vision.pose.estimator import PoseEstimator
from kirin.vision.pose.matching import Match, facing_alike
from kirin.vision.pose.motion import Motion
from kirin.vision.pose.skeleton import LIMBS, Node

_DENSITY = 1.25  # pixels of a character to one of the video, so that turned it is as sharp
_TALL = 0.62  # of the video's height: a subject in a picture that shows nobody
_FOOT = 0.93  # of the video's height, where such a subject stands


class PuppetTake:
    """The character of a picture follows the person of a video; the camera is at rest.

    From its first frame the character has the driver's posture: a beginning in the picture's
    own would be out of step with the video, and with its sound.

    Attributes:
        background: the picture without its character, as a frame.
        notes: how it is made, for the metadata.
    """

    def __init__(
        self,
        storyboard: Storyboard,
        shot: Shot,
        driving: Driving,
        read: ReadAsset,
        estimator: PoseEstimator,
        segmenter: Segmenter,
        check: Callable[[], None],
    ) -> None:
        if shot.first is None:
            raise ValueError("a shot without a first picture has no character")
        width, height = storyboard.width, storyboard.height
        rgb = cropped(load_rgb(read(shot.first), LARGEST_SIDE), width, height)
        self.background, character, place = _cast(
            rgb, shot, read, estimator, segmenter, (width, height)
        )
        check()
        with attributed_to("driving"):
            motion = Motion.read(
                read(driving.video),
                driving.video.fps or storyboard.fps,
                estimator,
                (storyboard.frame_count, storyboard.fps),
                check,
            )
        match = Match.of(motion.skeletons, character.skeleton, driving.orientation)
        turnable = not (match.flipped and character.cut)
        if match.flipped and turnable:
            character = character.flipped()
        driver = motion.skeletons
        if match.mirrored:
            driver = [each.mirrored(motion.width) for each in driver]
        fps = float(storyboard.fps)
        driver, turned = facing_alike(driver, character.skeleton, fps)
        bounds = Bounds(
            -place.left * place.density, (width - place.left) * place.density, character.rooted
        )
        told = Retargeting(driver, character.skeleton, character.limbs, bounds, fps)
        self._postures = told.postures
        check()
        self._puppet = Puppet(
            character.rgb,
            character.alpha,
            character.skeleton,
            character.limbs,
            character.border,
            place,
        )
        self.notes: dict[str, Any] = {
            "method": "puppet driven by the person of the video",
            "orientation": driving.orientation.value,
            "mirrored": match.mirrored,
            "flipped": match.flipped and turnable,
            "person_seen": round(motion.seen, 3),
            "moving": [limb.name.lower() for limb in LIMBS if limb in character.limbs],
            "camera": "fixed",
            **told.notes,
        }
        if self._puppet.borrowed:
            self.notes["hidden_limbs"] = [limb.name.lower() for limb in self._puppet.borrowed]
        if turned:
            self.notes["turned_away"] = round(float(turned), 3)
        if shot.references:
            self.notes["subject"] = shot.references[0].name

    def frame(self, index: int) -> Frame:
        """Draw a frame, a new one each time."""
        frame = self.background.copy()
        self._puppet.over(Planes.of_frame(frame), self._postures[index])
        return frame


def _cast(
    rgb: Rgb,
    shot: Shot,
    read: ReadAsset,
    estimator: PoseEstimator,
    segmenter: Segmenter,
    view: tuple[int, int],
) -> tuple[Frame, Character, Place]:
    """Who moves, at :data:`_DENSITY`; where; and the picture without its own person."""
    if shot.references:
        return _recast(rgb, shot.references[0], read, estimator, segmenter, view)
    with attributed_to("shots.first"):
        own = Character.find(rgb, estimator, segmenter, "The picture")
    empty = heal(rgb, own.covering(rgb.shape[1], rgb.shape[0]))
    scale = view[0] / rgb.shape[1]
    place = Place(_DENSITY, own.box[0] * scale, own.box[1] * scale)
    return whole(empty, *view), own.resized(scale * _DENSITY), place


def _recast(
    rgb: Rgb,
    subject: Reference,
    read: ReadAsset,
    estimator: PoseEstimator,
    segmenter: Segmenter,
    view: tuple[int, int],
) -> tuple[Frame, Character, Place]:
    """A subject takes the place of the picture's person, or its middle if there is none."""
    width, height = view
    picture = load_rgb(read(subject.views[0]), LARGEST_SIDE)
    what = f"The picture of {subject.name or 'the subject'}"
    with attributed_to("shots.references"):
        guest = Character.find(picture, estimator, segmenter, what)
    scale = width / rgb.shape[1]
    try:
        host = Character.find(rgb, estimator, segmenter, "The picture")
    except InputsRefused:  # a picture of nobody is a stage
        host = None
    rows = np.flatnonzero((guest.alpha > 127).any(axis=1))
    top, foot = (float(rows[0]), float(rows[-1] + 1)) if len(rows) else (0.0, 1.0)
    if host is None:
        size = _TALL * height / (foot - top)
        x, y = width / 2, _FOOT * height - size * foot
    else:
        rgb = heal(rgb, host.covering(rgb.shape[1], rgb.shape[0]))
        stood = np.flatnonzero((host.alpha > 127).any(axis=1))
        standing = not host.rooted and not guest.rooted
        size = scale * (
            (stood[-1] + 1 - stood[0]) / (foot - top)
            if standing
            else host.skeleton.torso / guest.skeleton.torso
        )
        x, pelvis = scale * (host.skeleton.points[Node.PELVIS] + host.box[:2])
        y = pelvis - size * guest.skeleton.points[Node.PELVIS, 1]
        if standing:  # on the same ground
            y = scale * (stood[-1] + 1 + host.box[1]) - size * foot
    if guest.rooted:  # whom the picture cuts off must not end above the video's edge
        y = max(y, height - size * guest.alpha.shape[0])
    left = x - size * guest.skeleton.points[Node.PELVIS, 0]
    return whole(rgb, *view), guest.resized(size * _DENSITY), Place(_DENSITY, left, y)
