"""Matter that sways: where it moves, how, and that nothing else does."""

from __future__ import annotations

import itertools
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from kirin.domain.cast import Heading, Missing
from kirin.domain.motion import MatterMotion, MatterRequest, PictureMotion, Span, Substance
from kirin.engines.animatic.cinemagraph.matter.contribution import add_matter
from kirin.engines.animatic.cinemagraph.matter.moving import MovingMatter
from kirin.engines.animatic.cinemagraph.matter.sway_wind import Breeze, Wind
from kirin.engines.animatic.cinemagraph.matter.swaying import SWAYING
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Rectangle, Still
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes, Rgb

FPS = 24
COUNT = 5 * FPS
HORIZON = 170  # row of the meadow's upper edge, of 360

_MODELS = VisionModels()


@pytest.fixture(scope="module")
def meadow() -> Rgb:
    """Green blades on the lower half of a picture, below a plain sky; 640 x 360."""
    rng = np.random.default_rng(3)
    rgb = np.empty((360, 640, 3), np.uint8)
    rgb[:] = np.linspace((130, 170, 230), (190, 210, 240), 360)[:, None]
    rgb[HORIZON + 40 :] = (40, 90, 25)
    for _ in range(2600):
        x, tall = int(rng.integers(-10, 650)), int(rng.integers(30, 60))
        y = int(rng.integers(HORIZON + tall + 10, 420))
        green = int(rng.integers(90, 220))
        colour = (int(green * rng.uniform(0.35, 0.6)), green, int(green * 0.2))
        tip = (x + int(rng.integers(-8, 9)), y - tall)
        cv2.line(rgb, (x, y), tip, colour, 2, cv2.LINE_AA)
    return rgb


def still_of(picture: Rgb, **changes: Any) -> Still:
    height, width = picture.shape[:2]
    values: dict[str, Any] = {
        "picture": picture,
        "subject": None,
        "own": None,
        "own_box": None,
        "mask": None,
        "centre": (width / 2, height / 2),
        "scale": 1.0,
        "view": (width, height),
        "fps": FPS,
        "count": COUNT,
        "seed": 1,
        "poses": (),
        "models": _MODELS,
    }
    return Still(**(values | changes))


def photo(name: str) -> Rgb:
    rgb: Rgb = getattr(data, name)()
    return np.ascontiguousarray(rgb[: rgb.shape[0] // 2 * 2, : rgb.shape[1] // 2 * 2])


def request(substance: Substance = Substance.GRASS, **changes: Any) -> MatterRequest:
    return MatterRequest("it", substance, MatterMotion.SWAY, **changes)


def moving(still: Still, wanted: MatterRequest) -> MovingMatter:
    found = SWAYING[wanted.substance](wanted, still)
    assert found is not None
    return found


def luma(found: MovingMatter, picture: Rgb, number: int) -> NDArray[np.uint8]:
    return drawn(found, picture, number).y


def drawn(found: MovingMatter, picture: Rgb, number: int) -> Planes:
    planes = Planes.from_rgb(picture)
    found.part.draw(planes, number)
    return planes


def flow(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.float32]:
    found = np.zeros((*before.shape, 2), np.float32)
    cv2.calcOpticalFlowFarneback(before, after, found, 0.5, 3, 15, 3, 7, 1.5, 0)
    return found


@pytest.fixture(scope="module")
def grass(meadow: Rgb) -> MovingMatter:
    return moving(still_of(meadow), request())


def test_first_frame_is_the_picture_to_the_bit(grass: MovingMatter, meadow: Rgb) -> None:
    rest, first = Planes.from_rgb(meadow), drawn(grass, meadow, 0)
    for a, b in ((rest.y, first.y), (rest.u, first.u), (rest.v, first.v)):
        assert (a == b).all()


def test_nothing_but_grass_moves(grass: MovingMatter, meadow: Rgb) -> None:
    rest = Planes.from_rgb(meadow)
    for number in (20, 47, 95):
        moved = drawn(grass, meadow, number)
        assert (moved.y[: HORIZON - 30] == rest.y[: HORIZON - 30]).all()
        assert (moved.u[: HORIZON // 2 - 15] == rest.u[: HORIZON // 2 - 15]).all()
        changed = moved.y != rest.y
        box = grass.box
        changed[box.top : box.bottom, box.left : box.right] = False
        assert not changed.any()
        assert float((moved.y != rest.y).mean()) > 0.2


def test_tips_swing_to_the_sides_and_roots_hold(grass: MovingMatter, meadow: Rgb) -> None:
    rest = Planes.from_rgb(meadow).y
    flows = np.stack([flow(rest, luma(grass, meadow, n)) for n in range(24, COUNT, 7)])
    tip, root = flows[:, 220:250, 60:-60], flows[:, -12:, 60:-60]

    def swing(part: NDArray[np.float32], axis: int) -> float:
        return float(np.sqrt((part[..., axis] ** 2).mean()))

    assert swing(tip, 0) > 1.0
    assert swing(tip, 0) > 3 * swing(root, 0)
    assert swing(tip, 0) > 2 * swing(tip, 1)
    # It swings about where it was: over time and place the displacements cancel out.
    assert abs(float(tip[..., 0].mean())) < 0.25 * swing(tip, 0)


def test_motion_is_smooth_and_never_stops(grass: MovingMatter, meadow: Rgb) -> None:
    frames = [luma(grass, meadow, n).astype(np.int16) for n in range(COUNT)]
    steps = np.array([np.abs(b - a).mean() for a, b in itertools.pairwise(frames)])
    settled = steps[FPS // 2 :]
    assert steps.max() <= 1.5 * np.median(settled)
    assert settled.min() >= 0.4 * np.median(settled)
    assert settled[0] > 0.5 * np.median(settled)  # the wind is up within half a second


def test_it_does_not_repeat(grass: MovingMatter, meadow: Rgb) -> None:
    late = luma(grass, meadow, 100).astype(np.int16)
    apart = [np.abs(luma(grass, meadow, n).astype(np.int16) - late).mean() for n in range(20, 90)]
    beside = np.abs(luma(grass, meadow, 101).astype(np.int16) - late).mean()
    assert min(apart) > 2 * beside


def test_frames_are_the_same_in_any_order(meadow: Rgb) -> None:
    one, other = (moving(still_of(meadow), request()) for _ in range(2))
    luma(other, meadow, 90)
    assert (luma(one, meadow, 31) == luma(other, meadow, 31)).all()


def test_strong_wind_moves_more(meadow: Rgb) -> None:
    rest = Planes.from_rgb(meadow).y

    def swing(strength: float) -> float:
        found = moving(still_of(meadow), request(strength=strength))
        return float(np.abs(flow(rest, luma(found, meadow, 60))[..., 0]).mean())

    faint, plain, storm = swing(0.0), swing(0.5), swing(1.0)
    assert faint < 0.7 * plain < 0.7 * storm


def test_wind_blows_while_it_is_said_to(meadow: Rgb) -> None:
    found = moving(still_of(meadow), request(span=Span(0.4, 0.7)))
    rest = Planes.from_rgb(meadow).y
    assert (luma(found, meadow, int(0.4 * COUNT)) == rest).all()
    assert (luma(found, meadow, int(0.55 * COUNT)) != rest).any()
    assert (luma(found, meadow, COUNT - 1) == rest).all()


@pytest.mark.parametrize(("heading", "sign"), [(Heading.RIGHT, 1), (Heading.LEFT, -1), (None, 1)])
def test_gusts_travel_with_the_wind(heading: Heading | None, sign: int) -> None:
    rng = np.random.default_rng(0)
    wind = Wind((40, 120), 8.0, 200.0, 40.0, heading, Breeze(0.5), rng)
    now, soon = wind.at(2.0, 1.0)[0], wind.at(2.15, 1.0)[0]

    def match(shift: int) -> float:
        return float((np.roll(now, shift, axis=1)[:, 10:-10] * soon[:, 10:-10]).mean())

    assert match(2 * sign) > match(0) > match(-2 * sign)


def test_a_mask_says_where(meadow: Rgb) -> None:
    mask = np.zeros(meadow.shape[:2], np.uint8)
    mask[200:340, 100:300] = 255
    found = moving(still_of(meadow, mask=mask), request())
    changed = luma(found, meadow, 50) != Planes.from_rgb(meadow).y
    columns = np.flatnonzero(changed.any(axis=0))
    assert columns[0] >= 60
    assert columns[-1] <= 340


def test_a_plant_that_is_the_subject_sways_in_its_own_colours(meadow: Rgb) -> None:
    subject = np.zeros(meadow.shape[:2], np.uint8)
    subject[HORIZON:] = 255
    box = Rectangle(0, HORIZON - 10, 640, 360)
    behind = np.full_like(meadow, 200)
    own = np.ascontiguousarray(meadow[box.top : box.bottom])
    still = still_of(behind, subject=subject, own=own, own_box=box)
    found = moving(still, request())
    assert found.of_subject
    assert found.box.top >= box.top
    assert (luma(found, own, 50) != Planes.from_rgb(own).y).mean() > 0.3


@pytest.mark.parametrize("substance", [Substance.GRASS, Substance.LEAVES, Substance.FLOWERS])
@pytest.mark.parametrize("name", ["astronaut", "coffee", "rocket", "chelsea"])
def test_what_is_not_in_the_picture_is_missing(name: str, substance: Substance) -> None:
    rgb = photo(name)
    made = Cinemagraph()
    add_matter(PictureMotion(matter=(request(substance),)), still_of(rgb), made)
    assert made.missing == [Missing("it", "motion")]
    assert not made.behind
    assert not made.acted


def test_hair_sways_and_the_face_is_still() -> None:
    rgb = photo("astronaut")
    found = moving(still_of(rgb), request(Substance.HAIR))
    changed = luma(found, rgb, 40) != Planes.from_rgb(rgb).y
    assert changed[15:60, 160:300].any()
    assert changed[60:110, 285:300].any()
    assert not changed[95:150, 195:250].any()  # eyes, nose and mouth
    assert not changed[260:].any()
    assert not changed[:, 350:].any()


def test_a_suit_of_which_no_hem_is_seen_does_not_sway() -> None:
    rgb = photo("astronaut")
    assert SWAYING[Substance.CLOTH](request(Substance.CLOTH), still_of(rgb)) is None


def test_hair_of_nobody_is_missing() -> None:
    rgb = photo("coffee")
    for substance in (Substance.HAIR, Substance.CLOTH):
        assert SWAYING[substance](request(substance), still_of(rgb)) is None


def test_a_flag_waves_and_its_top_is_held() -> None:
    rgb = photo("astronaut")
    found = moving(still_of(rgb), request(Substance.FLAG))
    changed = luma(found, rgb, 40) != Planes.from_rgb(rgb).y
    assert changed[150:300, :40].mean() > 0.2
    assert changed[:8].mean() < 0.01
    assert not changed[:, 140:].any()
