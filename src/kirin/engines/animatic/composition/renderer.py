"""The shot renderer for references: subjects of several pictures together in one place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from kirin.domain.frame import Frame
from kirin.domain.intent import SceneDescription
from kirin.engines.animatic.camera.framing import Focus
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.camera.safe_area import SafeArea
from kirin.engines.animatic.camera.turn import describe_direction
from kirin.engines.animatic.composition import panels
from kirin.engines.animatic.composition.camera_path import attenuated
from kirin.engines.animatic.composition.figure import DENSITY, Figure
from kirin.engines.animatic.composition.figures import FigureBuilder, pixels_of
from kirin.engines.animatic.composition.location import Location
from kirin.engines.animatic.composition.photo_location import PhotoLocation
from kirin.engines.animatic.composition.references import LOADED, ReferencePicture
from kirin.engines.animatic.composition.scene_location import SceneLocation
from kirin.engines.animatic.composition.shot_location import ShotLocation
from kirin.engines.animatic.composition.studio import FOOT, LAMPS, studio
from kirin.engines.animatic.composition.subject_shape import SubjectShape
from kirin.engines.animatic.shot import ShotContext, ShotRenderer
from kirin.media.images import load_rgb
from kirin.vision.inpainting.background import inpaint_background
from kirin.vision.kernels import Plane
from kirin.vision.matting.cutout import cut_out
from kirin.vision.matting.segmenter import SubjectMask
from kirin.vision.planes import Box, Rgb

_NOT_A_PLACE = frozenset({"birds", "lights"})  # what a prompt may name without naming a place

BACKDROP = "a backdrop of the pictures"
"""Kind of the location that is made of prints' own colours."""

_SEEN = 0.02  # share of the first frame from which its subject must be kept clear of
_BEFORE = 0.74  # disparity of figures if the first frame's own subject is cut off at the bottom
_CUT_OFF = 0.99  # of a picture's height: a subject that reaches down to it is cut off


class CompositionShotRenderer:
    """A shot in which subjects of several pictures appear together.

    Args:
        context: of a shot with references and without brush strokes.
        base: renders the same shot without its references. It is needed if the shot has a last
            frame: then the subjects fade in after the beginning and out before the end.
        seen: what the base shows, where the shot itself has no picture.
    """

    def __init__(
        self, context: ShotContext, base: ShotRenderer | None = None, seen: Rgb | None = None
    ) -> None:
        shot, storyboard, check = context.shot, context.storyboard, context.check
        self._direction = context.intent.camera
        width, height = self._size = context.size
        self._fps = storyboard.fps
        self._seed = storyboard.seed
        self._segmenter = context.models.segmenter
        self._fill = context.models.fill
        # Without a shot below it, the subjects' own camera follows all that is asked for.
        told = base.notes if base else {}
        self._not_followed = {name: told[name] for name in ("not_followed",) if name in told}
        rest = (Pose(),) * len(context.poses) if seen is None else tuple(context.poses)
        aspect = width / height
        self._poses = attenuated(context.poses, aspect) if base is None else rest
        safe = SafeArea(self._poses, aspect)
        largest = round(DENSITY * 1.05 * min(width, height))
        found = []
        for reference in shot.references:
            check()
            views = [context.read(view) for view in reference.views]
            picture = ReferencePicture.load(reference.name, views, self._segmenter, largest)
            found.append(picture)
        self._uses: list[dict[str, Any]] = [{} for _ in found]
        check()
        figures: list[Figure] = []
        shapes: list[SubjectShape] = []
        first = shot.first or shot.last
        rgb = load_rgb(context.read(first), LOADED) if first else seen
        if rgb is not None:
            self._location: Location = (
                self._first_frame(rgb, figures, shapes)
                if base is None
                else self._over(base, rgb, context, shapes)
            )
        else:
            self._location = self._choose(found, context.intent.scene)
        check()
        builder = FigureBuilder(self._location, safe, self._size, self._seed, self._uses)
        # Alone they may fill a view of which they make the backdrop.
        aside = bool(base or first) or self._location.describe().get("kind") != BACKDROP
        figures += builder.prints(found, shapes, aside=aside)
        check()
        figures += builder.subjects(found, shapes)
        self._location.add_figures(sorted(figures, key=lambda figure: figure.disparity))

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made."""
        return {
            "method": "composition",
            "subjects": self._uses,
            "scene": self._location.describe(),
            "direction": describe_direction(self._direction),
            **self._not_followed,
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._location.frame(index)

    def _first_frame(
        self, rgb: Rgb, figures: list[Figure], shapes: list[SubjectShape]
    ) -> PhotoLocation:
        """The first frame as a location; its own subject becomes a figure among the others."""
        mask = self._segmenter.find(rgb)
        own = cut_out(rgb, mask, round(DENSITY * max(self._size)))
        foot = None
        background = rgb
        if own:
            background = inpaint_background(rgb, _enlarged(mask, rgb), self._fill)
            foot = None if own.cut.bottom else mask.box[3]
        left, top, right, bottom = mask.box
        focus = Focus(
            left * rgb.shape[1], top * rgb.shape[0], right * rgb.shape[1], bottom * rgb.shape[0]
        )
        location = PhotoLocation(
            background,
            *self._size,
            self._fps,
            self._poses,
            "the first frame",
            foot=foot,
            before=_BEFORE if own and own.cut.bottom else 0.0,
            focus=focus if mask.share > _SEEN else None,
        )
        if mask.share > _SEEN:
            box = _to_rest_view(own.box if own else mask.box, rgb, location)
            bust = bool(own and own.cut.bottom)
            disparity = location.disparity(min(box[3], 0.5))
            shapes.append(SubjectShape(1.0, bust, fixed=box, disparity=disparity, host=True))
            if own:
                drawn = own.resized(*pixels_of(box, *self._size))
                figures.append(Figure(drawn.rgb, drawn.alpha, box, disparity, location.screen))
        return location

    def _over(
        self, base: ShotRenderer, rgb: Rgb, context: ShotContext, shapes: list[SubjectShape]
    ) -> ShotLocation:
        """The base shot as a location, whose picture's own subject must be kept clear of."""
        location = ShotLocation(
            base,
            rgb,
            *self._size,
            self._fps,
            len(self._poses),
            arrive=context.shot.first is not None,
            leave=context.shot.last is not None,
            poses=self._poses,
        )
        mask = self._segmenter.find(rgb)
        if mask.share > _SEEN:
            left, top, right, bottom = mask.box
            box = (left - 0.5, top - 0.5, right - 0.5, bottom - 0.5)
            bust = bottom > _CUT_OFF
            shapes.append(SubjectShape(1.0, bust, fixed=box, disparity=0.0, host=True))
        return location

    def _choose(self, found: Sequence[ReferencePicture], scene: SceneDescription) -> Location:
        """A location without a first frame.

        A picture without a subject; else the place that the prompt names; else a studio, or a
        backdrop of pictures where there are several. A picture that its subject fills is no
        place for others: it is one only where it is alone and no other is named.
        """
        wholes = [index for index, picture in enumerate(found) if picture.cutout is None]
        places = [index for index in wholes if not found[index].filled]
        named = {*scene.understood, *scene.guessed} - _NOT_A_PLACE
        if len(found) == len(wholes) == 1 and not named:
            places = wholes
        width, height = self._size
        # The camera's path shows something beyond the view.
        around = round(width * 1.3), round(height * 1.3)
        if len(places) == 1:
            self._uses[places[0]] = {"picture": places[0] + 1, "use": "background"}
            rgb = found[places[0]].rgb
            return PhotoLocation(rgb, *self._size, self._fps, self._poses, "a picture")
        if named and not places:
            return SceneLocation(scene, *self._size, self._fps, self._poses)
        if len(wholes) > 1 or len(wholes) == len(found):
            soft = panels.backdrop([found[index].rgb for index in wholes], *around, self._seed)
            return PhotoLocation(soft, *self._size, self._fps, self._poses, BACKDROP, flat=True)
        colours = [picture.cutout.colour() for picture in found if picture.cutout]
        paper = studio(colours, *around, self._seed)
        return PhotoLocation(
            paper, *self._size, self._fps, self._poses, "a studio", foot=FOOT, lighting=LAMPS
        )


def _enlarged(mask: SubjectMask, rgb: Rgb) -> Plane:
    """The mask at its picture's size."""
    with Image.fromarray(mask.alpha) as image:
        return np.asarray(image.resize((rgb.shape[1], rgb.shape[0]), Image.Resampling.BICUBIC))


def _to_rest_view(box: Box, rgb: Rgb, location: PhotoLocation) -> Box:
    """A box given in shares of a picture's sides as a box of the rest view."""
    framing = location.framing
    height, width = rgb.shape[:2]
    return (
        (box[0] * width - framing.x) / framing.width,
        (box[1] * height - framing.y) / framing.height,
        (box[2] * width - framing.x) / framing.width,
        (box[3] * height - framing.y) / framing.height,
    )
