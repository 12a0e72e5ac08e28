"""Every action moves what it should, as seen in drawn frames and in the boxes of the blocking."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from kirin.domain.cast import Action, Cast, CastMember, Heading, Relation, Style
from kirin.engines.animatic.cast.actions import ACTIONS
from kirin.engines.animatic.scene.ground import Ground
from support.staging import LAND, REEF, SEA, Stage, centroid, member, related


def test_every_action_is_performed() -> None:
    assert set(ACTIONS) == set(Action)


def one(concept: str, action: Action, ground: Ground = LAND, **more: object) -> Stage:
    return Stage(Cast((member(concept, action, **more),)), ground=ground)


def cast_of(*members: CastMember, ground: Ground = LAND) -> Stage:
    return Stage(Cast(members), ground=ground)


def seen(stage: Stage, number: int) -> tuple[float, float]:
    return centroid(stage.mask(number))


ACTORS = {
    Action.DRIVE: "automobile",
    Action.SAIL: "sailboat",
    Action.SWIM: "dolphin",
    Action.FLY: "eagle",
    Action.ROLL: "soccer-ball",
    Action.RISE: "rocket",
    Action.BURN: "house",
    Action.EXPLODE: "automobile",
    Action.SMOKE: "factory",
    Action.MELT: "snowman",
    Action.BLOOM: "rose",
    Action.GLOW: "light-bulb",
    Action.OPEN: "door",
    Action.CLOSE: "door",
    Action.POUR: "teapot",
    Action.PLAY: "guitar",
    Action.SHAKE: "robot",
}
AFLOAT = (Action.SAIL, Action.SWIM)


@pytest.mark.parametrize("action", list(Action))
def test_an_action_looks_different_at_different_times(action: Action) -> None:
    """Drawn frames of it differ from each other, far more than by a breath."""
    concept = ACTORS.get(action, "woman")
    stage = one(concept, action, SEA if action in AFLOAT else LAND)
    drawn = [stage.canvas(number).y for number in (4, 33, 60, 88)]
    changed = max(int((np.abs(drawn[0] - each) > 10).sum()) for each in drawn[1:])
    assert changed > 0.05 * max(stage.mask(4).sum(), stage.mask(88).sum())


@pytest.mark.parametrize("action", [a for a in Action if a not in (Action.LEAVE, Action.ENTER)])
def test_nothing_leaves_the_frame_unasked(action: Action) -> None:
    concept = ACTORS.get(action, "dog")
    stage = one(concept, action, SEA if action in AFLOAT else LAND)
    for number in range(0, 96, 8):
        left, top, right, bottom = stage.box(number)
        if right > left:
            assert left > -0.04
            assert top > -0.04
            assert right < 1.04
            assert bottom < 1.06


def test_idle_performers_are_not_frozen() -> None:
    stage = cast_of(member("woman"))
    a, b = stage.canvas(3).y, stage.canvas(40).y
    assert np.abs(a - b).max() > 8


TRAVELLERS = [
    ("dog", Action.WALK, LAND),
    ("woman", Action.RUN, LAND),
    ("rabbit", Action.RUN, LAND),
    ("automobile", Action.DRIVE, LAND),
    ("eagle", Action.FLY, LAND),
    ("dolphin", Action.SWIM, SEA),
    ("tropical-fish", Action.SWIM, REEF),
    ("sailboat", Action.SAIL, SEA),
    ("soccer-ball", Action.ROLL, LAND),
]


@pytest.mark.parametrize(("concept", "action", "ground"), TRAVELLERS)
@pytest.mark.parametrize(("heading", "sign"), [(Heading.LEFT, -1), (Heading.RIGHT, 1)])
def test_travel_goes_where_it_is_told(
    concept: str, action: Action, ground: Ground, heading: Heading, sign: int
) -> None:
    stage = one(concept, action, ground, heading=heading)
    assert sign * (seen(stage, -1)[0] - seen(stage, 0)[0]) > 0.12


def test_art_is_mirrored_to_look_where_it_goes() -> None:
    left, right = (one("dog", Action.WALK, heading=h) for h in (Heading.LEFT, Heading.RIGHT))
    for stage, sign in ((left, -1), (right, 1)):
        number = 48
        mask = stage.mask(number)
        columns = np.flatnonzero(mask.any(axis=0))
        # The dog's head is lower than its raised tail, which is at its back.
        top_row = np.flatnonzero(mask.any(axis=1))[0]
        tail = np.flatnonzero(mask[top_row + 2]).mean()
        assert sign * ((columns[0] + columns[-1]) / 2 - tail) > 0


def test_legs_alternate_and_wheels_turn() -> None:
    stage = Stage(Cast((member("dog", Action.WALK),), followed=0), size=(480, 270))
    low = [stage.mask(n)[200:250] for n in (0, 8)]
    high = [stage.mask(n)[90:140] for n in (0, 8)]
    legs, body = ((a ^ b).sum() / a.sum() for a, b in (low, high))
    assert legs > 1.8 * body
    car = Stage(Cast((member("automobile", Action.DRIVE),), followed=0), size=(480, 270))
    left, _, right, bottom = (round(v * s) for v, s in zip(car.box(0), (480, 270) * 2, strict=True))
    a, b = (car.canvas(n).y[bottom - 34 : bottom, left:right] for n in (10, 13))
    assert np.abs(a - b).max() > 40


def test_running_is_faster_than_walking() -> None:
    walked, ran = (
        abs(one("dog", action).middle(-1)[0] - one("dog", action).middle(0)[0])
        for action in (Action.WALK, Action.RUN)
    )
    assert ran > 1.3 * walked


def test_towards_grows_and_away_shrinks_with_feet_on_the_ground() -> None:
    near, far = (one("woman", Action.WALK, heading=h) for h in (Heading.TOWARDS, Heading.AWAY))
    assert near.area(-1) > 1.3 * near.area(0)
    assert far.area(-1) < 0.7 * far.area(0)
    assert near.box(-1)[3] > near.box(0)[3]
    assert far.box(-1)[3] < far.box(0)[3]
    assert near.mask(-1).sum() > 1.3 * near.mask(0).sum()


def test_jumps_leave_the_ground_and_return() -> None:
    stage = one("rabbit", Action.JUMP)
    feet = np.array([stage.box(number)[3] for number in range(96)])
    assert feet.max() - feet.min() > 0.12
    assert (np.diff(np.sign(np.diff(feet))) != 0).sum() >= 4


def test_jumping_over_something_clears_it() -> None:
    stage = cast_of(related("rabbit", Relation.OVER, 1, action=Action.JUMP), member("wood"))
    start, end = stage.middle(0, 0)[0], stage.middle(-1, 0)[0]
    log = stage.middle(48, 1)[0]
    assert (start - log) * (end - log) < 0
    over = stage.box(48, 0)
    assert over[3] < stage.box(48, 1)[1] + 0.12


def test_fall_goes_down_and_rise_goes_up() -> None:
    apple = one("red-apple", Action.FALL)
    assert seen(apple, 60)[1] - seen(apple, 4)[1] > 0.15
    sun = one("sun", Action.RISE)
    assert seen(sun, 4)[1] - seen(sun, -1)[1] > 0.15
    balloon = one("balloon", Action.RISE)
    assert seen(balloon, 4)[1] - seen(balloon, -1)[1] > 0.15


@pytest.mark.parametrize(("hunter", "prey"), [("dog", "cat"), ("cat", "mouse"), ("man", "robot")])
def test_the_target_is_ahead_of_its_chaser(hunter: str, prey: str) -> None:
    stage = cast_of(member(hunter, Action.CHASE, target=1), member(prey))
    moved = stage.middle(-1, 0)[0] - stage.middle(0, 0)[0]
    assert abs(moved) > 0.15
    for number in (0, 48, stage.last):
        assert (stage.middle(number, 1)[0] - stage.middle(number, 0)[0]) * moved > 0
    assert (stage.middle(-1, 1)[0] - stage.middle(0, 1)[0]) * moved > 0


def test_approach_comes_nearer() -> None:
    stage = cast_of(member("dog", Action.APPROACH, target=1), member("woman"))
    apart = [abs(stage.middle(n, 0)[0] - stage.middle(n, 1)[0]) for n in (0, -1)]
    assert apart[1] < 0.8 * apart[0]
    camera = one("horse", Action.APPROACH)
    assert camera.mask(-1).sum() > 1.5 * camera.mask(0).sum()


def test_leave_and_enter() -> None:
    leaving, entering = one("elephant", Action.LEAVE), one("elephant", Action.ENTER)
    assert leaving.mask(0).sum() > 500 > leaving.mask(-1).sum()
    assert entering.mask(0).sum() < 500 < entering.mask(-1).sum()


def test_eating_lessens_what_is_eaten() -> None:
    stage = cast_of(member("panda", Action.EAT, target=1), member("red-apple"))
    assert stage.area(-1, 1) < 0.6 * stage.area(0, 1)
    mouth, face = stage.middle(0, 1), stage.box(0, 0)
    assert face[1] < mouth[1] < face[3]


def test_a_cup_is_held_below_the_eyes() -> None:
    stage = cast_of(member("panda", Action.DRINK, target=1), member("teacup-without-handle"))
    for number in range(0, 96, 6):
        (_, top, _, bottom), cup = stage.box(number, 0), stage.box(number, 1)
        assert cup[1] > top + 0.28 * (bottom - top)  # the eyes, with what its slant adds
        assert cup[1] < top + 0.6 * (bottom - top)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_everybody_who_eats_has_a_meal(count: int) -> None:
    stage = cast_of(member("panda", Action.EAT, target=1, count=count), member("red-apple"))
    red = (stage.canvas(2).v > 180).astype(np.uint8)
    apples = cv2.connectedComponentsWithStats(red)[2][1:]
    assert sum(apples[:, cv2.CC_STAT_AREA] > 10) == count


def test_throw_and_catch_move_the_thing_in_an_arc() -> None:
    thrown = cast_of(member("man", Action.THROW, target=1), member("soccer-ball"))
    caught = cast_of(member("man", Action.CATCH, target=1), member("soccer-ball"))

    def apart(stage: Stage, number: int) -> float:
        return abs(stage.middle(number, 0)[0] - stage.middle(number, 1)[0])

    assert apart(thrown, -1) > apart(thrown, 0) + 0.15
    rows = [thrown.middle(number, 1)[1] for number in range(20, 96)]
    assert min(rows) < rows[0] - 0.03
    assert apart(caught, -1) < apart(caught, 0) - 0.15


def test_riders_move_with_their_mount() -> None:
    stage = cast_of(member("man", Action.RIDE, target=1), member("horse", Action.RUN))
    for number in (0, 48, stage.last):
        man, horse = stage.middle(number, 0), stage.middle(number, 1)
        assert abs(man[0] - horse[0]) < 0.08
        assert man[1] < horse[1]
    assert abs(stage.middle(-1, 1)[0] - stage.middle(0, 1)[0]) > 0.15


def test_climbing_goes_up_the_anchor() -> None:
    stage = cast_of(member("monkey", Action.CLIMB, target=1), member("palm-tree"))
    assert stage.middle(0, 0)[1] - stage.middle(-1, 0)[1] > 0.2
    assert abs(stage.middle(-1, 0)[0] - stage.middle(-1, 1)[0]) < 0.1


@pytest.mark.parametrize(
    ("action", "concept", "grows"),
    [
        (Action.GROW, "evergreen-tree", True),
        (Action.BLOOM, "rose", True),
        (Action.SHRINK, "elephant", False),
    ],
)
def test_size_over_time(action: Action, concept: str, grows: bool) -> None:
    stage = one(concept, action)
    first, last = stage.area(0), stage.area(-1)
    assert (last / first > 3) if grows else (first / last > 3)


def test_melting_flattens() -> None:
    stage = one("snowman", Action.MELT)
    first, last = stage.box(0), stage.box(-1)
    assert last[3] - last[1] < 0.6 * (first[3] - first[1])
    assert last[3] == pytest.approx(first[3], abs=0.02)


def test_exploding_destroys() -> None:
    stage = one("automobile", Action.EXPLODE)
    assert stage.box(0) != (0.0, 0.0, 0.0, 0.0)
    assert stage.box(-1) == (0.0, 0.0, 0.0, 0.0)
    assert (stage.canvas(44).v > 160).sum() > 100  # the red of the burst
    assert (stage.canvas(39).y > 190).sum() > (stage.canvas(5).y > 190).sum()  # the flash


def test_fire_and_light_are_bright() -> None:
    burning = one("house", Action.BURN)
    assert (burning.canvas(60).v > 165).sum() > 1.5 * (burning.canvas(0).v > 165).sum()
    bulb, plain = one("light-bulb", Action.GLOW), one("light-bulb", Action.SIT)
    assert bulb.canvas(40).y.mean() > plain.canvas(40).y.mean() + 2


def test_props_and_signs_appear_with_what_needs_them() -> None:
    for action, arts in {
        Action.READ: {"open-book"},
        Action.WRITE: {"pen", "pencil"},
        Action.PAINT: {"paintbrush"},
        Action.COOK: {"cooking"},
        Action.WAVE: {"waving-hand"},
        Action.SING: {"musical-notes"},
        Action.PLAY: {"soccer-ball"},
        Action.SLEEP: {"zzz"},
        Action.TALK: {"speech-balloon"},
        Action.DRINK: {"cup-with-straw"},
    }.items():
        stage = one("woman", action)
        extras = {m.costume.art for m in stage.blocking.motions if m.member is None}
        assert extras & arts, action


def test_fighters_clash() -> None:
    stage = cast_of(member("ninja", Action.FIGHT, target=1), member("robot"))
    apart = [abs(stage.middle(n, 0)[0] - stage.middle(n, 1)[0]) for n in range(96)]
    assert min(apart) < 0.75 * max(apart)


def test_looking_turns_to_the_target() -> None:
    stage = cast_of(member("dog", Action.LOOK, target=1), member("woman"))
    dog, woman = stage.blocking.motions[0], stage.blocking.motions[1]
    assert np.sign(dog.heading[0]) == np.sign(woman.x[0] - dog.x[0])


def test_spinning_turns_once_at_least() -> None:
    star = one("star", Action.SPIN).blocking.motions[0]
    assert abs(star.rotation[-1] - star.rotation[0]) > 2 * np.pi
    woman = one("dog", Action.SPIN).blocking.motions[0]
    assert woman.heading.min() < -0.9 < 0.9 < woman.heading.max()


def test_rolling_is_in_step_with_the_way() -> None:
    ball = one("soccer-ball", Action.ROLL).blocking.motions[0]
    way = (ball.x[-1] - ball.x[0]) * 16 / 9
    turned = (ball.rotation[-1] - ball.rotation[0]) * ball.height[0] / 2
    assert turned == pytest.approx(way, rel=0.1)


def test_slow_motion_slows_gaits() -> None:
    usual = Stage(Cast((member("dog", Action.RUN),)))
    slow = Stage(Cast((member("dog", Action.RUN),), styles=(Style.SLOW_MOTION,)))
    assert slow.blocking.motions[0].phase[-1] < 0.6 * usual.blocking.motions[0].phase[-1]
