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
from kirin.engines.animatic.photo.layer import PictureLayer
from kirin.engines.animatic.photo.sheet import Sheet
from kirin.engines.animatic.photo.subject_layer import SubjectLayer
from kirin.vision.beside import beside
from kirin.vision.depth.layers import LayerKind
from kirin.vision.inpainting.background import inpaint_background
from kirin.vision.inpainting.pull_push import pull_push
from kirin.vision.kernels import Plane, blend
from kirin.vision.matting.foreground import estimate_foreground
from kirin.vision.networks.fill_network import FillNetwork
from kirin.vision.planes import Planes, Rgb

Target = tuple[Plane, Plane, Plane]
"""Planes of Y, U and V to draw on."""

_RIM = 0.012  # of the longest side: around a subject, where alphas behind it are not trusted
_EDGE = 0.004  # of the longest side: around a subject, where its colours and others' mix
_SMALL = 512  # longest side at which alphas are continued behind a subject
_FAINT = 5  # factor of the opacity with which a layer takes part in what changes in it


class BackmostLayer:
    """The backmost layer, which is opaque: it fills the view."""

    def __init__(self, layer: PictureLayer, view: tuple[int, int]) -> None:
        self.layer = layer
        self._view = view

    def over(self, planes: Target, pose: Pose, within: Rectangle | None = None) -> None:
        """Draw over a frame's planes, or over a window of them."""
        width, height = self._view
        if within is None:
            self.layer.draw(pose, Rectangle(0, 0, width, height), planes)
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
        others = _others(sheets, alphas, subject)
        with beside(lambda: crop.patched(None if barred is None else crop.crop(barred))) as patched:
            flat, bare = _emptied(crop.picture, alpha, others, fill)
            flat = crop.finished(flat, patched())
            bare = flat if others is None else crop.finished(bare, patched())
            seen = flat if others is None else crop.finished(crop.picture, patched())
        rim = None if alpha is None or others is None else _with_rim(alpha)
        cutter = _LayerCutter(crop, bare, seen, rim, view, spare)
        alphas = _gone_on(sheets, alphas, subject, alpha)
        alphas = _ended(sheets, alphas, subject, crop)
        layers: list[StackedLayer] = []
        main: SubjectLayer | None = None
        nearest = 0.0
        for number, (sheet, own) in enumerate(zip(sheets, alphas, strict=True)):
            nearest = max(nearest, sheet.order)
            made: BackmostLayer | SubjectLayer | None
            if own is not None and sheet.alpha is subject:
                main = cutter.cut(crop.picture, crop.attached(own), sheet.relief)
                made = main
                shown = None
            else:
                after = [
                    (other.kind, each)
                    for other, each in zip(sheets[number + 1 :], alphas[number + 1 :], strict=True)
                    if each is not None and other.alpha is not subject
                ]
                made, shown = cutter.behind(sheet, own, after)
            if made is not None:
                layers.append(_stacked(made, sheet.kind, nearest, shown, flat))
        return cls(tuple(layers), main, flat, alpha)

    @property
    def relief(self) -> Relief:
        """Of the backmost layer."""
        return self.layers[0].drawn.layer.relief


@dataclass(frozen=True, slots=True, eq=False)
class _LayerCutter:
    """Makes layers out of a crop.

    Attributes:
        crop: of the picture.
        bare: its colours without any subject.
        seen: its colours with all subjects.
        rim: the main subject with its edge, where there are others that go on behind it.
        view: width and height of the video.
        spare: pixels by which layers may be blurred.
    """

    crop: CroppedPicture
    bare: Rgb
    seen: Rgb
    rim: Plane | None
    view: tuple[int, int]
    spare: int

    def cut(self, colours: Rgb, alpha: Plane, relief: Relief) -> SubjectLayer | None:
        return SubjectLayer.of(colours, alpha, self.crop, self.view, relief, self.spare)

    def behind(
        self, sheet: Sheet, own: Plane | None, after: Sequence[tuple[LayerKind, Plane]]
    ) -> tuple[BackmostLayer | SubjectLayer | None, Plane | None]:
        """A layer that is not the main subject, and where it is seen.

        Args:
            sheet: of the layer.
            own: its alpha; ``None`` for the backmost layer, whose colours go on under all others.
            after: kinds and alphas of the layers before it, without the main subject.
        """
        shown = _uncovered(own, [each for _, each in after])
        # Where subjects are, the bare picture shows what is behind them.
        covers = [each for kind, each in after if not kind.cut_out]
        if own is None:
            bared = _uncovered(own, covers)
            colours = self.bare if bared is None else estimate_foreground(self.bare, bared)
            planes = Planes.from_rgb(colours)
            return BackmostLayer(self.crop.layer(planes, self.view, sheet.relief), self.view), shown
        colours = self.bare
        if sheet.kind.cut_out:
            colours = self.seen
            covers = [each for _, each in after] + ([] if self.rim is None else [self.rim])
        if covers and (bared := _uncovered(own, covers)) is not None:
            colours = _continued(colours, own, bared)
        return self.cut(colours, own, sheet.relief), shown


def _stacked(
    made: BackmostLayer | SubjectLayer,
    kind: LayerKind,
    disparity: float,
    shown: Plane | None,
    picture: Rgb,
) -> StackedLayer:
    """A layer in its place; ``shown`` is given for all of the picture."""
    height, width = picture.shape[:2]
    if isinstance(made, BackmostLayer):
        return StackedLayer(made, kind, 0.0, Rectangle(0, 0, width, height), _generous(shown))
    box = made.part
    if shown is not None:
        shown = shown[box.top : box.bottom, box.left : box.right]
    return StackedLayer(made, kind, disparity, box, _generous(shown))


def _others(
    sheets: Sequence[Sheet], alphas: Sequence[Plane | None], subject: Plane | None
) -> Plane | None:
    """Where the subjects are that are not the main one; ``None`` without any."""
    union: Plane | None = None
    for sheet, alpha in zip(sheets, alphas, strict=True):
        if alpha is None or not sheet.kind.cut_out or sheet.alpha is subject:
            continue
        union = alpha if union is None else np.maximum(union, alpha)
    return union


def _emptied(
    picture: Rgb, subject: Plane | None, others: Plane | None, fill: FillNetwork | None
) -> tuple[Rgb, Rgb]:
    """A picture without its main subject, and without any.

    What is behind all of them is filled at once: patches that are taken from beside one subject
    would put pieces of the next one behind it, and a mere continuation of colours smears them.
    """
    if subject is None:
        bare = picture if others is None else inpaint_background(picture, others, fill)
        return picture, bare
    if others is None:
        flat = inpaint_background(picture, subject, fill)
        return flat, flat
    bare = inpaint_background(picture, np.maximum(subject, others), fill)
    rim = _with_rim(subject)
    height, flat = len(picture), picture.copy()
    over = np.repeat(rim, 3, axis=1)
    blend(flat.reshape(height, -1), bare.reshape(height, -1), over, 0, 0)
    return flat, bare


def _with_rim(subject: Plane) -> Plane:
    """An alpha that is wider by the edge in which a subject and what is behind it mix."""
    rim = max(2, round(_EDGE * max(subject.shape)))
    square = np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)
    return np.asarray(cv2.dilate(subject, square), np.uint8)


def _ended(
    sheets: Sequence[Sheet],
    alphas: Sequence[Plane | None],
    subject: Plane | None,
    crop: CroppedPicture,
) -> list[Plane | None]:
    """Alphas of which those of subjects other than the main one end at the picture's border."""
    return [
        crop.attached(each)
        if each is not None and sheet.kind.cut_out and sheet.alpha is not subject
        else each
        for sheet, each in zip(sheets, alphas, strict=True)
    ]


def _gone_on(
    sheets: Sequence[Sheet],
    alphas: Sequence[Plane | None],
    subject: Plane | None,
    main: Plane | None,
) -> list[Plane | None]:
    """Alphas that go on behind the main subject, and those of the scenery behind upright things.

    Args:
        sheets: back to front.
        alphas: of them, in the crop.
        subject: the sheet's alpha of the main subject.
        main: its alpha in the crop.
    """
    standing = main
    for sheet, each in zip(sheets, alphas, strict=True):
        if each is not None and sheet.kind is LayerKind.UPRIGHT:
            standing = each if standing is None else np.maximum(standing, each)
    done: list[Plane | None] = []
    for sheet, each in zip(sheets, alphas, strict=True):
        hides = main if sheet.kind.cut_out else standing
        if each is None or hides is None or sheet.alpha is subject:
            done.append(each)
        else:
            done.append(_behind(each, hides))
    return done


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
