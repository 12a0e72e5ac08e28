"""How figures go about what they do: upright, seated, lying, on a line, each one different."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from kirin.domain.cast import Action, Cast, CastMember, Relation, ShotSize
from kirin.engines.animatic.cast.costume import Build
from kirin.engines.animatic.cast.motion import Motion
from kirin.engines.animatic.cast.wardrobe import art_of
from kirin.engines.animatic.scene.ground import Ground
from support.staging import FLOOR, LAND, SEA, SPACE, Stage, member, related

PERSON = "man-standing"


def staged(*members: CastMember, ground: Ground = LAND, size: ShotSize | None = None) -> Stage:
    return Stage(Cast(members, size=size), ground=ground)


def of(stage: Stage, index: int) -> list[Motion]:
    return [motion for motion in stage.blocking.motions if motion.member == index]


def extras(stage: Stage, art: str) -> list[Motion]:
    motions = stage.blocking.motions
    return [each for each in motions if each.member is None and each.costume.art == art]


UPRIGHT = sorted(
    set(Action) - {Action.SLEEP, Action.FALL, Action.ROLL, Action.SPIN, Action.SWIM, Action.JUMP}
)


@pytest.mark.parametrize("action", UPRIGHT)
def test_no_action_lays_people_over(action: Action) -> None:
    stage = staged(member("scientist-standing", action))
    assert max(float(np.abs(m.rotation).max()) for m in of(stage, 0)) < 0.5


def test_what_pours_is_a_vessel_in_the_hand() -> None:
    stage = staged(member("scientist-standing", Action.POUR))
    vessel = extras(stage, "test-tube")[0]
    assert abs(float(vessel.rotation[-1])) > 0.6
    assert any(float(each.opacity[-1]) > 0.2 for each in extras(stage, "droplet"))


def test_a_vessel_that_is_filled_stands_still_below_the_one_that_fills_it() -> None:
    stage = staged(member("scientist-standing", Action.POUR, target=1), member("tumbler-glass"))
    glass, vessel = of(stage, 1)[0], extras(stage, "test-tube")[0]
    assert float(np.abs(glass.rotation).max()) < 0.1
    assert float(vessel.middle()[-1]) < float(glass.top()[-1])


def test_a_painter_has_the_portrait_on_an_easel() -> None:
    stage = staged(
        member("robot-standing", Action.PAINT, target=1),
        member("framed-picture"),
        related("woman-standing", Relation.IN, 1),
    )
    picture, woman, robot = stage.box(40, 1), stage.box(40, 2), stage.box(40, 0)
    assert picture[0] < woman[0] < woman[2] < picture[2]
    assert picture[1] < woman[1] < woman[3] < picture[3]
    assert robot[1] < picture[1] < picture[3] < robot[3]  # at the height of its hands
    assert len(extras(stage, "wood")) == 3
    assert extras(stage, "paintbrush")


@pytest.mark.parametrize("ground", [SPACE, LAND])
def test_who_is_on_the_moon_is_large_and_in_frame(ground: Ground) -> None:
    stage = staged(
        related("astronaut-standing", Relation.ON, 1), member("full-moon"), ground=ground
    )
    _, top, _, bottom = stage.box(0)
    assert top > 0
    assert bottom - top > 0.15


def test_everybody_is_large_enough_to_be_seen() -> None:
    for size in (ShotSize.WIDE, ShotSize.AERIAL, None):
        stage = staged(member("elephant"), member("ant", count=9), size=size)
        for motion in of(stage, 1):
            larger = motion.height * max(motion.costume.aspect, 1.0)
            assert float(larger.min()) >= 0.09


def test_balloons_rise_without_fire_and_not_in_a_row() -> None:
    stage = staged(member("hot-air-balloon", Action.RISE, count=4))
    assert not extras(stage, "fire")
    assert not extras(stage, "steam")
    rows = [float(motion.row[-1]) for motion in of(stage, 0)]
    assert np.ptp(rows) > 0.05
    assert extras(staged(member("rocket", Action.RISE)), "fire")


def test_a_kite_flies_on_a_line_and_its_holders_stand() -> None:
    stage = staged(member("child-standing", Action.FLY, count=3, target=1), member("kite"))
    assert all(not np.isnan(motion.ground).any() for motion in of(stage, 0))
    assert stage.middle(40, 1)[1] < stage.box(40, 0)[1] + 0.05
    assert float(np.ptp(of(stage, 1)[0].x)) > 0.03
    assert len(extras(stage, "string")) == 1
    assert not extras(staged(member(PERSON, Action.FLY, target=1), member("drone")), "string")


def test_a_pilot_sits_in_what_flies() -> None:
    stage = staged(member("pilot-standing", Action.FLY, target=1), member("airplane"), ground=SPACE)
    pilot, plane = stage.box(40, 0), stage.box(40, 1)
    assert plane[0] < pilot[0] < pilot[2] < plane[2]
    assert pilot[1] >= 0


def test_sleepers_lie() -> None:
    left, top, right, bottom = staged(member("robot-standing", Action.SLEEP)).box(20)
    assert (right - left) * 16 / 9 > 1.3 * (bottom - top)
    cat = of(staged(member("cat", Action.SLEEP)), 0)[0].costume
    assert cat.build is Build.LYING
    assert cat.aspect > 1.2 * of(staged(member("cat")), 0)[0].costume.aspect
    assert art_of(cat, 120).shape[:2] == (120, round(120 * cat.aspect))


def test_a_sleeper_in_a_bed_hides_no_second_bed() -> None:
    stage = staged(
        related(PERSON, Relation.IN, 1, action=Action.SLEEP), member("bed"), ground=FLOOR
    )
    sleeper, bed = stage.box(20, 0), stage.box(20, 1)
    assert sleeper[0] == pytest.approx(bed[0], abs=0.02)
    assert sleeper[2] == pytest.approx(bed[2], abs=0.02)


@pytest.mark.parametrize("who", ["old-man-standing", "robot-standing", "astronaut-standing"])
@pytest.mark.parametrize("seat", ["bench", "chair", "couch-and-lamp"])
def test_sitters_are_on_the_seat(who: str, seat: str) -> None:
    stage = staged(related(who, Relation.ON, 1, action=Action.SIT), member(seat))
    figure = of(stage, 0)[0]
    assert figure.costume.build is Build.SEATED
    sitter, place = stage.box(20, 0), stage.box(20, 1)
    assert place[0] < (sitter[0] + sitter[2]) / 2 < place[2]
    assert place[1] < sitter[3] < place[3] + 0.03
    assert art_of(figure.costume, 120).shape[:2] == (120, round(120 * figure.costume.aspect))


def test_two_on_a_sofa_are_side_by_side() -> None:
    stage = staged(
        related(PERSON, Relation.ON, 2, action=Action.SIT),
        related("woman-standing", Relation.ON, 2, action=Action.SIT),
        member("couch-and-lamp"),
    )
    man, woman = stage.box(20, 0), stage.box(20, 1)
    assert man[2] - woman[0] < 0.3 * (man[2] - man[0])


def test_children_of_a_group_differ() -> None:
    children = of(staged(member("child-standing", count=3)), 0)
    assert len({motion.costume.art for motion in children}) == 3
    assert len({round(float(motion.height[0]), 3) for motion in children}) == 3
    assert len({round(float(motion.row[0]), 3) for motion in children}) == 3


def test_food_is_bitten_off() -> None:
    stage = staged(member("panda-standing", Action.EAT, target=1), member("tanabata-tree"))
    food = of(stage, 1)[0]
    assert float(food.height[-1]) < 0.75 * float(food.height[0])
    # In bites: most of the time nothing changes.
    assert float((np.diff(food.height) == 0).mean()) > 0.5
    assert abs(stage.middle(0, 1)[0] - stage.middle(0, 0)[0]) < 0.2


def test_the_ball_flies_to_whom_it_is_thrown() -> None:
    stage = staged(
        member("boy-standing", Action.THROW, target=1), member("soccer-ball"), member("dog")
    )
    dog, ball = stage.box(-1, 2), stage.middle(-1, 1)
    assert dog[0] - 0.05 < ball[0] < dog[2] + 0.05


def test_a_mount_carries_its_rider_along() -> None:
    stage = staged(member("girl-standing", Action.RIDE, target=1), member("horse"))
    assert abs(stage.middle(-1, 1)[0] - stage.middle(0, 1)[0]) > 0.05
    assert stage.middle(-1, 0)[0] == pytest.approx(stage.middle(-1, 1)[0], abs=0.08)


def test_a_herd_in_a_wide_shot_is_told_apart() -> None:
    herd = of(staged(member("elephant", count=7), size=ShotSize.WIDE), 0)
    width = float(herd[0].width(16 / 9)[0])
    near = [
        abs(float(a.x[0] - b.x[0])) < 0.45 * width
        and abs(float(a.row[0] - b.row[0])) < 0.25 * float(a.height[0])
        for n, a in enumerate(herd)
        for b in herd[:n]
    ]
    assert not any(near)


def test_fighters_at_sea_meet_on_the_water() -> None:
    stage = staged(member("octopus", Action.FIGHT, target=1), member("ship"), ground=SEA)
    assert 0.1 < float(of(stage, 0)[0].sink[0]) < 0.6
    gaps = [stage.box(n, 1)[0] - stage.box(n, 0)[2] for n in range(stage.last)]
    assert min(gaps) < 0.02


def test_late_smoke_of_an_explosion_is_pale() -> None:
    stage = staged(member("automobile", Action.EXPLODE))
    pale, dark = extras(stage, "ash"), extras(stage, "smoke")
    assert max(float(each.opacity[-1]) for each in dark) < 0.05
    assert max(float(each.opacity[-1]) for each in pale) > 0.15


def test_flames_of_a_house_join() -> None:
    stage = staged(member("house", Action.BURN))
    flames = sorted(extras(stage, "fire"), key=lambda each: float(each.x[-1]))
    for left, right in pairwise(flames):
        apart = float(right.x[-1] - left.x[-1])
        assert apart < 0.5 * float(left.width(16 / 9)[-1] + right.width(16 / 9)[-1])


def test_a_house_on_fire_burns() -> None:
    stage = staged(related("house", Relation.ON, 1), member("fire"))
    assert extras(stage, "fire")
    house, fire = stage.box(40, 0), stage.box(40, 1)
    assert house[1] < (fire[1] + fire[3]) / 2 < house[3]
