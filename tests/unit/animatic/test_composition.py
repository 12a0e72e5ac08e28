"""That subjects of several pictures are all seen, in depth, in one place, and deterministically."""

from fractions import Fraction
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.storyboard import Reference, Shot, Storyboard
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.camera.safe_area import SafeArea
from kirin.engines.animatic.composition.camera_path import attenuated
from kirin.engines.animatic.composition.figure import Figure, IdleMotion, Screen
from kirin.engines.animatic.composition.placement import arrange
from kirin.engines.animatic.composition.renderer import CompositionShotRenderer
from kirin.engines.animatic.composition.subject_shape import (
    StandingGround,
    SubjectPlacement,
    SubjectShape,
)
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.animatic.shot import ShotContext
from kirin.prompt.embeddings import sentence_embedder
from kirin.prompt.reader import read_intent
from kirin.vision.matting.segmenter import SubjectMask
from kirin.vision.planes import Planes

pytestmark = pytest.mark.slow

COLOURS = {
    "red": (215, 30, 30),
    "green": (20, 190, 40),
    "blue": (30, 60, 225),
    "pink": (235, 40, 200),
}
BACK = (128, 128, 128)
SIZES = {"16:9": (192, 108), "9:16": (108, 192), "1:1": (128, 128)}
PATH = [
    Pose(dolly=0.2 * t, truck_x=0.1 * t - 0.05, zoom=1 + 0.05 * t) for t in np.linspace(0, 1, 8)
]


class Finder:
    """Stands in for the segmenter: what is colourful is the subject; stripes have none."""

    def find(self, rgb):
        values = rgb.astype(int)
        solid = values.max(2) - values.min(2) > 60
        alpha = np.where(solid, 255, 0).astype(np.uint8)
        return SubjectMask(alpha, float(solid.mean()), 0.01 if solid.any() else 1.0)


@pytest.fixture
def files(tmp_path):
    """A picture of a disc in each colour, a standing bar, a bust, and two without a subject."""
    y, x = np.mgrid[0:120, 0:160]
    shapes = {name: np.hypot(x - 80, y - 60) < 36 for name in COLOURS}
    shapes["bust"] = (np.abs(x - 80) < 40) & (y > 40)
    for name, inside in shapes.items():
        colour = COLOURS.get(name, (240, 200, 20))
        rgb = np.where(inside[..., None], colour, BACK).astype(np.uint8)
        Image.fromarray(rgb).save(tmp_path / f"{name}.png")
    big = np.where(np.hypot(x - 80, y - 60)[..., None] < 75, (200, 120, 20), BACK)
    Image.fromarray(big.astype(np.uint8)).save(tmp_path / "filled.png")
    hills = y > 70 + 8 * np.sin(x / 20)
    ridge = np.where((hills & (y < 100))[..., None], (40, 150, 60), BACK).astype(np.uint8)
    Image.fromarray(ridge).save(tmp_path / "hills.png")
    for name, stripes in (("stripes", x // 10 % 2), ("checks", (x // 20 + y // 20) % 2)):
        rgb = np.repeat((60 + 130 * stripes)[..., None], 3, 2).astype(np.uint8)
        Image.fromarray(rgb).save(tmp_path / f"{name}.png")
    return lambda name: tmp_path / f"{name}.png"


class Models:
    """Stands in for the networks."""

    segmenter = Finder()
    depth = fill = None
    in_use: ClassVar = {}


def nothing():
    pass


def composed(files, board, shot, poses, check=nothing, base=None):
    def read(asset):
        return files(bytes.fromhex(asset.sha256).rstrip(b"\0").decode())

    intent = read_intent(shot.prompt, seed=board.seed, drawn=False, embedder=sentence_embedder())
    context = ShotContext(board, shot, read, intent, poses, Models(), check)
    return CompositionShotRenderer(context, base)


def take(files, names, prompt="", size="16:9", poses=PATH, first=None, seed=5):
    width, height = SIZES[size]
    references = tuple(Reference("", (asset(name),)) for name in names)
    picture = asset(first) if first else None
    shot = Shot(prompt, len(poses) / 8, first=picture, references=references)
    board = Storyboard("m", width, height, Fraction(8), (shot,), seed=seed)
    return composed(files, board, shot, poses)


def rgb(take, index):
    return Planes.of_frame(take.frame(index)).to_rgb()


def seen(picture, name):
    """Where a colour is, by its hue: shape of the picture."""
    values = picture.astype(float) - picture.mean(2, keepdims=True)
    wanted = np.array(COLOURS[name], float) - np.mean(COLOURS[name])
    alike = (values @ wanted) / (np.linalg.norm(values, axis=2) * np.linalg.norm(wanted) + 1e-6)
    return (alike > 0.93) & (np.linalg.norm(values, axis=2) > 60)


def middle(mask):
    y, x = np.nonzero(mask)
    return x.mean(), y.mean()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_all_subjects_are_seen_in_every_pose(files, size, count):
    names = list(COLOURS)[:count]
    shot = take(files, names, size=size)
    for index in (0, len(PATH) // 2, len(PATH) - 1):
        picture = rgb(shot, index)
        for name in names:
            mask = seen(picture, name)
            assert mask.mean() > 0.008, name
            # Discs that stay inside touch no side.
            edge = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
            assert not edge.any(), name
    assert [use["use"] for use in shot.notes["subjects"]] == ["subject"] * count
    assert shot.notes["method"] == "composition"


@pytest.mark.usefixtures("looked_at_anew")
def test_the_same_again_is_the_same_to_the_bit(files):
    names = ["red", "bust"]
    one = take(files, names, "in a meadow")
    two = take(files, names, "in a meadow")
    for index in range(len(PATH)):
        assert np.array_equal(one.frame(index), two.frame(index))
    assert one.notes == two.notes


def test_the_order_of_frames_does_not_matter(files):
    one, two = take(files, ["red", "blue"]), take(files, ["red", "blue"])
    last = one.frame(7)
    for index in range(7):
        two.frame(index)
    assert np.array_equal(last, two.frame(7))


def test_the_nearer_moves_farther(files):
    path = [Pose(truck_x=0.16 * t) for t in np.linspace(-0.5, 0.5, 5)]
    shot = take(files, ["red", "pink", "green"], "in a desert at noon", poses=path)
    start, end = rgb(shot, 0), rgb(shot, 4)
    moved = {
        name: middle(seen(start, name))[0] - middle(seen(end, name))[0]
        for name in ("red", "pink", "green")
    }
    near = {
        name: use["nearness"]
        for name, use in zip(("red", "pink", "green"), shot.notes["subjects"], strict=True)
    }
    order = sorted(near, key=near.__getitem__)
    assert near[order[0]] < near[order[-1]] - 0.05
    assert moved[order[0]] < moved[order[-1]] - 0.5
    for name, disparity in near.items():
        assert moved[name] == pytest.approx(0.16 * disparity * 192, abs=1.6)


def test_subjects_live_while_the_camera_stands(files):
    still = [Pose()] * 16
    shot = take(files, ["red"], poses=still)
    tops = [np.flatnonzero(seen(rgb(shot, i), "red").any(1))[[0, -1]] for i in (0, 15)]
    assert not np.array_equal(shot.frame(0), shot.frame(15))
    assert np.abs(np.subtract(*tops)).max() <= 2  # but only just
    # Its foot stays.
    assert abs(tops[0][1] - tops[1][1]) <= 1


@pytest.mark.parametrize(
    ("names", "prompt", "kind"),
    [
        (["red"], "", "a studio"),
        (["red"], "smiling at us", "a studio"),
        (["red"], "on a beach at sunset", "procedural scene"),
        (["red"], "在沙漠里", "procedural scene"),
        (["red"], "in outer space", "procedural scene"),
        (["red", "stripes"], "on a beach at sunset", "a picture"),
        (["checks", "stripes"], "", "a backdrop of the pictures"),
        (["red", "checks", "stripes"], "", "a backdrop of the pictures"),
    ],
)
def test_where_it_takes_place(files, names, prompt, kind):
    shot = take(files, names, prompt, poses=PATH[:2])
    assert shot.notes["scene"]["kind"] == kind
    uses = {name: use["use"] for name, use in zip(names, shot.notes["subjects"], strict=True)}
    wholes = [name for name in names if name not in COLOURS]
    whole = "background" if len(wholes) == 1 else "print"
    assert uses == {name: whole if name in wholes else "subject" for name in names}


@pytest.mark.parametrize(
    ("names", "prompt", "kind", "uses"),
    [
        (["filled"], "", "a picture", ["background"]),
        (["filled"], "on a beach at sunset", "procedural scene", ["print"]),
        (["red", "filled"], "on a beach at sunset", "procedural scene", ["subject", "print"]),
        (["red", "filled"], "", "a studio", ["subject", "print"]),
        (["filled", "stripes"], "in a desert", "a picture", ["print", "background"]),
        (["hills"], "", "a picture", ["background"]),
        (["red", "hills"], "", "a picture", ["subject", "background"]),
    ],
)
def test_a_picture_that_its_subject_fills_is_no_place_and_a_landscape_is_no_subject(
    files, names, prompt, kind, uses
):
    shot = take(files, names, prompt, poses=PATH[:2])
    assert shot.notes["scene"]["kind"] == kind
    assert [use["use"] for use in shot.notes["subjects"]] == uses
    if "red" in names:
        assert seen(rgb(shot, 1), "red").mean() > 0.008
    if uses[-1] == "print":
        white = rgb(shot, 1).min(2) > 120
        assert white.any(0).sum() > 20  # the border of its paper


def test_a_picture_without_a_subject_is_the_background(files):
    picture = rgb(take(files, ["red", "stripes"], poses=[Pose()] * 2), 0)
    upper = picture[:20].mean(2)
    assert upper.max() > 170
    assert upper.min() < 80  # stripes, sharp
    assert seen(picture, "red").mean() > 0.02


def test_several_become_prints_with_white_borders(files):
    picture = rgb(take(files, ["stripes", "checks"], poses=[Pose()] * 2), 0)
    half = picture.shape[1] // 2
    for side in (picture[:, :half], picture[:, half:]):
        assert (side.min(2) > 225).mean() > 0.004
        assert (np.abs(side.astype(int) - 190).max(2) < 25).mean() > 0.05


def test_subjects_join_a_first_frame_beside_its_own(files):
    shot = take(files, ["blue"], first="red")
    for index in (0, 7):
        picture = rgb(shot, index)
        assert seen(picture, "red").mean() > 0.05
        assert seen(picture, "blue").mean() > 0.01
    assert shot.notes["scene"]["kind"] == "the first frame"


class Still:
    """A renderer that shows one grey."""

    notes = {"method": "still"}  # noqa: RUF012

    def frame(self, index):
        return np.full((162, 192), 128, np.uint8)


def test_they_leave_before_a_last_frame_that_must_be_seen_as_it_is(files):
    poses = [Pose()] * 16
    blue = Reference("", (asset("blue"),))
    pictures = {"first": asset("stripes"), "last": asset("checks")}
    shot = Shot("", 2.0, **pictures, references=(blue,))
    board = Storyboard("m", 192, 108, Fraction(8), (shot,))
    made = composed(files, board, shot, poses, base=Still())
    assert (made.frame(0) == 128).all()
    assert (made.frame(15) == 128).all()
    assert seen(rgb(made, 8), "blue").mean() > 0.02


def test_cancelling_is_asked_for_between_the_steps(files):
    class Enough(Exception):
        pass

    def stop():
        raise Enough

    shot = Shot("", 1.0, references=(Reference("", (asset("red"),)),))
    board = Storyboard("m", 192, 108, Fraction(8), (shot,))
    with pytest.raises(Enough):
        composed(files, board, shot, PATH, stop)


def asset(name, kind=AssetKind.IMAGE):
    return Asset(name.encode().hex().ljust(64, "0"), kind, "image/png", 1, 160, 120)


def test_the_engine_composes_references(files):
    red, blue = asset("red"), asset("blue")
    paths = {red: files("red"), blue: files("blue")}
    shot = Shot("", 0.25, references=(Reference("Ada", (red,)), Reference("", (blue,))))
    board = Storyboard("m", 192, 108, Fraction(8), (shot,))
    engine = AnimaticEngine(Models())
    assert engine.unsupported(board) == []
    clip = engine.render(board, paths.__getitem__, lambda _: None, lambda: False)
    frames = list(clip.frames)
    assert len(frames) == 2
    assert clip.notes["subjects"][0]["name"] == "Ada"


def test_a_subject_that_has_only_a_video_is_refused_by_name():
    video = Reference("Bo", (), asset("bo", AssetKind.VIDEO))
    board = Storyboard("m", 192, 108, Fraction(8), (Shot("", 1.0, references=(video,)),))
    (reason,) = AnimaticEngine().unsupported(board)
    assert reason.field == "shots.references"
    assert "Bo" in reason.message


# SubjectPlacement.

GROUND = StandingGround(0.44, 0.3, lambda row: np.clip((row - 0.1) / 0.4, 0, 1))


def common(a, b):
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    return max(across, 0.0) * max(down, 0.0)


def upper(box):
    """Where a face would be."""
    left, top, right, bottom = box
    inset = 0.15 * (right - left)
    return left + inset, top, right - inset, top + 0.5 * (bottom - top)


def covering(place, shape):
    """What a subject covers: a bust is a head over shoulders."""
    left, top, right, bottom = place.box
    if not shape.bust:
        return [place.box]
    wide, neck = right - left, top + 0.4 * (bottom - top)
    return [(left + 0.26 * wide, top, right - 0.26 * wide, neck), (left, neck, right, bottom)]


@pytest.mark.parametrize("aspect", [16 / 9, 9 / 16, 1.0])
@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("seed", [0, 1])
def test_no_face_is_covered(aspect, count, seed):
    shapes = [
        SubjectShape(0.6),
        SubjectShape(1.2),
        SubjectShape(1.0, bust=True),
        SubjectShape(0.4),
    ][:count]
    places = arrange(shapes, GROUND, SafeArea(PATH, aspect), aspect, seed)
    for i, one in enumerate(places):
        for j, other in enumerate(places):
            in_front = (other.disparity, j) > (one.disparity, i)
            if i != j and in_front:
                face = upper(one.box)
                area = (face[2] - face[0]) * (face[3] - face[1])
                hidden = sum(common(face, part) for part in covering(other, shapes[j]))
                assert hidden / area < 0.2


def test_what_has_no_foot_leaves_the_view_below_in_every_pose():
    safe = SafeArea(PATH, 1.0)
    (place,) = arrange([SubjectShape(1.0, bust=True)], GROUND, safe, 1.0)
    for pose in PATH:
        view = pose.view(place.disparity)
        assert (place.box[3] - view.y) * view.scale > 0.5


def test_what_stands_goes_with_the_ground():
    place: SubjectPlacement
    for place in arrange([SubjectShape(0.7), SubjectShape(1.0)], GROUND, SafeArea(PATH, 1.5), 1.5):
        assert place.disparity == pytest.approx((place.box[3] - 0.1) / 0.4)
        assert 0.3 <= place.box[3] <= 0.44


def test_a_wild_path_is_calmed_and_a_quiet_one_is_not():
    wild = [Pose(), Pose(zoom=2.5, truck_x=0.4, roll=0.3)]
    assert attenuated(PATH, 1.5) == tuple(PATH)
    assert attenuated(wild, 1.5)[1].zoom < 1.6
    left, top, right, bottom = SafeArea(attenuated(wild, 1.5), 1.5).at(np.array([0.75]))
    assert right - left >= 0.6
    assert bottom - top >= 0.6


# Figures.


@pytest.mark.parametrize(
    "pose",
    [Pose(), Pose(x=0.1, zoom=1.2), Pose(truck_x=0.2, dolly=0.3), Pose(roll=0.2)],
    ids=["rest", "lens", "travel", "roll"],
)
@pytest.mark.parametrize("alive", [False, True])
def test_a_figure_is_where_the_pose_says(pose, alive):
    size = 60
    yy, xx = np.mgrid[0:size, 0:size] + 0.5
    alpha = np.round(255 * np.clip(20 - np.hypot(xx - 30, yy - 30), 0, 1)).astype(np.uint8)
    white = np.full((size, size, 3), 255, np.uint8)
    box = (0.05, -0.1, 0.25, -0.1 + 0.2 * 192 / 108)
    life = IdleMotion(breath=1e-6, sway=1e-6) if alive else None  # another way of drawing
    figure = Figure(white, alpha, box, 0.8, Screen(192, 108, (192, 108)), None, life)
    planes = np.zeros((108, 192), np.uint8), *np.full((2, 54, 96), 128, np.uint8)
    figure.draw(planes, pose, 0.0)
    weight = planes[0].astype(float)
    y, x = np.mgrid[0:108, 0:192] + 0.5
    found = (weight * x).sum() / weight.sum(), (weight * y).sum() / weight.sum()
    view = pose.view(0.8)
    across = ((box[0] + box[2]) / 2 - view.x) * view.scale * 192
    down = ((box[1] + box[3]) / 2 - view.y) * view.scale * 108
    cos, sin = np.cos(view.roll), np.sin(view.roll)
    wanted = cos * across + sin * down + 96, cos * down - sin * across + 54
    assert found == pytest.approx(wanted, abs=0.12)


def test_a_figure_on_a_larger_canvas_stands_at_the_same_place():
    alpha = np.zeros((60, 60), np.uint8)
    alpha[10:50, 10:50] = 255
    white = np.full((60, 60, 3), 255, np.uint8)
    box = (-0.2, -0.1, 0.0, 0.25)
    drawn = []
    for canvas in ((192, 108), (212, 132)):
        figure = Figure(white, alpha, box, 0.6, Screen(192, 108, canvas))
        shape = canvas[1], canvas[0]
        planes = [np.zeros(shape, np.float32)]
        planes += [np.full((canvas[1] // 2, canvas[0] // 2), 128, np.float32) for _ in range(2)]
        figure.draw(planes, Pose(dolly=0.2, x=0.02), 0.7)
        x, y = (canvas[0] - 192) // 2, (canvas[1] - 108) // 2
        drawn.append(planes[0][y : y + 108, x : x + 192])
    assert np.abs(drawn[0] - drawn[1]).max() < 4


def test_presence_fades():
    alpha = np.full((40, 40), 255, np.uint8)
    alpha[[0, -1]] = alpha[:, [0, -1]] = 0
    figure = Figure(
        np.full((40, 40, 3), 255, np.uint8),
        alpha,
        (-0.1, -0.1, 0.1, 0.1),
        0.5,
        Screen(192, 108, (192, 108)),
    )
    planes = np.full((108, 192), 35, np.uint8), *np.full((2, 54, 96), 128, np.uint8)
    figure.draw(planes, Pose(), 0.0, 0.5)
    assert planes[0][54, 96] == pytest.approx((35 + 235) / 2, abs=1)
