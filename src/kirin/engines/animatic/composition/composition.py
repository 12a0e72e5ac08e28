"""A composition: subjects of several pictures together in one place, filmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from kirin.domain.frame import Frame
from kirin.domain.intent import Intent, SceneDescription
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.camera.framing import Focus
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.composition import panels
from kirin.engines.animatic.composition.figure import DENSITY, Figure, Life
from kirin.engines.animatic.composition.location import (
    Location,
    PhotoLocation,
    SceneLocation,
    TakeLocation,
)
from kirin.engines.animatic.composition.placement import Place, Safe, Shape, arrange
from kirin.engines.animatic.composition.shadow import behind, on_ground
from kirin.engines.animatic.composition.studio import FOOT, LAMPS, studio
from kirin.media.images import load_rgb
from kirin.vision.inpainting.fill import fill_behind
from kirin.vision.matting.cutout import Cutout, cut_out, look
from kirin.vision.matting.segmenter import Matte, Segmenter
from kirin.vision.planes import Box, Rgb

if TYPE_CHECKING:
    from kirin.engines.animatic.engine import Check, Take

_LOADED = 2560
"""Pixels to which larger pictures are reduced on loading: what one subject can show."""

_NOT_A_PLACE = frozenset({"birds", "lights"})  # what a scene may have, but is not known by

_SEEN = 0.02  # share of the first frame from which its subject is something to keep clear of
_BEFORE = 0.74  # nearness of newcomers where the first frame's own subject has no foot
_CUT_OFF = 0.99  # of a picture's height: what reaches so far down has no foot in it
_ROOM = 0.62
"""Share of the view that every pose must show; a wilder path is calmed, for subjects that fit
into less would be small in all the other poses."""

_STANDING = Life(breath=0.006, sway=0.005)
_BUST = Life(breath=0.008, sway=0.003)
_FLOATING = Life(breath=0.002, sway=0.004, drift=0.007)
_HUNG = Life(drift=0.005)


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    """What became of one reference: its subject, or the whole picture where there is none."""

    name: str
    rgb: Rgb
    cutout: Cutout | None


class CompositionTake:
    """A shot in which subjects of several pictures appear together."""

    def __init__(
        self,
        storyboard: Storyboard,
        shot: Shot,
        pictures: Sequence[Sequence[Path]],
        first: Path | None,
        intent: Intent,
        poses: Sequence[Pose],
        segmenter: Segmenter,
        check: Check = lambda: None,
        base: Take | None = None,
    ) -> None:
        """Prepare it.

        Args:
            storyboard: that the shot belongs to.
            shot: with references; without brush strokes.
            pictures: for each reference the files of its views, the most telling first.
            first: the file of the shot's first frame; of its last, if it has only that.
            intent: what the shot's prompt asks for.
            poses: of the camera, one for each frame.
            segmenter: finds subjects.
            check: called between the steps; raises what shall end them.
            base: a take of the shot without its references. One with a last frame needs it:
                the subjects come after its beginning and leave before its end.
        """
        self._direction = intent.camera
        width, height = storyboard.width, storyboard.height
        self._aspect = width / height
        self._size = width, height
        self._fps = storyboard.fps
        self._seed = storyboard.seed
        self._poses = calmed(poses, self._aspect) if base is None else (Pose(),) * len(poses)
        self._safe = Safe(self._poses, self._aspect)
        self._segmenter = segmenter
        largest = round(DENSITY * 1.05 * min(width, height))
        names = [reference.name for reference in shot.references]
        names += [""] * (len(pictures) - len(names))
        found = []
        for name, views in zip(names, pictures, strict=True):
            check()
            found.append(_look(name, views, segmenter, largest))
        self._uses: list[dict[str, Any]] = [{} for _ in found]
        check()
        figures: list[Figure] = []
        shapes: list[Shape] = []
        if first is not None:
            picture = load_rgb(first, _LOADED)
            self._place: Location = (
                self._at_first_frame(picture, figures, shapes)
                if base is None
                else self._before(base, picture, shot, shapes)
            )
        else:
            self._place = self._somewhere(found, intent.scene)
        check()
        figures += self._hung(found, shapes, first is not None)
        check()
        figures += self._standing(found, shapes)
        self._place.admit(sorted(figures, key=lambda figure: figure.nearness))

    @property
    def notes(self) -> dict[str, Any]:
        """How it is made."""
        return {
            "method": "composition",
            "subjects": self._uses,
            "scene": self._place.describe(),
            "direction": self._direction.describe(),
        }

    def frame(self, index: int) -> Frame:
        """Draw a frame."""
        return self._place.frame(index)

    def _at_first_frame(
        self, rgb: Rgb, figures: list[Figure], shapes: list[Shape]
    ) -> PhotoLocation:
        """The first frame's picture, its own subject taken out to stand among the others."""
        matte = self._segmenter.find(rgb)
        own = cut_out(rgb, matte, round(DENSITY * max(self._size)))
        foot = None
        behind_it = rgb
        if own:
            behind_it = fill_behind(rgb, _whole(matte, rgb))
            foot = None if own.cut.bottom else matte.box[3]
        left, top, right, bottom = matte.box
        focus = Focus(
            left * rgb.shape[1], top * rgb.shape[0], right * rgb.shape[1], bottom * rgb.shape[0]
        )
        place = PhotoLocation(
            behind_it,
            *self._size,
            self._fps,
            self._poses,
            "the first frame",
            foot=foot,
            before=_BEFORE if own and own.cut.bottom else 0.0,
            focus=focus if matte.share > _SEEN else None,
        )
        if matte.share > _SEEN:
            box = _framed(own.box if own else matte.box, rgb, place)
            cut = own.cut if own else None
            nearness = place.nearness(min(box[3], 0.5))
            shapes.append(
                Shape(1.0, bool(cut and cut.bottom), fixed=box, nearness=nearness, host=True)
            )
            if own:
                wide, tall = self._pixels(box)
                drawn = own.resized(wide, tall)
                figures.append(Figure(drawn.rgb, drawn.alpha, box, nearness, place.screen))
        return place

    def _before(self, base: Take, rgb: Rgb, shot: Shot, shapes: list[Shape]) -> TakeLocation:
        """Another take, whose picture's own subject must be kept clear of."""
        place = TakeLocation(
            base,
            rgb,
            *self._size,
            self._fps,
            len(self._poses),
            arrive=shot.first is not None,
            leave=shot.last is not None,
        )
        matte = self._segmenter.find(rgb)
        if matte.share > _SEEN:
            left, top, right, bottom = matte.box
            box = (left - 0.5, top - 0.5, right - 0.5, bottom - 0.5)
            shapes.append(Shape(1.0, bottom > _CUT_OFF, fixed=box, nearness=0.0, host=True))
        return place

    def _somewhere(self, found: Sequence[_Picture], scene: SceneDescription) -> Location:
        """Where it takes place: in a picture without a subject, in the prompt's words, or in a
        studio."""
        wholes = [index for index, picture in enumerate(found) if picture.cutout is None]
        width, height = self._size
        # A camera's path needs something beyond the view.
        around = round(width * 1.3), round(height * 1.3)
        if len(wholes) == 1:
            self._uses[wholes[0]] = {"picture": wholes[0] + 1, "use": "background"}
            rgb = found[wholes[0]].rgb
            return PhotoLocation(rgb, *self._size, self._fps, self._poses, "a picture")
        if wholes:
            soft = panels.backdrop([found[index].rgb for index in wholes], *around, self._seed)
            name = "a backdrop of the pictures"
            return PhotoLocation(soft, *self._size, self._fps, self._poses, name, flat=True)
        if {*scene.understood, *scene.guessed} - _NOT_A_PLACE:
            return SceneLocation(scene, *self._size, self._fps, self._poses)
        colours = [picture.cutout.colour() for picture in found if picture.cutout]
        paper = studio(colours, *around, self._seed)
        return PhotoLocation(
            paper, *self._size, self._fps, self._poses, "a studio", foot=FOOT, lighting=LAMPS
        )

    def _hung(self, found: Sequence[_Picture], shapes: list[Shape], filmed: bool) -> list[Figure]:
        """Prints of the pictures that have no subject, where there is more than one of them, or
        the first frame is the background already; adds their shapes."""
        wholes = [i for i, picture in enumerate(found) if picture.cutout is None]
        if not wholes or (len(wholes) == 1 and not filmed):
            return []
        own = shapes[0].fixed if filmed and shapes else None
        area = panels.area(self._safe, self._aspect, len(wholes) < len(found), filmed, own)
        aspects = [found[i].rgb.shape[1] / found[i].rgb.shape[0] for i in wholes]
        places = panels.layout(aspects, area, self._aspect)
        shapes += [Shape(1.0, fixed=place.box, nearness=place.nearness) for place in places]
        figures = []
        for number, (index, place) in enumerate(zip(wholes, places, strict=True)):
            self._uses[index] = {"picture": index + 1, "use": "print"}
            sheet = panels.make_print(found[index].rgb, *self._pixels(place.box), number)
            light = self._place.lighting
            shadow = behind(sheet.alpha, light.side, 0.5, 0.035)
            life = Life(drift=_HUNG.drift, phase=1.9 * number)
            figures.append(
                Figure(
                    sheet.rgb,
                    sheet.alpha,
                    place.box,
                    place.nearness,
                    self._place.screen,
                    shadow,
                    life,
                )
            )
        return figures

    def _standing(self, found: Sequence[_Picture], others: Sequence[Shape]) -> list[Figure]:
        """The subjects, in the light of the place."""
        which = [index for index, picture in enumerate(found) if picture.cutout]
        cutouts = [picture.cutout for picture in found if picture.cutout]
        if not cutouts:
            return []
        light = self._place.lighting
        shapes = [
            Shape(cutout.aspect, cutout.cut.bottom, cutout.cut.left, cutout.cut.right)
            for cutout in cutouts
        ]
        lean = -0.3 * float(np.sign(light.side)) * min(1.0, max(0.0, self._aspect - 0.7))
        places = arrange(
            [*shapes, *others], self._place.ground, self._safe, self._aspect, self._seed, lean
        )
        figures = []
        for number, (index, cutout) in enumerate(zip(which, cutouts, strict=True)):
            place = places[number]
            self._uses[index] = {
                "picture": index + 1,
                "use": "subject",
                "nearness": round(place.nearness, 2),
            }
            figures.append(self._figure(cutout, place, number))
        for index, picture in enumerate(found):
            if picture.name:
                self._uses[index]["name"] = picture.name
        return figures

    def _figure(self, cutout: Cutout, place: Place, number: int) -> Figure:
        light, ground = self._place.lighting, self._place.ground
        drawn = cutout.resized(*self._pixels(place.box))
        bust = cutout.cut.bottom
        standing = not bust and not ground.floating
        rgb = light.apply(drawn.rgb, drawn.alpha, standing=standing)
        shadow = None
        if standing:
            shadow = on_ground(drawn.alpha, light.side, light.height, light.shadow)
        elif ground.floating and isinstance(self._place, PhotoLocation):
            # Only a picture is near enough behind to take one.
            shadow = behind(drawn.alpha, light.side, 0.35, 0.05)
        kind = _FLOATING if ground.floating and not bust else _BUST if bust else _STANDING
        life = Life(kind.breath, kind.sway, 2.4 * number + 0.3, kind.drift)
        return Figure(rgb, drawn.alpha, place.box, place.nearness, self._place.screen, shadow, life)

    def _pixels(self, box: Box) -> tuple[int, int]:
        """The size to draw a box of the rest view from, both sides even."""
        width, height = self._size
        across, down = (box[2] - box[0]) * width, (box[3] - box[1]) * height
        return max(round(across * DENSITY / 2) * 2, 16), max(round(down * DENSITY / 2) * 2, 16)


def calmed(poses: Sequence[Pose], aspect: float) -> tuple[Pose, ...]:
    """A path of which every pose shows enough of the middle, moving less where it must."""
    for share in (1.0, 0.85, 0.7, 0.55, 0.4, 0.25):
        path = tuple(_less(pose, share) for pose in poses) if share < 1.0 else tuple(poses)
        left, top, right, bottom = Safe(path, aspect).at(np.array([0.75]))
        if min(float((right - left)[0]), float((bottom - top)[0])) >= _ROOM:
            return path
    return tuple(_less(pose, 0.15) for pose in poses)


def _less(pose: Pose, share: float) -> Pose:
    return Pose(
        x=pose.x * share,
        y=pose.y * share,
        zoom=pose.zoom**share,
        roll=pose.roll * share,
        truck_x=pose.truck_x * share,
        truck_y=pose.truck_y * share,
        dolly=(1.0 + pose.dolly) ** share - 1.0,
    )


def _look(name: str, views: Iterable[Path], segmenter: Segmenter, largest: int) -> _Picture:
    """The first view whose subject can be cut out; the first of all, whole, if there is none."""
    whole: Rgb | None = None
    for view in views:
        rgb = load_rgb(view, _LOADED)
        cutout = cut_out(*look(rgb, segmenter), largest)
        if cutout:
            return _Picture(name, rgb[:1, :1], cutout)  # the picture is not needed any more
        whole = rgb if whole is None else whole
    if whole is None:
        raise ValueError("a reference without pictures")  # the engine has refused it
    return _Picture(name, whole, None)


def _whole(matte: Matte, rgb: Rgb) -> Any:
    """A matte at its picture's size."""
    with Image.fromarray(matte.alpha) as image:
        return np.asarray(image.resize((rgb.shape[1], rgb.shape[0]), Image.Resampling.BICUBIC))


def _framed(box: Box, rgb: Rgb, place: PhotoLocation) -> Box:
    """A box of a picture, in shares, as one of the rest view."""
    framing = place.framing
    height, width = rgb.shape[:2]
    return (
        (box[0] * width - framing.x) / framing.width,
        (box[1] * height - framing.y) / framing.height,
        (box[2] * width - framing.x) / framing.width,
        (box[3] * height - framing.y) / framing.height,
    )
