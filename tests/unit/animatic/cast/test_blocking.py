"""Blocking: composition, relations, the safe frame. No pixels."""

from __future__ import annotations

import pytest

from kirin.concepts.library import library
from kirin.domain.cast import Action, Cast, Heading, Relation, ShotSize
from kirin.domain.intent import Direction, Move, Speed, Step
from kirin.engines.animatic.camera.path import path
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cast.blocking import block
from kirin.engines.animatic.scene.ground import Ground, Surface
from support.staging import FLOOR, FPS, LAND, REEF, SEA, SPACE, Stage, member, related

SHAPES = [(320, 180), (180, 320), (240, 240)]


def height(stage: Stage, index: int = 0) -> float:
    box = stage.box(0, index)
    return box[3] - box[1]


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Width of the overlap of two boxes as a share of the narrower one."""
    shared = min(a[2], b[2]) - max(a[0], b[0])
    return max(shared, 0.0) / min(a[2] - a[0], b[2] - b[0])


def test_shot_sizes_order_the_size_of_the_subject() -> None:
    sizes = [ShotSize.AERIAL, ShotSize.WIDE, ShotSize.FULL, ShotSize.MEDIUM, ShotSize.CLOSE_UP]
    tall = [height(Stage(Cast((member("woman-walking"),), size=size))) for size in sizes]
    assert tall == sorted(tall)
    assert 0.45 <= tall[2] <= 0.56  # a standing figure in a full shot
    assert tall[4] > 0.85
    assert tall[1] < 0.36


@pytest.mark.parametrize("size", SHAPES)
@pytest.mark.parametrize("names", [("dog",), ("man", "woman"), ("fox", "rabbit", "bear", "cat")])
def test_everybody_is_inside_and_legible(size: tuple[int, int], names: tuple[str, ...]) -> None:
    stage = Stage(Cast(tuple(member(name) for name in names)), size=size)
    for number in (0, 40, stage.last):
        for left, top, right, bottom in stage.blocking.boxes(number):
            assert left > -0.005
            assert top > -0.005
            assert right < 1.005
            assert bottom < 1.005
            assert bottom - top >= 0.085


@pytest.mark.parametrize(
    "move", [Move.PUSH_IN, Move.PAN_LEFT, Move.TRUCK_RIGHT, Move.ORBIT_LEFT, Move.TILT_UP]
)
def test_camera_moves_keep_the_subject_in_the_frame(move: Move) -> None:
    poses = path(Direction((Step(move, Speed.NORMAL, 0.0, 1.0),)), 96, FPS)
    stage = Stage(Cast((member("dog"), member("woman"))), poses=poses)
    for number in (0, 48, stage.last):
        for left, top, right, bottom in stage.blocking.boxes(number):
            assert left > -0.02
            assert top > -0.02
            assert right < 1.02
            assert bottom < 1.02


def test_members_beside_each_other_do_not_hide_each_other() -> None:
    stage = Stage(Cast((member("man"), member("robot"), member("dog"), member("cat"))))
    boxes = stage.blocking.boxes(0)
    for a in range(4):
        for b in range(a):
            assert overlap(boxes[a], boxes[b]) < 0.25


def test_sizes_follow_metres_but_stay_legible() -> None:
    stage = Stage(Cast((member("elephant"), member("mouse"))))
    assert height(stage, 0) > 1.8 * height(stage, 1)
    assert height(stage, 1) > 0.09
    assert height(Stage(Cast((member("cat", size=2.0),)))) > height(Stage(Cast((member("cat"),))))


def test_buildings_are_behind_and_large() -> None:
    stage = Stage(Cast((member("girl"), member("castle"))))
    girl, castle = stage.blocking.motions[0], stage.blocking.motions[1]
    assert castle.disparity[0] < 0.75 * girl.disparity[0]
    assert height(stage, 1) > height(stage, 0)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 20])
def test_a_group_has_its_number(count: int) -> None:
    stage = Stage(Cast((member("sheep" if "sheep" in library() else "ewe", count=count),)))
    own = [m for m in stage.blocking.motions if m.member == 0]
    assert len(own) == count
    assert len({round(float(m.phase[10]), 3) for m in own}) >= min(count, 3)
    left, top, right, bottom = stage.box(0)
    assert left > -0.01
    assert right < 1.01
    assert top > -0.01
    assert bottom < 1.01
    if count > 5:
        assert len({round(float(m.disparity[0]), 2) for m in own}) > 2


def test_on_stands_on_top() -> None:
    stage = Stage(Cast((related("cat", Relation.ON, 1), member("package"))))
    cat, box = stage.box(0, 0), stage.box(0, 1)
    assert cat[3] == pytest.approx(box[1], abs=0.06)
    assert overlap(cat, box) > 0.8
    assert stage.blocking.motions[0].disparity[0] > stage.blocking.motions[1].disparity[0]


def test_under_is_below_the_top() -> None:
    stage = Stage(Cast((related("dog", Relation.UNDER, 1), member("deciduous-tree"))))
    dog, tree = stage.box(0, 0), stage.box(0, 1)
    assert dog[1] > tree[1] + 0.3 * (tree[3] - tree[1])
    assert dog[3] == pytest.approx(tree[3], abs=0.06)
    assert overlap(dog, tree) > 0.7


def test_over_is_above() -> None:
    stage = Stage(Cast((related("dragon", Relation.OVER, 1, action=Action.FLY), member("castle"))))
    for number in (0, 48, stage.last):
        assert stage.middle(number, 0)[1] < stage.middle(number, 1)[1]
    assert stage.box(48, 0)[1] > -0.02


def test_behind_is_farther_and_half_hidden() -> None:
    stage = Stage(Cast((related("girl", Relation.BEHIND, 1), member("deciduous-tree"))))
    girl, tree = stage.blocking.motions[0], stage.blocking.motions[1]
    assert girl.disparity[0] < tree.disparity[0]
    assert 0.1 < overlap(stage.box(0, 0), stage.box(0, 1)) < 0.95


def test_in_front_is_nearer() -> None:
    stage = Stage(Cast((related("car" if "car" in library() else "automobile",
                                Relation.IN_FRONT_OF, 1), member("house"))))  # fmt: skip
    assert stage.blocking.motions[0].disparity[0] > stage.blocking.motions[1].disparity[0]
    assert stage.box(0, 0)[3] > stage.box(0, 1)[3]


def test_in_peeps_out_of_it() -> None:
    stage = Stage(Cast((related("cat", Relation.IN, 1), member("package"))))
    cat, box = stage.box(0, 0), stage.box(0, 1)
    assert cat[1] < box[1]  # its head is above the edge,
    assert cat[3] > box[1]  # its feet are not,
    # and it is drawn before the front of the box.
    assert stage.blocking.motions[0].disparity[0] < stage.blocking.motions[1].disparity[0]


def test_into_moves_there_and_vanishes() -> None:
    cast = Cast((related("cat", Relation.INTO, 1, action=Action.ENTER), member("package")))
    stage = Stage(cast)
    start = abs(stage.middle(0, 0)[0] - stage.middle(0, 1)[0])
    later = abs(stage.middle(65, 0)[0] - stage.middle(65, 1)[0])
    assert later < 0.5 * start
    assert stage.box(-1, 0) == (0.0, 0.0, 0.0, 0.0)


def test_holding_and_wearing_work_in_both_directions() -> None:
    for cast in (
        Cast((member("man"), related("guitar", Relation.HOLDING, 0))),
        Cast((related("man", Relation.HOLDING, 1), member("guitar"))),
    ):
        stage = Stage(cast)
        man, guitar = stage.box(0, 0), stage.box(0, 1)
        assert overlap(man, guitar) > 0.1
        assert man[1] < (guitar[1] + guitar[3]) / 2 < man[3]
        assert height(stage, 1) < 0.6 * height(stage, 0)
    stage = Stage(Cast((member("cat"), related("crown", Relation.WEARING, 0))))
    assert stage.box(0, 1)[1] < stage.box(0, 0)[1] + 0.1
    assert height(stage, 1) < 0.45 * height(stage, 0)


@pytest.mark.parametrize(
    ("concept", "worn", "eyes"),
    [
        ("man-standing", "sunglasses", 0.17),
        ("woman-standing", "glasses", 0.17),
        ("panda", "sunglasses", 0.28),
        ("dog", "sunglasses", 0.27),
        ("giraffe", "glasses", 0.12),
    ],
)
def test_glasses_are_before_the_eyes(concept: str, worn: str, eyes: float) -> None:
    stage = Stage(Cast((member(concept), related(worn, Relation.WEARING, 0))))
    whose, glasses = stage.box(0, 0), stage.box(0, 1)
    tall = whose[3] - whose[1]
    assert stage.middle(0, 1)[1] == pytest.approx(whose[1] + eyes * tall, abs=0.02)
    assert whose[0] - 0.02 < glasses[0] < glasses[2] < whose[2] + 0.02


def test_headphones_are_around_the_head() -> None:
    stage = Stage(Cast((member("man-standing"), related("headphone", Relation.WEARING, 0))))
    man, worn = stage.box(0, 0), stage.box(0, 1)
    assert worn[1] < man[1] < worn[3] < man[1] + 0.4 * (man[3] - man[1])


def test_an_umbrella_is_above_whoever_holds_it() -> None:
    for relation in (Relation.HOLDING, Relation.UNDER):
        stage = Stage(Cast((related("woman", relation, 1, action=Action.WALK), member("umbrella"))))
        for number in (0, 60):
            assert stage.box(number, 1)[1] < stage.box(number, 0)[1]
            assert overlap(stage.box(number, 0), stage.box(number, 1)) > 0.8


def test_habitats() -> None:
    assert Stage(Cast((member("sun"),))).middle(0)[1] < 0.35
    assert Stage(Cast((member("eagle"),))).box(0)[3] < 0.75
    boat = Stage(Cast((member("sailboat"),)), ground=SEA)
    assert boat.blocking.motions[0].sink[0] > 0.05
    fish = Stage(Cast((member("tropical-fish"),)), ground=REEF)
    assert 0.3 < fish.middle(0)[1] < 0.7
    floating = Stage(Cast((member("man-astronaut"),)), ground=SPACE)
    assert 0.35 < floating.middle(0)[1] < 0.65
    picture = Stage(Cast((member("dog"), member("framed-picture"))), ground=FLOOR)
    assert picture.box(0, 1)[3] < 0.7  # on the wall
    shore = Ground(0.1, 0.5, 0.95, Surface.LAND, shore=0.45)
    duck = Stage(Cast((member("duck", Action.SWIM), member("dog"))), ground=shore)
    assert duck.blocking.motions[0].disparity[0] < 0.45 < duck.blocking.motions[1].disparity[0]


def test_heads_get_bodies_unless_they_fill_the_frame() -> None:
    whole = Stage(Cast((member("fox", Action.RUN),))).blocking.motions[0].costume
    assert whole.art == "fox-standing"
    assert not whole.cut
    near = Stage(Cast((member("woman-astronaut"),), size=ShotSize.MEDIUM))
    assert near.blocking.motions[0].costume.cut
    assert near.box(0)[3] >= 1.0  # the frame's lower edge hides where the art ends


def test_a_followed_subject_stays_framed_while_the_place_goes_by() -> None:
    cast = Cast((member("fox", Action.RUN), member("house")), followed=0)
    stage = Stage(cast)
    columns = [stage.middle(number)[0] for number in range(0, 96, 12)]
    assert max(columns) - min(columns) < 0.04
    truck = [pose.truck_x for pose in stage.poses]
    assert truck[0] - truck[-1] > 0.6  # the fox looks left, and so goes left
    assert stage.middle(-1, 1)[0] - stage.middle(0, 1)[0] > 0.1  # the house goes right


def test_a_chase_is_followed_as_one() -> None:
    cast = Cast((member("dog", Action.CHASE, target=1), member("cat")), followed=0)
    stage = Stage(cast)
    for number in (0, 48, stage.last):
        for left, _, right, _ in stage.blocking.boxes(number):
            assert left > -0.01
            assert right < 1.01


def test_blocking_is_deterministic_and_needs_no_painting() -> None:
    cast = Cast((member("dog", Action.WALK, count=4), member("castle")))
    first = block(cast, LAND, (320, 180), 24, (Pose(),) * 20, 9)
    second = block(cast, LAND, (320, 180), 24, (Pose(),) * 20, 9)
    assert first.boxes(0) == second.boxes(0)
    assert first.boxes(19) == second.boxes(19)


def test_describe_gives_json() -> None:
    cast = Cast((member("dog", Action.LEAVE, heading=Heading.LEFT),))
    told = Stage(cast).blocking.describe()
    assert told[0]["word"] == "dog"
    assert told[0]["motion"] == "leave"
    assert len(told[0]["first"]) == 4
    assert told[0]["last"] is None


def test_an_unknown_concept_is_refused() -> None:
    with pytest.raises(KeyError):
        block(Cast((member("no-such-thing"),)), LAND, (320, 180), 24, (Pose(),), 0)
