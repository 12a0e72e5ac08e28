"""Water, clouds, fire and smoke that move in a picture."""

import itertools
from dataclasses import replace

import cv2
import numpy as np
import pytest

from kirin.domain.cast import Heading
from kirin.domain.motion import MatterMotion, MatterRequest, PictureMotion, Span, Substance
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.assembly import assemble
from kirin.engines.animatic.cinemagraph.part import Cinemagraph, Still
from kirin.vision.models import VisionModels
from kirin.vision.planes import Planes, Rgb

HEIGHT, WIDTH, FPS, COUNT = 240, 400, 24, 72
LEFT, TOP, RIGHT, BOTTOM = 80, 60, 320, 220


def texture(scale: float = 2.0) -> Rgb:
    """A picture of noise: every motion in it can be measured."""
    values = np.random.default_rng(3).standard_normal((HEIGHT, WIDTH)).astype(np.float32)
    smooth = cv2.GaussianBlur(values, (0, 0), scale)
    grey = np.clip(128 + 40 * smooth / smooth.std(), 0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def still(picture: Rgb | None = None) -> Still:
    """A still of which a rectangle may move."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[TOP:BOTTOM, LEFT:RIGHT] = 255
    return Still(
        picture=texture() if picture is None else picture,
        subject=None,
        own=None,
        own_box=None,
        mask=mask,
        centre=(WIDTH / 2, HEIGHT / 2),
        scale=1.0,
        view=(WIDTH, HEIGHT),
        fps=FPS,
        count=COUNT,
        seed=5,
        poses=[Pose()] * COUNT,
        models=VisionModels(),
    )


def made_of(request: MatterRequest, shown: Still) -> Cinemagraph:
    return assemble(PictureMotion(matter=(request,)), shown)


def film(request: MatterRequest, shown: Still, numbers: list[int]) -> list[Planes]:
    """The texture in some frames."""
    (part,) = made_of(request, shown).behind
    frames = []
    for number in numbers:
        planes = Planes.from_rgb(shown.picture)
        part.draw(planes, number)
        frames.append(planes)
    return frames


def flow(first: Planes, second: Planes, inset: int = 40) -> tuple[float, float]:
    """Median motion to the right and down in the middle of the region."""
    field = cv2.calcOpticalFlowFarneback(
        first.y, second.y, np.zeros((HEIGHT, WIDTH, 2), np.float32), 0.5, 3, 15, 3, 5, 1.1, 0
    )
    middle = field[TOP + inset : BOTTOM - inset, LEFT + inset : RIGHT - inset]
    return float(np.median(middle[..., 0])), float(np.median(middle[..., 1]))


REQUESTS = [
    MatterRequest("waterfall", Substance.WATER, MatterMotion.FALL),
    MatterRequest("river", Substance.WATER, MatterMotion.FLOW),
    MatterRequest("lake", Substance.WATER, MatterMotion.RIPPLE),
    MatterRequest("sea", Substance.WATER, MatterMotion.LAP),
    MatterRequest("clouds", Substance.CLOUDS, MatterMotion.DRIFT),
    MatterRequest("fire", Substance.FIRE, MatterMotion.FLICKER),
    MatterRequest("smoke", Substance.SMOKE, MatterMotion.RISE),
    MatterRequest("steam", Substance.STEAM, MatterMotion.RISE),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: each.word)
def test_first_frame_is_the_picture_and_the_rest_stays(request_: MatterRequest) -> None:
    shown = still(
        texture(8.0) if request_.motion in (MatterMotion.RIPPLE, MatterMotion.LAP) else None
    )
    rest = Planes.from_rgb(shown.picture)
    first, moved = film(request_, shown, [0, 40])
    assert np.array_equal(first.y, rest.y)
    assert np.array_equal(first.u, rest.u)
    outside = np.asarray(shown.mask) == 0
    assert np.array_equal(moved.y[outside], rest.y[outside])
    change = np.abs(moved.y.astype(int) - rest.y)
    assert change[TOP + 20 : BOTTOM - 20, LEFT + 20 : RIGHT - 20].mean() > 1.5


@pytest.mark.parametrize(
    ("substance", "motion", "heading", "expected"),
    [
        (Substance.WATER, MatterMotion.FALL, None, (0, 1)),
        (Substance.SMOKE, MatterMotion.RISE, None, (0, -1)),
        (Substance.FIRE, MatterMotion.FLICKER, None, (0, -1)),
        (Substance.CLOUDS, MatterMotion.DRIFT, Heading.LEFT, (-1, 0)),
        (Substance.CLOUDS, MatterMotion.DRIFT, Heading.RIGHT, (1, 0)),
    ],
)
def test_matter_goes_its_way(
    substance: Substance, motion: MatterMotion, heading: Heading | None, expected: tuple[int, int]
) -> None:
    request = MatterRequest("it", substance, motion, heading)
    # Early in the shot one layer is seen alone, and its motion can be measured.
    frames = film(request, still(), list(range(6, 16)))
    moved = [flow(a, b) for a, b in itertools.pairwise(frames)]
    across, down = (float(np.median([each[axis] for each in moved])) for axis in (0, 1))
    along = across * expected[0] + down * expected[1]
    aside = abs(across * expected[1]) + abs(down * expected[0])
    assert along > 0.04
    assert aside < 0.6 * along


def test_strength_is_speed() -> None:
    def speed(strength: float) -> float:
        request = MatterRequest("it", Substance.WATER, MatterMotion.FALL, strength=strength)
        frames = film(request, still(), [9, 10, 11])
        return float(np.mean([flow(a, b)[1] for a, b in itertools.pairwise(frames)]))

    assert speed(0.9) > 1.3 * speed(0.2)


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: each.word)
def test_no_seam(request_: MatterRequest) -> None:
    shown = still(texture(6.0))
    frames = film(request_, shown, list(range(COUNT)))
    whole = [frame.y.astype(np.float32) for frame in frames]
    steps = [float(np.abs(b - a).mean()) for a, b in itertools.pairwise(whole)]
    running = steps[10:]
    if request_.motion is not MatterMotion.LAP:  # which comes and goes by itself
        assert max(running) <= 1.5 * float(np.median(running))
    assert max(steps[:10]) <= 1.5 * max(running)


def test_contrast_does_not_pulse() -> None:
    shown = still()
    request = MatterRequest("it", Substance.WATER, MatterMotion.FALL)
    part = np.s_[TOP + 20 : BOTTOM - 20, LEFT + 20 : RIGHT - 20]
    frames = film(request, shown, list(range(24, COUNT, 3)))
    deviations = [float(frame.y[part].std()) for frame in frames]
    assert min(deviations) > 0.85 * max(deviations)


def test_span_starts_and_stops() -> None:
    shown = still()
    request = replace(REQUESTS[0], span=Span(0.4, 0.7))
    rest = Planes.from_rgb(shown.picture)
    early, under_way, late, last = film(request, shown, [20, 45, 60, 71])
    assert np.array_equal(early.y, rest.y)
    assert not np.array_equal(under_way.y, rest.y)
    assert np.array_equal(late.y, last.y)
    (act,) = made_of(request, shown).acted
    assert act.details == {"from": 0.4, "to": 0.7}


def test_what_is_not_there_is_missing() -> None:
    shown = replace(still(), mask=None)  # noise is neither water nor sky
    for request in REQUESTS:
        made = made_of(request, shown)
        assert not made.behind
        assert [each.word for each in made.missing] == [request.word]


def test_one_substance_moves_once() -> None:
    twice = PictureMotion(matter=(REQUESTS[0], REQUESTS[1]))
    made = assemble(twice, still())
    assert len(made.behind) == 1
    assert [act.word for act in made.acted] == ["waterfall", "river"]
    box = (LEFT / WIDTH, TOP / HEIGHT, RIGHT / WIDTH, BOTTOM / HEIGHT)
    assert made.acted[0].box == pytest.approx(box)
