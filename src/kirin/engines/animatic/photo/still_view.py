"""The view of a camera that does not move: only what moves in the picture is drawn anew."""

from __future__ import annotations

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Rectangle, State, states_of
from kirin.engines.animatic.photo.composer import Composer
from kirin.engines.animatic.photo.rest_view import distance_from
from kirin.engines.animatic.photo.stack import StackedLayer, Target
from kirin.vision.planes import Planes

_REST = Pose()


class StillView:
    """Frames of a camera at rest. They are the same as a composer draws, to the bit.

    Args:
        composer: whose textures have the resolution of the view, pixel by pixel.
    """

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        layers = composer.stack.layers
        inner = [count for count in composer.air if count < len(layers)]
        if composer.living.moved and composer.stack.subject:
            subject = next(
                i for i, each in enumerate(layers) if each.drawn is composer.stack.subject
            )
            inner.append(subject)
        # Layers before the first that moves, or that has air behind it, are drawn once.
        self._fixed = layers[: min(inner, default=len(layers))]
        self._rest = layers[len(self._fixed) :]
        self._boxes = _boxes(composer)
        composer.show(0)
        self._base = composer.layers_at_rest()
        if self._rest:
            planes = Planes.of_frame(self._base)
            for layer in self._fixed:
                layer.drawn.over((planes.y, planes.u, planes.v), _REST)
        else:
            composer.complete(self._base, 0.0)

    def frame(self, number: int) -> Frame:
        """Draw a frame, a new one each time."""
        composer = self._composer
        composer.show(number)
        frame = self._base.copy()
        planes = Planes.of_frame(frame)
        target: Target = planes.y, planes.u, planes.v
        for window in self._changed(number):
            self._redraw(frame, target, window)
        composer.draw_air(len(self._fixed), planes, _REST, number)
        away = 0.0
        for count, layer in enumerate(self._rest, len(self._fixed) + 1):
            away += self._draw(layer, target, number)
            if count == len(composer.stack.layers):
                composer.complete(frame, away)
            composer.draw_air(count, planes, _REST, number)
        return composer.graded(frame, _REST, number)

    def _changed(self, number: int) -> list[Rectangle]:
        """Where fixed layers are not as in the first frame; what overlaps is one window."""
        windows: list[Rectangle] = []
        for state, window in self._boxes:
            if state(number) == state(0):
                continue
            for other in [each for each in windows if each.common(window)]:
                windows.remove(other)
                window = window.around(other)  # noqa: PLW2901  # it grows
            windows.append(window)
        return windows

    def _draw(self, layer: StackedLayer, target: Target, number: int) -> float:
        """Draw a layer that is drawn anew in each frame; how far it is from rest."""
        moved = self._composer.pose_of(layer, _REST, number)
        if moved is None:
            return 1.0
        layer.drawn.over(target, moved)
        return distance_from(moved, _REST)

    def _redraw(self, frame: Frame, target: Target, window: Rectangle) -> None:
        """Draw the fixed layers in a window in which they have changed."""
        for layer in self._fixed:
            layer.drawn.over(target, _REST, window)
        if not self._rest and self._composer.rest:
            self._composer.rest.complete_window(frame, window)


def _boxes(composer: Composer) -> list[tuple[State, Rectangle]]:
    """The states of the parts that change fixed layers, and where in the view they may."""
    width, height = composer.view
    view = Rectangle(0, 0, width, height)
    living, subject = composer.living, composer.stack.subject
    groups = [(living.behind, 0, 0)]
    if subject:
        groups.append((living.subject, subject.part.left, subject.part.top))
    boxes: list[tuple[State, Rectangle]] = []
    for parts, x, y in groups:
        for part, state in zip(parts, states_of(parts), strict=True):
            window = part.box.moved(x, y).common(view)
            if window:
                boxes.append((state, window))
    return boxes
