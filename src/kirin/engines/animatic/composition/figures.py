"""Turning reference pictures into figures: prints that hang, and subjects that stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kirin.engines.animatic.camera.safe_area import SafeArea
from kirin.engines.animatic.composition import panels
from kirin.engines.animatic.composition.figure import DENSITY, Figure, IdleMotion
from kirin.engines.animatic.composition.location import Location
from kirin.engines.animatic.composition.photo_location import PhotoLocation
from kirin.engines.animatic.composition.placement import arrange
from kirin.engines.animatic.composition.references import ReferencePicture
from kirin.engines.animatic.composition.subject_shape import SubjectPlacement, SubjectShape
from kirin.engines.animatic.scene.shadow import behind, on_ground
from kirin.vision.matting.cutout import Cutout
from kirin.vision.planes import Box

_STANDING = IdleMotion(breath=0.006, sway=0.005)
_BUST = IdleMotion(breath=0.008, sway=0.003)
_FLOATING = IdleMotion(breath=0.002, sway=0.004, drift=0.007)
_HUNG = IdleMotion(drift=0.005)


class FigureBuilder:
    """Places reference pictures in a location.

    Args:
        location: that the figures are lit by and stand in.
        safe: the area visible in every pose.
        size: width and height of the video.
        seed: of the placement.
        uses: one dictionary per reference, to which its use is written for the metadata.
    """

    def __init__(
        self,
        location: Location,
        safe: SafeArea,
        size: tuple[int, int],
        seed: int,
        uses: list[dict[str, Any]],
    ) -> None:
        self._location = location
        self._safe = safe
        self._size = size
        self._aspect = size[0] / size[1]
        self._seed = seed
        self._uses = uses

    def prints(
        self, found: Sequence[ReferencePicture], shapes: list[SubjectShape], *, aside: bool
    ) -> list[Figure]:
        """Prints of the whole pictures that are not the place; their shapes go to ``shapes``.

        Args:
            found: all references.
            shapes: those already placed; the first may be the first frame's own subject.
            aside: whether they hang at the side, so that the location remains visible.
        """
        wholes = [
            i for i, picture in enumerate(found) if picture.cutout is None and not self._uses[i]
        ]
        if not wholes:
            return []
        own = shapes[0].fixed if aside and shapes else None
        area = panels.area(self._safe, self._aspect, len(wholes) < len(found), aside, own)
        aspects = [found[i].rgb.shape[1] / found[i].rgb.shape[0] for i in wholes]
        places = panels.layout(aspects, area, self._aspect)
        shapes += [
            SubjectShape(1.0, fixed=place.box, disparity=place.disparity) for place in places
        ]
        figures = []
        for number, (index, place) in enumerate(zip(wholes, places, strict=True)):
            self._uses[index] = {"picture": index + 1, "use": "print"}
            sheet = panels.make_print(found[index].rgb, *pixels_of(place.box, *self._size), number)
            light, screen = self._location.lighting, self._location.screen
            near = isinstance(self._location, PhotoLocation)  # enough to receive a shadow
            shadow = behind(sheet.alpha, light.side, 0.5, 0.035) if near else None
            lit = sheet.rgb if near else light.apply(sheet.rgb, sheet.alpha, standing=False)
            idle = IdleMotion(drift=_HUNG.drift, phase=1.9 * number)
            figures.append(
                Figure(lit, sheet.alpha, place.box, place.disparity, screen, shadow, idle)
            )
        return figures

    def subjects(
        self, found: Sequence[ReferencePicture], others: Sequence[SubjectShape]
    ) -> list[Figure]:
        """Figures of the subjects that could be cut out, lit by the location.

        Args:
            found: all references.
            others: shapes that are already placed, which the subjects must not cover.
        """
        which = [index for index, picture in enumerate(found) if picture.cutout]
        cutouts = [picture.cutout for picture in found if picture.cutout]
        if not cutouts:
            return []
        light = self._location.lighting
        shapes = [
            SubjectShape(cutout.aspect, cutout.cut.bottom, cutout.cut.left, cutout.cut.right)
            for cutout in cutouts
        ]
        lean = -0.3 * float(np.sign(light.side)) * min(1.0, max(0.0, self._aspect - 0.7))
        ground = self._location.ground
        places = arrange([*shapes, *others], ground, self._safe, self._aspect, self._seed, lean)
        figures = []
        for number, (index, cutout) in enumerate(zip(which, cutouts, strict=True)):
            place = places[number]
            self._uses[index] = {
                "picture": index + 1,
                "use": "subject",
                "nearness": round(place.disparity, 2),
            }
            figures.append(self._subject(cutout, place, number))
        for index, picture in enumerate(found):
            if picture.name:
                self._uses[index]["name"] = picture.name
        return figures

    def _subject(self, cutout: Cutout, place: SubjectPlacement, number: int) -> Figure:
        light, ground = self._location.lighting, self._location.ground
        drawn = cutout.resized(*pixels_of(place.box, *self._size))
        bust = cutout.cut.bottom
        standing = not bust and not ground.floating
        rgb = light.apply(drawn.rgb, drawn.alpha, standing=standing)
        shadow = None
        if standing:
            shadow = on_ground(drawn.alpha, light.side, light.height, light.shadow)
        elif ground.floating and isinstance(self._location, PhotoLocation):
            # Only a picture is close enough behind the figure to receive its shadow.
            shadow = behind(drawn.alpha, light.side, 0.35, 0.05)
        kind = _FLOATING if ground.floating and not bust else _BUST if bust else _STANDING
        idle = IdleMotion(kind.breath, kind.sway, 2.4 * number + 0.3, kind.drift)
        screen = self._location.screen
        return Figure(rgb, drawn.alpha, place.box, place.disparity, screen, shadow, idle)


def pixels_of(box: Box, width: int, height: int) -> tuple[int, int]:
    """The size of a box of a rest view of ``width x height`` pixels at :data:`DENSITY`; even."""
    across, down = (box[2] - box[0]) * width, (box[3] - box[1]) * height
    return max(round(across * DENSITY / 2) * 2, 16), max(round(down * DENSITY / 2) * 2, 16)
