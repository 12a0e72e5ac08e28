"""A layer whose samples are the view's: copied, also beyond its border, and drawn as it changes."""

import numpy as np
import pytest

from kirin.engines.animatic.camera.framing import Relief
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.engines.animatic.photo.layer import LUMA, PictureLayer

SIZE = 48, 32  # of the view
REST = Pose()


def layer(plane, left=0, top=0):
    """A plane whose corner is at a place of the view."""
    centre = SIZE[0] / 2 - left, SIZE[1] / 2 - top
    return PictureLayer([(plane, LUMA)], centre, SIZE, SIZE, Relief.flat_at(0.5))


def noise(rows, columns):
    return np.random.default_rng(2).integers(0, 256, (rows, columns), np.uint8)


@pytest.mark.parametrize(("left", "top"), [(0, 0), (10, 6), (-6, -4), (30, 20), (-6, 20)], ids=str)
def test_beyond_its_border_the_border_repeats(left, top):
    plane = noise(20, 30)
    (drawn,) = layer(plane, left, top).draw(REST, Rectangle(0, 0, *SIZE))
    rows = np.clip(np.arange(SIZE[1]) - top, 0, 19)
    columns = np.clip(np.arange(SIZE[0]) - left, 0, 29)
    np.testing.assert_array_equal(drawn, plane[rows][:, columns])


def test_a_moved_camera_sees_what_has_changed():
    plane, moved = noise(32, 48), Pose(x=0.013)
    view = Rectangle(0, 0, *SIZE)
    animated = layer(plane)
    before = animated.draw(moved, view)[0].copy()
    plane[4:10, 8:20] = 255
    animated.refresh(Rectangle(8, 4, 20, 10))
    plane[20:24, 30:40] = 0
    animated.refresh(Rectangle(30, 20, 40, 24))
    after = animated.draw(moved, view)[0].copy()
    assert (before != after).any()
    np.testing.assert_array_equal(after, layer(plane).draw(moved, view)[0])
    plane[:] = 7
    animated.renew()
    assert (animated.draw(moved, view)[0] == 7).all()
