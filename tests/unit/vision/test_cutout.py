"""That subjects come out of their pictures whole, by themselves, and without straight edges."""

import numpy as np
import pytest

from kirin.vision.matting.cutout import Cutout, CutSides, cut_out, find_subject
from kirin.vision.matting.segmenter import SubjectMask

GREY, RED = (120, 120, 120), (200, 40, 30)


def picture(inside, width=240, height=180):
    """A red shape on grey, its edge mixed as cameras mix it; ``inside`` is below 0 in it."""
    y, x = np.mgrid[0:height, 0:width] + 0.5
    share = np.clip(0.5 - inside(x, y), 0, 1)[..., None]
    rgb = np.round(share * RED + (1 - share) * np.array(GREY)).astype(np.uint8)
    return rgb, SubjectMask(
        np.round(share[..., 0] * 255).astype(np.uint8), float(share.mean()), 0.05
    )


def disc(cx, cy, radius):
    return lambda x, y: np.hypot(x - cx, y - cy) - radius


def bounds(alpha):
    solid = alpha > 127
    columns, rows = np.flatnonzero(solid.any(0)), np.flatnonzero(solid.any(1))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def test_it_is_trimmed_to_the_subject():
    cutout = cut_out(*picture(disc(100, 80, 50)), 400)
    assert isinstance(cutout, Cutout)
    left, top, right, bottom = bounds(cutout.alpha)
    assert cutout.aspect == pytest.approx(1, abs=0.03)
    assert right - left == pytest.approx(100, abs=2)
    assert bottom - top == pytest.approx(100, abs=2)
    assert max(left, top) <= 12
    assert cutout.cut == CutSides()
    box = np.array(cutout.box) * [240, 180, 240, 180]
    assert np.allclose(box, [50, 30, 150, 130], atol=12)


def test_its_edge_holds_nothing_of_the_old_background():
    cutout = cut_out(*picture(disc(100, 80, 50)), 400)
    edge = (cutout.alpha > 20) & (cutout.alpha < 235)
    assert edge.any()
    assert np.abs(cutout.rgb[edge].astype(int) - RED).max() < 25


@pytest.mark.parametrize(
    "mask",
    [
        SubjectMask(np.full((60, 80), 255, np.uint8), 0.3, 0.5),
        SubjectMask(np.full((60, 80), 255, np.uint8), 0.95, 0.01),
        SubjectMask(np.zeros((60, 80), np.uint8), 0.001, 0.01),
    ],
    ids=["torn", "all there is", "next to nothing"],
)
def test_what_cannot_be_cut_out_is_not(mask):
    assert cut_out(np.zeros((60, 80, 3), np.uint8), mask, 400) is None


def test_a_large_subject_is_reduced():
    cutout = cut_out(*picture(disc(100, 80, 60)), 64)
    assert max(cutout.alpha.shape) == 64


def test_a_subject_without_a_foot_reaches_the_last_row():
    rgb, mask = picture(lambda x, y: np.maximum(np.abs(x - 120) - 50, 60 - y))
    cutout = cut_out(rgb, mask, 400)
    assert cutout.cut == CutSides(bottom=True)
    assert cutout.alpha[-1].max() == 255
    assert cutout.box[3] == 1.0


def test_a_cut_shoulder_is_rounded_off():
    rgb, mask = picture(lambda x, y: np.maximum(x - 150, 60 - y))
    cutout = cut_out(rgb, mask, 400)
    assert cutout.cut == CutSides(left=True, bottom=True)
    # What is added curves: the higher, the less.
    starts = [int(np.argmax(row > 127)) for row in cutout.alpha]
    top = bounds(cutout.alpha)[1]
    assert starts[top + 5] > starts[top + 25] > starts[-1]
    assert cutout.box[0] < 0
    # Outside of a layer its border goes on: it must be empty.
    assert not cutout.alpha[:, 0].any()
    assert not cutout.alpha[:, -1].any()


def test_a_strip_of_something_else_is_left_out():
    def person_and_strip(x, y):
        strip = np.maximum(np.abs(y - 130) - 12, x - 30)
        return np.minimum(strip, np.maximum(np.abs(x - 110) - 85, 20 - y))

    rgb, mask = picture(person_and_strip, 240, 180)
    assert mask.alpha[130, 0] == 255
    cutout = cut_out(rgb, mask, 400)
    assert bounds(cutout.alpha)[2] - bounds(cutout.alpha)[0] == pytest.approx(170, abs=4)


class Twice:
    """Finds a small subject badly from afar, and well from near."""

    def __init__(self):
        self.seen = []

    def find(self, rgb):
        self.seen.append(rgb.shape[:2])
        alpha = np.zeros(rgb.shape[:2], np.uint8)
        red = rgb[..., 0].astype(int) - rgb[..., 1] > 60
        alpha[red] = 255
        return SubjectMask(alpha, float(red.mean()), 0.5 if len(self.seen) == 1 else 0.05)


def test_a_small_subject_is_looked_at_again_from_nearer():
    rgb, _ = picture(disc(320, 200, 40), 480, 360)
    finder = Twice()
    part, mask = find_subject(rgb, finder)
    assert len(finder.seen) == 2
    assert part.shape[0] < 130
    assert cut_out(part, mask, 400).aspect == pytest.approx(1, abs=0.05)


def test_a_large_one_is_not():
    rgb, _ = picture(disc(120, 90, 70))
    finder = Twice()
    find_subject(rgb, finder)
    assert len(finder.seen) == 1
