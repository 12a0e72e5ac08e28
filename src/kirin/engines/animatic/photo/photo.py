"""A picture as layers with parallax, rendered in any pose of the camera (2.5D parallax)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kirin.domain.frame import Frame
from kirin.domain.motion import FocusPull
from kirin.engines.animatic.camera.departure import AROUND, CutSide, Departure, Room, confine
from kirin.engines.animatic.camera.framing import Framing, PathExtent
from kirin.engines.animatic.camera.path import PIVOT
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Cinemagraph
from kirin.engines.animatic.cinemagraph.still import PictureTexture
from kirin.engines.animatic.photo.composer import Composer
from kirin.engines.animatic.photo.continuation import widest_margin
from kirin.engines.animatic.photo.crop import CroppedPicture
from kirin.engines.animatic.photo.depth_of_field import DepthOfField, FocusTrack
from kirin.engines.animatic.photo.rest_view import NEAR, RestView, distance_from
from kirin.engines.animatic.photo.sheet import SUBJECT, Sheet, Split
from kirin.engines.animatic.photo.shutter import Shutter
from kirin.engines.animatic.photo.stack import LayerStack
from kirin.engines.animatic.photo.still_view import StillView
from kirin.engines.animatic.photo.zoom_target import ZoomTarget
from kirin.vision.analysis import PictureAnalysis
from kirin.vision.depth.layers import LayerKind
from kirin.vision.kernels import Plane
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.networks.depth_network import DepthNetwork
from kirin.vision.networks.fill_network import FillNetwork
from kirin.vision.planes import Rgb, picture_to_frame, resize_shown
from kirin.vision.sky.sky import Sky

_LEVEL = 1e-6
_OPAQUE = 127  # of an alpha
_CUT = 0.015  # of a border: length along which it cuts through a subject, at least
_REST = Pose()


Animate = Callable[[PictureTexture], Cinemagraph]
"""Finds what moves in a picture."""


@dataclass(frozen=True, slots=True)
class PhotoOptions:
    """What a photo is prepared for, beside a path.

    Attributes:
        animate: finds what moves in the picture.
        separate: whether to cut the layers out though the path has no parallax.
        confined: whether the path begins or ends at rest, and is to keep within a margin of the
            picture's border: see :mod:`~kirin.engines.animatic.camera.departure`.
        part: which part a path that was given in numbers is of the longest one of its kind. Such
            a path is not aimed at the subject; see :func:`~.departure.confine`.
        backwards: whether a confined path is played backwards, to end at rest.
        path: the path for a subject of some disparity, for moves that turn about it.
        shutter: whether what moves fast is blurred along its way.
        focus: where the focus goes, if there is a subject to be cut out.
        fps: frames per second.
        depth, fill: optional networks, where their weights are installed.
    """

    animate: Animate | None = None
    separate: bool = False
    confined: bool = False
    part: float | None = None
    backwards: bool = False
    path: Callable[[float], Sequence[Pose]] | None = None
    shutter: bool = False
    focus: FocusPull | None = None
    fps: float = 24.0
    depth: DepthNetwork | None = None
    fill: FillNetwork | None = None


class Photo:
    """A picture prepared for a camera path. Not thread-safe.

    Attributes:
        framing: of the rest view: the largest part of the picture of the video's aspect.
        departure: the path as it is shown; see :meth:`frame_at`.
        living: what moves in the picture.
    """

    def __init__(
        self,
        view: tuple[int, int],
        framing: Framing,
        target: ZoomTarget,
        departure: Departure,
        composer: Composer,
        shutter: Shutter | None = None,
    ) -> None:
        self.width, self.height = view
        self.framing = framing
        self.departure = departure
        self.living = composer.living
        self._target = target
        self._composer = composer
        self._shutter = shutter
        still = all(pose == _REST for pose in departure.poses)
        self._still = StillView(composer) if still and not composer.focus else None

    @property
    def layered(self) -> bool:
        """Whether the picture has layers of its own for what is nearer."""
        return len(self._composer.stack.layers) > 1

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the layers show, back to front."""
        return tuple(layer.kind.value for layer in self._composer.stack.layers)

    @classmethod
    def prepare(
        cls,
        rgb: Rgb,
        width: int,
        height: int,
        poses: Sequence[Pose],
        segmenter: Segmenter | None = None,
        options: PhotoOptions = PhotoOptions(),
    ) -> Photo:
        """Find the layers that the path needs, and fill what it shows beyond the picture.

        Args:
            rgb: the picture, shape ``(h, w, 3)``, of any aspect; it is cropped to the video's.
            width, height: of the video, even.
            poses: all poses that will be rendered; others may show a border. Rolls of up to 1
                radian are supported.
            segmenter: finds the subject; without one, the picture is a single layer.
            options: more of what it is prepared for.
        """
        size, aspect = (rgb.shape[1], rgb.shape[0]), width / height
        split = Split.find(rgb, segmenter, options.depth)
        focus = split.focus
        rest = PathExtent(-0.5, -0.5, 0.5, 0.5)
        framing = Framing.fit(size, rest, aspect, focus)
        deep = any(pose.truck_x or pose.truck_y or pose.dolly for pose in poses)
        apart = deep or options.separate or options.focus is not None
        sheets = split.sheets(framing, deep=deep, cut=apart)
        if options.path and apart:
            poses = options.path(_pivot(sheets, split.subject))
        target = ZoomTarget(0.0, 0.0)
        if focus and options.part is None:
            target = ZoomTarget.at(focus, framing, poses)
        departure = Departure(tuple(target.apply(pose) for pose in poses))
        if options.confined:
            room, part = _room(framing, size), options.part or 1.0
            cut = _cut_sides(sheets, split.subjects)
            wide = _widest(departure.poses) ** (1 / part) > 1 + 2 * AROUND
            around = widest_margin(rgb, split.subjects) if wide else AROUND
            depths = _depths(sheets)
            departure = confine(departure.poses, room, aspect, depths, part, cut, around)
        if options.backwards:
            departure = replace(departure, poses=departure.poses[::-1])
        still = all(pose == _REST for pose in departure.poses)
        extent = rest if still else _extent(departure.poses, sheets, aspect)
        density = 1.0 if still else _density(departure.poses, sheets, framing, width)
        crop = CroppedPicture.cut(rgb, framing, extent, width, density, beyond=True, exact=still)
        spare = math.ceil(DepthOfField.radius((width, height), density)) if options.focus else 0
        stack = LayerStack.build(
            sheets, split.subject, crop, (width, height), spare, split.subjects, options.fill
        )
        main = stack.subject
        own, own_box = (main.own, main.part) if main else (None, None)
        living = Cinemagraph()
        if options.animate:
            texture = PictureTexture(
                stack.flat,
                stack.alpha,
                own,
                own_box,
                crop.centre,
                density,
                departure.poses,
                crop.picture,
                _look_up(split.picture, crop),
                _pivot(sheets, split.subject),
            )
            living = options.animate(texture)
        composer = Composer(stack, (width, height), living)
        if still or any(distance_from(pose, _REST) < NEAR for pose in departure.poses):
            picture = picture_to_frame(
                resize_shown(rgb, width, height, _box(framing, size)), width, height
            )
            composer.show(0)  # what lies behind a subject may show through its edge
            composer.rest = RestView(picture, composer.layers_at_rest())
        if options.focus and main:
            track = _focus_track(stack, options.focus, len(poses), options.fps)
            radius = DepthOfField.radius((width, height), density)
            composer.focus = DepthOfField(stack, track, radius, composer.changing())
        shutter = Shutter.of(departure.poses, width) if options.shutter else None
        return cls((width, height), framing, target, departure, composer, shutter)

    def frame(self, pose: Pose, number: int = 0) -> Frame:
        """Render a pose, aimed at the subject, as a new frame.

        Args:
            pose: of the camera.
            number: of the frame: what moves in the picture is shown as in this one.
        """
        return self._composer.frame(self._target.apply(pose), number)

    def frame_at(self, number: int) -> Frame:
        """Render a frame of the path, as a new frame."""
        if self._still:
            return self._still.frame(number)
        if self._shutter and self._shutter.blurs(number):
            return self._shutter.expose(number, self._composer)
        return self._composer.frame(self.departure.poses[number], number)

    def clear_at(self, number: int) -> Frame:
        """Render a frame of the path without what is in the air, as a new frame."""
        self._composer.airless = True
        try:
            return self.frame_at(number)
        finally:
            self._composer.airless = False


def _look_up(
    picture: PictureAnalysis | None, crop: CroppedPicture
) -> Callable[[], Sky | None] | None:
    """Finds the sky of a crop: the one that the layers have, in a picture with layers."""
    if picture is None:
        return None

    def look_up() -> Sky | None:
        sky = picture.sky
        return None if sky is None else sky.cropped(crop.picture, crop.crop)

    return look_up


def _pivot(sheets: Sequence[Sheet], subject: Plane | None) -> float:
    """Disparity of the main subject."""
    found = [sheet.relief.near for sheet in sheets if sheet.alpha is subject is not None]
    return found[0] if found else PIVOT


def _focus_track(stack: LayerStack, pull: FocusPull, count: int, fps: float) -> FocusTrack:
    """The focus of a stack with a subject: the background is the farthest that is no sky."""
    subject = stack.subject.layer.relief.near if stack.subject else SUBJECT.near
    behind = [
        layer.drawn.layer.relief.far
        for layer in stack.layers
        if layer.drawn is not stack.subject and layer.kind is not LayerKind.SKY
    ]
    return FocusTrack(pull, count, fps, subject, min(behind, default=0.0))


def _depths(sheets: Sequence[Sheet]) -> list[float]:
    """Disparities of what is seen up to the border: subjects stand before it."""
    first = sheets[0].relief
    return sorted({first.far, first.near, *(each.relief.far for each in sheets[:-1])})


def _cut_sides(sheets: Sequence[Sheet], subjects: Plane | None) -> list[CutSide]:
    """The borders that cut subjects off; a subject that barely touches one ends there."""
    found = [
        (each.alpha, each.relief)
        for each in sheets
        if each.kind is LayerKind.SUBJECT and each.alpha is not None
    ]
    if not found and subjects is not None:
        found = [(subjects, sheets[0].relief)]
    cut = []
    for alpha, relief in found:
        for side, line in enumerate((alpha[:, 0], alpha[0], alpha[:, -1], alpha[-1])):
            if float((line > _OPAQUE).mean()) > _CUT:
                cut += [CutSide(side, depth) for depth in {relief.far, relief.near}]
    return cut


def _widest(poses: Sequence[Pose]) -> float:
    """Width of a path's widest view of what is nearest, in rest-view widths."""
    return 1 / min(pose.zoom * min(1.0, 1.0 + pose.dolly) for pose in poses)


def _room(framing: Framing, size: tuple[int, int]) -> Room:
    return Room(
        left=max(framing.x / framing.width - 0.5, 0.0),
        top=max(framing.y / framing.height - 0.5, 0.0),
        right=max((size[0] - framing.x) / framing.width - 0.5, 0.0),
        bottom=max((size[1] - framing.y) / framing.height - 0.5, 0.0),
    )


def _box(framing: Framing, size: tuple[int, int]) -> tuple[float, float, float, float]:
    return (
        max(framing.x - framing.width / 2, 0.0),
        max(framing.y - framing.height / 2, 0.0),
        min(framing.x + framing.width / 2, float(size[0])),
        min(framing.y + framing.height / 2, float(size[1])),
    )


def _extent(poses: Sequence[Pose], sheets: Sequence[Sheet], aspect: float) -> PathExtent:
    """What a path shows of any layer, and the rest view."""
    extent = PathExtent(-0.5, -0.5, 0.5, 0.5)
    for relief in {sheet.relief for sheet in sheets}:
        extent = extent.union(PathExtent.of(poses, relief, aspect), True, True, True, True)
    return extent


def _density(poses: Sequence[Pose], sheets: Sequence[Sheet], framing: Framing, width: int) -> float:
    """Pixels of the crop per pixel of the rest view.

    Flat layers without roll are drawn with filters of any width, so they get the resolution of
    the closest view; the others are drawn with four taps, which alias beyond 1.25.
    """
    ramped = any(not sheet.relief.flat for sheet in sheets)
    if ramped or any(abs(pose.roll) > _LEVEL for pose in poses):
        return 1.25
    closest = max(pose.view(SUBJECT.near).scale for pose in poses)
    there = framing.width / width
    return float(np.clip(min(1.25 * closest, there), 1.25, 2.5))
