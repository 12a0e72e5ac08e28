"""The plan of a drawn shot: what is told of it before anything is painted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kirin.domain.cast import Action, Cast, CastMember, Missing, Relation
from kirin.domain.intent import Direction, Intent, Move, Place, Speed, Step
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cast.blocking import Blocking
from kirin.engines.animatic.stage.plan import StagePlan, describe_given
from kirin.prompt.reader import read_intent

SIZE, FPS = (640, 360), 24
REST = (Pose(),) * 48


def planned(cast: Cast, place: Place = Place.PARK) -> StagePlan:
    read = read_intent("a park by day", seed=1)
    intent = Intent(Direction(()), replace(read.scene, place=place), (), (), cast)
    return StagePlan.of(intent, SIZE, FPS, REST)


def test_a_plan_tells_the_cast_with_its_boxes() -> None:
    cast = Cast(
        (CastMember("pup", "dog", 2, "brown", action=Action.RUN), CastMember("ball", "balloon"))
    )
    told = planned(cast).describe()
    pup, ball = told["cast"]
    assert (pup["word"], pup["concept"], pup["count"], pup["colour"]) == ("pup", "dog", 2, "brown")
    assert (pup["motion"], ball["motion"]) == ("run", None)
    for member in told["cast"]:
        for box in (member["first_box"], member["last_box"]):
            left, top, right, bottom = box
            assert 0 <= left < right <= 1
            assert 0 <= top < bottom <= 1
    assert told["missing"] == []


def test_who_is_never_in_frame_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Blocking, "boxes", lambda *_: [(1.2, 0.2, 1.4, 0.5)])
    cast = Cast((CastMember("pup", "dog"),), missing=(Missing("gamelan", "noun"),))
    told = planned(cast).describe()
    assert told["cast"][0]["first_box"] is None
    assert told["missing"] == [{"word": "gamelan", "kind": "noun"}, {"word": "pup", "kind": "noun"}]


def test_a_camera_that_follows_goes_along_with_who_moves() -> None:
    cast = Cast((CastMember("bench", "chair"), CastMember("fox", "fox", action=Action.RUN)))
    read = read_intent("a park by day", seed=1)
    follow = Direction((Step(Move.FOLLOW, Speed.NORMAL, 0.0, 1.0),))
    plan = StagePlan.of(Intent(follow, read.scene, (), (), cast), SIZE, FPS, REST)
    assert plan.intent.cast.followed == 1
    assert abs(plan.poses[-1].truck_x - plan.poses[0].truck_x) > 0.1
    assert plan.blocking is not None
    first, last = plan.blocking.boxes(0)[1], plan.blocking.boxes(47)[1]
    # The fox stays in frame while the bench goes by.
    assert abs(first[0] - last[0]) < 0.1
    assert abs(plan.blocking.boxes(0)[0][0] - plan.blocking.boxes(47)[0][0]) > 0.1


@pytest.mark.parametrize("place", list(Place))
def test_every_place_has_a_ground(place: Place) -> None:
    plan = planned(Cast((CastMember("cat", "cat"),)), place=place)
    assert -0.5 <= plan.ground.horizon < 0.5
    assert 0.0 <= plan.ground.back < plan.ground.front <= 1.0
    assert plan.describe()["cast"][0]["first_box"] is not None


def test_of_given_pictures_only_motions_and_styles_are_missing() -> None:
    intent = read_intent("the dog runs past a gamelan, VHS", drawn=False)
    told = describe_given(intent)
    assert {"word": "runs", "kind": "verb"} in told["missing"]
    assert {"word": "vhs", "kind": "style"} in told["missing"]
    assert all(each["kind"] != "noun" for each in told["missing"])


def test_of_given_pictures_what_may_move_is_not_missing() -> None:
    intent = read_intent("the river flows, snow falls, shallow depth of field", drawn=False)
    assert describe_given(intent)["missing"] == []
    entered = describe_given(read_intent("a dragon appears", drawn=False))
    assert {"word": "dragon", "kind": "noun"} in entered["missing"]


def test_what_is_worn_is_told_from_its_side() -> None:
    woman = CastMember("woman", "woman-standing")
    hat = CastMember("hat", "top-hat", relation=Relation.WEARING, anchor=0)
    assert planned(Cast((woman, hat))).describe()["cast"][1]["relation"] == ["worn_by", "woman"]
