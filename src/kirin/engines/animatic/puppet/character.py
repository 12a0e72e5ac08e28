"""Characters: the person of a picture, with a mask, a skeleton and the limbs that can move."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kirin.engines.animatic.puppet.character_mask import character_mask
from kirin.engines.animatic.puppet.segmentation import HALF_WIDTHS, PROFILE, capsule
from kirin.errors import InputsRefused
from kirin.vision.kernels import Plane
from kirin.vision.models import VisionModels
from kirin.vision.planes import Box, Rgb, resize
from kirin.vision.pose.estimator import silhouette
from kirin.vision.pose.skeleton import ARMS, CHAINS, LEGS, LIMBS, TWIN, BodyPart, Skeleton

_AROUND = 0.85  # torso lengths around the joints, for hair and clothes
_INSIDE = 0.01  # of a side: least distance of a joint from the border of the picture
_SEEN = 0.4  # least visibility of elbow and wrist, or knee and ankle, for a limb to move
_HANGS = 1.8  # bone half widths around a limb in which contact with the border is counted
_CONTACT = 0.3  # torso lengths of contact from which a limb is cut off by the border
_TOUCH = 3  # width of the border in pixels
_SMALLEST = 24.0  # pixels of a torso: below, limbs are too small to be separated


@dataclass(frozen=True, slots=True, eq=False)
class Character:
    """A person in a crop of a picture.

    Attributes:
        rgb, alpha: the crop and the person's mask, shapes ``(h, w, 3)`` and ``(h, w)``.
        skeleton: in pixels of the crop.
        limbs: those that are wholly visible, and so can move.
        box: of the crop in the picture: left, top, right, bottom in its pixels.
        border: the picture's border, shape ``(h, w)``.
        cut: whether the picture cuts the person off at its left or right side.
    """

    rgb: Rgb
    alpha: Plane
    skeleton: Skeleton
    limbs: tuple[BodyPart, ...]
    box: Box
    border: NDArray[np.bool_]
    cut: bool

    @classmethod
    def find(cls, rgb: Rgb, models: VisionModels, what: str) -> Character:
        """Find the largest person of a picture.

        Args:
            rgb: the picture.
            models: the pose estimator and the segmenter.
            what: name of the picture in messages, such as "The picture".

        Raises:
            InputsRefused: there is nobody, or nobody large enough.
        """
        found = models.pose_estimator.find(rgb, most=1)
        if not found:
            raise InputsRefused(
                f"{what} shows no person that could be made out: it needs one whose head and "
                "shoulders, better whose whole body, can be seen."
            )
        skeleton = Skeleton.of(found[0].landmarks)
        if skeleton.torso < _SMALLEST:
            raise InputsRefused(
                f"The person in {what[0].lower()}{what[1:]} is {skeleton.torso:.0f} pixels from "
                f"shoulders to hips, and at least {_SMALLEST:.0f} are needed: send a larger one."
            )
        height, width = rgb.shape[:2]
        room = _AROUND * skeleton.torso
        low, high = skeleton.points.min(axis=0) - room, skeleton.points.max(axis=0) + room
        left, top = (max(int(value), 0) for value in low)
        right, bottom = min(int(high[0]) + 1, width), min(int(high[1]) + 1, height)
        part = np.ascontiguousarray(rgb[top:bottom, left:right])
        local = skeleton.moved(1.0, -left, -top)
        limbs = tuple(limb for limb in LIMBS if _whole(skeleton, limb, width, height))
        rough = silhouette(found[0], width, height)[top:bottom, left:right]
        alpha = character_mask(part, rough, local, limbs, models.segmenter)
        border = np.zeros(alpha.shape, dtype=np.bool_)
        for at_edge, side in (
            (left == 0, np.s_[:, :_TOUCH]),
            (top == 0, np.s_[:_TOUCH]),
            (right == width, np.s_[:, -_TOUCH:]),
            (bottom == height, np.s_[-_TOUCH:]),
        ):
            if at_edge:
                border[side] = True
        limbs = tuple(limb for limb in limbs if _free(local, limb, alpha, border))
        sides = np.concatenate([alpha[:, :_TOUCH], alpha[:, -_TOUCH:]], axis=1)
        edges = np.concatenate([border[:, :_TOUCH], border[:, -_TOUCH:]], axis=1)
        cut = bool(((sides > 127) & edges).sum() > 0.2 * skeleton.torso)
        box = (float(left), float(top), float(right), float(bottom))
        return cls(part, alpha, local, limbs, box, border, cut)

    @property
    def rooted(self) -> bool:
        """Whether no leg can move, so that the character must stay in place."""
        return not any(leg in self.limbs for leg in LEGS)

    def covering(self, width: int, height: int) -> Plane:
        """The mask in the whole picture, whose size is given."""
        whole = np.zeros((height, width), np.uint8)
        left, top, right, bottom = (int(side) for side in self.box)
        whole[top:bottom, left:right] = self.alpha
        return whole

    def resized(self, scale: float) -> Character:
        """The character scaled by a factor."""
        rows, columns = self.alpha.shape
        width, height = max(round(columns * scale), 16), max(round(rows * scale), 16)
        with Image.fromarray(self.alpha) as image:
            alpha = np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))
        border = cv2.resize(
            self.border.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST
        )
        return replace(
            self,
            rgb=resize(self.rgb, width, height),
            alpha=alpha,
            skeleton=self.skeleton.moved(width / columns, 0.0, 0.0),
            border=border > 0,
        )

    def flipped(self) -> Character:
        """The mirror image of the character, in the same place."""
        return replace(
            self,
            rgb=np.ascontiguousarray(self.rgb[:, ::-1]),
            alpha=np.ascontiguousarray(self.alpha[:, ::-1]),
            skeleton=self.skeleton.mirrored(self.alpha.shape[1]),
            border=np.ascontiguousarray(self.border[:, ::-1]),
            limbs=tuple(limb for limb in LIMBS if TWIN[limb] in self.limbs),
        )


def _whole(skeleton: Skeleton, limb: BodyPart, width: int, height: int) -> bool:
    """Whether a limb is in the picture to its wrist or ankle, and seen or known to be hidden."""
    size = np.array([width, height])
    points = skeleton.points[list(CHAINS[limb][:3])] / size
    inside = bool(((points > _INSIDE) & (points < 1 - _INSIDE)).all())
    seen = [skeleton.seen[list(CHAINS[arm][1:3])].min() > _SEEN for arm in (limb, TWIN[limb])]
    # In profile the body hides the far arm, which can move nevertheless.
    hidden = limb in ARMS and abs(skeleton.forward) > PROFILE and seen[1]
    return inside and bool(seen[0] or hidden)


def _free(skeleton: Skeleton, limb: BodyPart, alpha: Plane, border: NDArray[np.bool_]) -> bool:
    """Whether a limb is not cut off by the picture's border."""
    reach = np.zeros_like(border)
    chain = [skeleton.points[node] for node in CHAINS[limb]]
    for start, end, half_width in zip(chain, chain[1:], HALF_WIDTHS[limb], strict=False):
        reach |= capsule(border.shape, start, end, _HANGS * half_width * skeleton.torso)
    touching = int((reach & border & (alpha > 127)).sum())
    return touching < _TOUCH * _CONTACT * skeleton.torso
