"""The layers of a picture, drawn one over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from kirin.engines.animatic.camera.framing import Relief
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.engines.animatic.photo.crop import CroppedPicture
from kirin.engines.animatic.photo.layer import PictureLayer, Window
from kirin.engines.animatic.photo.sheet import Sheet
from kirin.engines.animatic.photo.subject_layer import SubjectLayer
from kirin.vision.beside import beside
from kirin.vision.depth.layers import LayerKind
from kirin.vision.inpainting.background import inpaint_background
from kirin.vision.inpainting.pull_push import pull_push
from kirin.vision.kernels import Plane
from kirin.vision.matting.foreground import estimate_foreground
from kirin.vision.networks.fill_network import FillNetwork
from kirin.vision.planes import Planes, Rgb

Target = tuple[Plane, Plane, Plane]
"""Planes of Y, U and V to draw on."""

_RIM = 0.012  # of the longest side: around a subject, where alphas behind it are not trusted
_SMALL = 512  # longest side at which alphas are continued behind a subject
_FAINT = 5  # factor of the opacity with which a layer takes part in what changes in it


class BackmostLayer:
    """The backmost layer, which is opaque: it fills the view."""

    def __init__(self, layer: PictureLayer, view: tuple[int, int]) -> None:
        self.layer = layer
        self._view = view

    def over(self, planes: Target, pose: Pose, within: Window | None = None) -> None:
        """Draw over a frame's planes, or over a window of them."""
        width, height = self._view
        if within is None:
            self.layer.draw(pose, Window(0, 0, width, height), planes)
            return
        drawn = self.layer.draw(pose, within)
        for plane, part, step in zip(planes, drawn, (1, 2, 2), strict=False):
            rows = slice(within.top // step, within.bottom // step)
            np.copyto(plane[rows, within.left // step : within.right // step], part)


@dataclass(frozen=True, slots=True, eq=False)
class StackedLayer:
    """A layer with its place in a stack.

    Attributes:
        drawn: what draws it.
        kind: what it shows.
        disparity: air that is at least as near is drawn over it.
        box: of the texture that it covers.
        shown: where it shows what changes in the flattened picture: opacity, in ``box``; ``None``
            for all over.
    """

    drawn: BackmostLayer | SubjectLayer
    kind: LayerKind
    disparity: float
    box: Rectangle
    shown: Plane | None


@dataclass(frozen=True, slots=True, eq=False)
class LayerStack:
    """A picture's layers.

    Attributes:
        layers: back to front.
        subject: the one that is the main subject, if it is cut out.
        flat: the picture without the main subject, uint8, shape ``(height, width, 3)``.
        alpha: of the main subject in it.
    """

    layers: tuple[StackedLayer, ...]
    subject: SubjectLayer | None
    flat: Rgb
    alpha: Plane | None

    @classmethod
    def build(
        cls,
        sheets: Sequence[Sheet],
        subject: Plane | None,
        crop: CroppedPicture,
        view: tuple[int, int],
        spare: int = 0,
        barred: Plane | None = None,
        fill: FillNetwork | None = None,
    ) -> LayerStack:
        """Cut sheets out of a crop, and fill what each hides of those behind it.

        Args:
            sheets: back to front.
            subject: alpha of the main subject, which is one of the sheets'.
            crop: of the picture.
            view: width and height of the video.
            spare: pixels of the crop by which layers may be blurred.
            barred: mask of what must not be seen again beyond the border.
            fill: paints what is behind the main subject, where its weights are installed.
        """
        alphas = [None if sheet.alpha is None else crop.crop(sheet.alpha) for sheet in sheets]
        mains = [own for sheet, own in zip(sheets, alphas, strict=True) if sheet.alpha is subject]
        alpha = mains[0] if subject is not None and mains else None
        with beside(lambda: crop.patched(None if barred is None else crop.crop(barred))) as patched:
            behind = crop.picture
            if alpha is not None:
                behind = inpaint_background(crop.picture, alpha, fill)
            flat = crop.finished(behind, patched())
        cutter = _LayerCutter(crop, flat, view, spare)
        if alpha is not None:
            alphas = [
                each if each is None or sheet.alpha is subject else _behind(each, alpha)
                for sheet, each in zip(sheets, alphas, strict=True)
            ]
        alphas = _ended(sheets, alphas, subject, crop)
        layers: list[StackedLayer] = []
        main = None
        nearest = 0.0
        for number, (sheet, own) in enumerate(zip(sheets, alphas, strict=True)):
            nearest = max(nearest, sheet.order)
            if own is not None and sheet.alpha is subject:
                made = main = cutter.cut(crop.picture, crop.attached(own), sheet.relief)
                shown = None
            else:
                covers = [
                    each
                    for other, each in zip(sheets[number + 1 :], alphas[number + 1 :], strict=True)
                    if each is not None and other.alpha is not subject
                ]
                shown = _uncovered(own, covers)
                if own is None:
                    layers.append(cutter.backdrop(sheet, shown))
                    continue
                colours = _continued(flat, own, shown) if covers and shown is not None else flat
                made = cutter.cut(colours, own, sheet.relief)
            if made is not None:
                box = made.part
                if shown is not None:
                    shown = shown[box.top : box.bottom, box.left : box.right]
                layers.append(StackedLayer(made, sheet.kind, nearest, box, _generous(shown)))
        return cls(tuple(layers), main, flat, alpha)

    @property
    def relief(self) -> Relief:
        """Of the backmost layer."""
        return self.layers[0].drawn.layer.relief


@dataclass(frozen=True, slots=True, eq=False)
class _LayerCutter:
    """Makes layers out of a crop; ``flat`` is the crop without its main subject."""

    crop: CroppedPicture
    flat: Rgb
    view: tuple[int, int]
    spare: int

    def cut(self, colours: Rgb, alpha: Plane, relief: Relief) -> SubjectLayer | None:
        return SubjectLayer.of(colours, alpha, self.crop, self.view, relief, self.spare)

    def backdrop(self, sheet: Sheet, shown: Plane | None) -> StackedLayer:
        """The backmost layer, whose colours go on under all that covers it."""
        height, width = self.flat.shape[:2]
        colours = self.flat if shown is None else estimate_foreground(self.flat, shown)
        layer = self.crop.layer(Planes.from_rgb(colours), self.view, sheet.relief)
        whole = Rectangle(0, 0, width, height)
        return StackedLayer(
            BackmostLayer(layer, self.view), sheet.kind, 0.0, whole, _generous(shown)
        )


def _ended(
    sheets: Sequence[Sheet],
    alphas: Sequence[Plane | None],
    subject: Plane | None,
    crop: CroppedPicture,
) -> list[Plane | None]:
    """Alphas of which those of subjects other than the main one end at the picture's border."""
    return [
        crop.attached(each)
        if each is not None and sheet.kind is LayerKind.SUBJECT and sheet.alpha is not subject
        else each
        for sheet, each in zip(sheets, alphas, strict=True)
    ]


def _behind(alpha: Plane, subject: Plane) -> Plane:
    """An alpha that goes on behind the subject, whose edge leaves its trace in it."""
    height, width = alpha.shape
    scale = min(1.0, _SMALL / max(height, width))
    size = max(round(width * scale), 8), max(round(height * scale), 8)
    small = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    rim = max(2, round(_RIM * max(size)))
    core = (cv2.resize(subject, size, interpolation=cv2.INTER_AREA) > 2).astype(np.uint8)
    hole = cv2.dilate(core, np.ones((2 * rim + 1, 2 * rim + 1), np.uint8))
    if hole.all():
        return alpha
    known = np.asarray(hole == 0, np.float32)
    filled = pull_push(np.repeat(small[..., None], 3, axis=2).astype(np.uint8), known)[..., 0]
    large, there = (
        cv2.resize(each, (width, height), interpolation=cv2.INTER_LINEAR)
        for each in (filled, hole * np.uint8(255))
    )
    return np.where(there > 127, large, alpha).astype(np.uint8)


def _uncovered(own: Plane | None, covers: Sequence[Plane]) -> Plane | None:
    """Where a layer is seen: opaque itself, and under nothing."""
    shown = own
    for cover in covers:
        open_ = cv2.bitwise_not(cover)
        both = open_ if shown is None else cv2.multiply(shown, open_, scale=1 / 255)
        shown = np.asarray(both, np.uint8)
    return shown


def _continued(flat: Rgb, own: Plane, shown: Plane) -> Rgb:
    """Colours of a layer, continued under what covers it; its own edge is left as it is."""
    under = estimate_foreground(flat, shown)
    hidden = cv2.subtract(own, shown)[..., None] > 0
    return np.where(hidden, under, flat)


def _generous(shown: Plane | None) -> Plane | None:
    """Opaque wherever a layer is seen at all."""
    return None if shown is None else np.minimum(shown, 255 // _FAINT) * np.uint8(_FAINT)
