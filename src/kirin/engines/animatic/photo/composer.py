"""Frames of a picture: its layers, what is in the air between them, and the light on it all."""

from __future__ import annotations

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import AirPart, Cinemagraph, Rectangle
from kirin.engines.animatic.photo.animated_texture import AnimatedTexture, SharedTexture
from kirin.engines.animatic.photo.depth_of_field import DepthOfField
from kirin.engines.animatic.photo.rest_view import RestView, distance_from
from kirin.engines.animatic.photo.stack import LayerStack, StackedLayer, Target
from kirin.vision.planes import Planes, new_frame

_REST = Pose()


class Composer:
    """Draws frames of a layer stack. Not thread-safe.

    Attributes:
        stack, view, living: what it draws, how large, and what moves in it.
        rest: what is added close to the rest view.
        focus: what softens the layers, if the lens is not in focus everywhere.
        air: by the number of layers that are behind it.
        airless: whether the air is left out.
    """

    def __init__(self, stack: LayerStack, view: tuple[int, int], living: Cinemagraph) -> None:
        self.stack = stack
        self.view = view
        self.living = living
        self.rest: RestView | None = None
        self.focus: DepthOfField | None = None
        self.airless = False
        scenery = [layer for layer in stack.layers if layer.drawn is not stack.subject]
        flat = scenery[0].drawn.layer.texture
        if living.behind and len(scenery) > 1:
            flat = Planes.from_rgb(stack.flat)
        self._behind = SharedTexture(flat, scenery, living.behind)
        self._own: AnimatedTexture | None = None
        if stack.subject and living.subject:
            self._own = AnimatedTexture(stack.subject.layer, living.subject)
        self.air: dict[int, list[AirPart]] = {}
        for part in sorted(living.air, key=lambda each: each.disparity):
            behind = sum(layer.disparity <= part.disparity for layer in stack.layers)
            self.air.setdefault(max(behind, 1), []).append(part)

    def show(self, number: int) -> None:
        """Put all textures into the state of a frame."""
        soft = self.focus is not None  # which leaves the textures as the last frame had them
        if self.living.behind:
            self._behind.show(number, soft)
        if self._own:
            self._own.show(number, soft)
        if self.focus:
            self.focus.show(number)

    def changing(self) -> list[list[Rectangle]]:
        """For each layer the boxes of its texture in which something moves."""
        boxes: list[list[Rectangle]] = []
        for layer in self.stack.layers:
            if layer.drawn is self.stack.subject:
                boxes.append([part.box for part in self.living.subject])
                continue
            left, top = layer.box.left, layer.box.top
            here = [part.box.common(layer.box) for part in self.living.behind]
            boxes.append([box.moved(-left, -top) for box in here if box])
        return boxes

    def pose_of(self, layer: StackedLayer, pose: Pose, number: int) -> Pose | None:
        """The camera as a layer sees it; ``None`` once the layer is gone."""
        if layer.drawn is self.stack.subject and self.living.moved:
            return self.living.moved.pose(pose, number)
        return pose

    def frame(self, pose: Pose, number: int) -> Frame:
        """Draw a frame in a pose, a new one each time."""
        self.show(number)
        frame = new_frame(*self.view)
        planes = Planes.of_frame(frame)
        target = planes.y, planes.u, planes.v
        away = distance_from(pose, _REST) + (self.focus.opening(number) if self.focus else 0.0)
        for count, layer in enumerate(self.stack.layers, 1):
            moved = self.pose_of(layer, pose, number)
            if moved is not None:
                layer.drawn.over(target, moved)
            away += 1.0 if moved is None else 0.0 if moved is pose else distance_from(moved, pose)
            if count == len(self.stack.layers):
                self.complete(frame, away)
            self.draw_air(count, planes, pose, number)
        return self.graded(frame, pose, number)

    def layers_at_rest(self) -> Frame:
        """The layers alone, in the rest view."""
        frame = new_frame(*self.view)
        planes = Planes.of_frame(frame)
        target: Target = planes.y, planes.u, planes.v
        for layer in self.stack.layers:
            layer.drawn.over(target, _REST)
        return frame

    def complete(self, frame: Frame, away: float) -> None:
        """Make up for what the layers lack close to rest."""
        if self.rest:
            self.rest.complete(frame, away)

    def draw_air(self, count: int, planes: Planes, pose: Pose, number: int) -> None:
        """Draw what is in the air before the first ``count`` layers and behind the next."""
        for part in () if self.airless else self.air.get(count, ()):
            part.draw(planes, pose, number)

    def graded(self, frame: Frame, pose: Pose, number: int) -> Frame:
        """The frame in its light."""
        for grade in self.living.grades:
            frame = grade.apply(frame, pose, number)
        return frame
