"""The shot renderer for motion control: a puppet driven by the person of a video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from kirin.domain.callbacks import ReadAsset
from kirin.domain.frame import Frame
from kirin.domain.storyboard import Orientation, Shot
from kirin.engines.animatic.pictures import LARGEST_SIDE, center_crop
from kirin.engines.animatic.puppet.atmosphere import PuppetAtmosphere
from kirin.engines.animatic.puppet.backdrop import clear_backdrop
from kirin.engines.animatic.puppet.character import Character
from kirin.engines.animatic.puppet.contact_shadow import ContactShadow
from kirin.engines.animatic.puppet.framing import CharacterFrame, fit_in_frame
from kirin.engines.animatic.puppet.puppet import CharacterPlacement, Puppet
from kirin.engines.animatic.puppet.retargeting import Bounds, Retargeting
from kirin.engines.animatic.puppet.warnings import MESSAGES, find_warnings
from kirin.engines.animatic.shot import ShotContext
from kirin.errors import InputsRefused, attributed_to
from kirin.media.images import load_rgb
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes, Rgb, picture_to_frame
from kirin.vision.pose.facing import FacingMatch, face_same_way
from kirin.vision.pose.motion import DrivingMotion
from kirin.vision.pose.skeleton import LIMBS, Node, Skeleton

_BEFORE, _AFTER = 0.04, 0.95  # shares of the preparation before and after the video is followed
_DENSITY = 1.25  # pixels of the character per pixel of the video, so that it stays sharp if rotated
_TALL = 0.62  # height of a subject in a picture without a person, as a share of the video's
_FOOT = 0.93  # where such a subject's feet are, as a share of the video's height


class PuppetShotRenderer:
    """The character of the first picture imitates the person of the driving video.

    The camera does not move. The character has the driver's pose from the first frame on: to
    start from the pose in the picture would put it out of sync with the video and its sound.

    Attributes:
        background: the picture without the character, as a frame.
        notes: how the shot is made.
    """

    def __init__(self, context: ShotContext) -> None:
        storyboard, shot, driving = context.storyboard, context.shot, context.storyboard.driving
        if shot.first is None or driving is None:
            raise ValueError("the shot has no first picture or no driving video")
        width, height = context.size
        picture = load_rgb(context.read(shot.first), context.largest)
        rgb = center_crop(picture, width, height)
        self.background, character, placement = cast_character(
            rgb, shot, context.read, context.models, (width, height)
        )
        context.check()
        context.prepared(_BEFORE)
        with attributed_to("driving"):
            motion = DrivingMotion.read(
                context.read(driving.video),
                driving.video.fps or storyboard.fps,
                context.models.pose_estimator,
                (storyboard.frame_count, storyboard.fps),
                context.check,
                lambda share: context.prepared(_BEFORE + (_AFTER - _BEFORE) * share),
            )
        driver = motion.skeletons
        character, match = facing(character, driver, driving.orientation)
        if match.mirrored:
            driver = [each.mirrored(motion.width) for each in driver]
        fps = float(storyboard.fps)
        driver, turned = face_same_way(driver, character.skeleton, fps)
        bounds = Bounds(
            -placement.left * placement.density,
            (width - placement.left) * placement.density,
            character.rooted,
        )
        retargeting = Retargeting(driver, character.skeleton, character.limbs, bounds, fps)
        frame = CharacterFrame.of(character, placement, height)
        self._postures, fitted = fit_in_frame(
            retargeting.postures, character.skeleton.points, frame, character.rooted
        )
        self._shadow = None
        if not character.rooted:
            torso = character.skeleton.torso
            self._shadow = ContactShadow(self._postures, placement, torso, frame.sole, fps)
        context.check()
        context.prepared(_AFTER)
        self._puppet = Puppet(
            character.rgb,
            character.alpha,
            character.skeleton,
            character.limbs,
            character.border,
            placement,
        )
        self.notes: dict[str, Any] = {
            "method": "puppet driven by the person of the video",
            "orientation": driving.orientation.value,
            "mirrored": match.mirrored,
            "flipped": match.flipped,
            "person_seen": round(motion.seen, 3),
            "moving": [limb.name.lower() for limb in LIMBS if limb in character.limbs],
            "camera": "fixed",
            "contact_shadow": self._shadow is not None,
            **retargeting.notes,
            **fitted,
            "warnings": find_warnings(character, motion),
        }
        if not self.notes["moving"]:
            self.notes["moving_reason"] = MESSAGES["nothing_moves"]
        if motion.outside:
            self.notes["continued"] = round(motion.outside, 3)
        if self._puppet.borrowed:
            self.notes["hidden_limbs"] = [limb.name.lower() for limb in self._puppet.borrowed]
        if turned:
            self.notes["turned_away"] = round(float(turned), 3)
        if shot.references:
            self.notes["subject"] = shot.references[0].name
        self._atmosphere = PuppetAtmosphere(self.background, context)
        self.notes["motion"] = self._atmosphere.describe()

    def frame(self, index: int) -> Frame:
        """Draw a frame, a new one each time."""
        frame = self.background.copy()
        planes = Planes.of_frame(frame)
        self._atmosphere.draw(planes, index, near=False)
        if self._shadow is not None:
            self._shadow.draw(planes, index)
        self._puppet.over(planes, self._postures[index])
        self._atmosphere.draw(planes, index, near=True)
        return self._atmosphere.grade(frame, index)


def facing(
    character: Character, driver: Sequence[Skeleton], orientation: Orientation
) -> tuple[Character, FacingMatch]:
    """The character the same way round as the driver, if that decides; what had to be mirrored.

    A character that its picture cuts off at a side stays: it would be cut off within the frame.
    """
    match = FacingMatch.of(driver, character.skeleton, orientation)
    if match.flipped and character.cut:
        return character, replace(match, flipped=False)
    return (character.flipped() if match.flipped else character), match


def cast_character(
    rgb: Rgb,
    shot: Shot,
    read: ReadAsset,
    models: VisionModels,
    view: tuple[int, int],
    largest: int = LARGEST_SIDE,
) -> tuple[Frame, Character, CharacterPlacement]:
    """The background without its person, the character at :data:`_DENSITY`, and its place.

    Args:
        rgb: the picture, of the video's aspect.
        shot: whose first subject, if it has one, takes the person's place.
        read: finds the file of an asset.
        models: the neural networks.
        view: width and height of the video.
        largest: longest side to which the subject's picture is reduced.

    Raises:
        InputsRefused: there is nobody in a picture, or nobody large enough.
    """
    if shot.references:
        subject = shot.references[0]
        picture = load_rgb(read(subject.views[0]), largest)
        return _recast(rgb, subject.name, picture, models, view)
    with attributed_to("shots.first"):
        own = Character.find(rgb, models, "The picture")
    empty = clear_backdrop(rgb, own.covering(rgb.shape[1], rgb.shape[0]))
    scale = view[0] / rgb.shape[1]
    placement = CharacterPlacement(_DENSITY, own.box[0] * scale, own.box[1] * scale)
    return picture_to_frame(empty, *view), own.resized(scale * _DENSITY), placement


def _recast(
    rgb: Rgb, name: str, picture: Rgb, models: VisionModels, view: tuple[int, int]
) -> tuple[Frame, Character, CharacterPlacement]:
    """Put a subject in place of the picture's person, or in its middle if there is none."""
    width, height = view
    what = f"The picture of {name or 'the subject'}"
    with attributed_to("shots.references"):
        guest = Character.find(picture, models, what)
    scale = width / rgb.shape[1]
    try:
        host = Character.find(rgb, models, "The picture")
    except InputsRefused:  # nobody to replace: the picture is the background
        host = None
    rows = np.flatnonzero((guest.alpha > 127).any(axis=1))
    top, foot = (float(rows[0]), float(rows[-1] + 1)) if len(rows) else (0.0, 1.0)
    if host is None:
        size = _TALL * height / (foot - top)
        x, y = width / 2, _FOOT * height - size * foot
    else:
        rgb = clear_backdrop(rgb, host.covering(rgb.shape[1], rgb.shape[0]))
        stood = np.flatnonzero((host.alpha > 127).any(axis=1))
        standing = not host.rooted and not guest.rooted
        size = scale * (
            (stood[-1] + 1 - stood[0]) / (foot - top)
            if standing
            else host.skeleton.torso / guest.skeleton.torso
        )
        x, pelvis = scale * (host.skeleton.points[Node.PELVIS] + host.box[:2])
        y = pelvis - size * guest.skeleton.points[Node.PELVIS, 1]
        if standing:  # with the feet where the host's were
            y = scale * (stood[-1] + 1 + host.box[1]) - size * foot
    if guest.rooted:  # cut off by its picture: it must not end above the video's lower edge
        y = max(y, height - size * guest.alpha.shape[0])
    left = x - size * guest.skeleton.points[Node.PELVIS, 0]
    placement = CharacterPlacement(_DENSITY, left, y)
    return picture_to_frame(rgb, *view), guest.resized(size * _DENSITY), placement
