"""What the preview tells of motion in given pictures, by the method of the shot."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.cast import Heading, Missing
from kirin.domain.intent import Direction
from kirin.domain.motion import (
    AirRequest,
    BodyMotion,
    BodyRequest,
    FocusPull,
    Illumination,
    LightRequest,
    MatterMotion,
    MatterRequest,
    Particle,
    PictureMotion,
    Span,
    Substance,
)
from kirin.domain.storyboard import (
    Driving,
    Orientation,
    Point,
    Reference,
    Shot,
    Storyboard,
    Stroke,
)
from kirin.engines.animatic.cinemagraph.assembly import describe_motion
from kirin.engines.animatic.cinemagraph.part import Acted, Cinemagraph
from kirin.engines.animatic.cinemagraph.report import air_and_light_only, foretell
from kirin.engines.animatic.preview import preview
from kirin.prompt.reader import read_intent

PROMPT = "the river flows, snow falls, the rocket lifts off, rack focus to the background"
PICTURE = Asset("picture", AssetKind.IMAGE, "image/png", 1, 64, 36)
VIDEO = Asset("video", AssetKind.VIDEO, "video/mp4", 1, 64, 36, 2.0, Fraction(8))
STROKE = Stroke(PICTURE, (Point(0, 0), Point(9, 9)))


def foretold(shot: Shot, **others: Any) -> dict[str, Any]:
    board = Storyboard("m", 64, 36, Fraction(8), (shot,), **others)
    found: dict[str, Any] = preview(board)["motion"]
    return found


def test_over_a_first_picture_everything_is_understood() -> None:
    told = foretold(Shot(PROMPT, 2.0, PICTURE))
    kinds = [each["kind"] for each in told["understood"]]
    assert kinds == ["matter", "air", "body", "focus"]
    assert told["missing"] == []
    assert told["found"] == "when rendered"


@pytest.mark.parametrize(
    ("shot", "others"),
    [
        (Shot(PROMPT, 2.0, PICTURE, PICTURE), {}),
        (Shot(PROMPT, 2.0, None, PICTURE), {}),
        (Shot(PROMPT, 2.0, references=(Reference("Tom", (PICTURE,)),)), {}),
        (Shot(PROMPT, 2.0, PICTURE), {"driving": Driving(VIDEO, Orientation.IMAGE, False)}),
    ],
    ids=["transition", "arrival", "composition", "motion control"],
)
def test_elsewhere_only_air_and_light_are(shot: Shot, others: dict[str, Any]) -> None:
    told = foretold(shot, **others)
    assert [each["kind"] for each in told["understood"]] == ["air"]
    words = [each["word"] for each in told["missing"]]
    assert words == ["river", "rocket lifts off", "rack focus to the background"]


@pytest.mark.parametrize("painted", [{"strokes": (STROKE,)}, {"still": PICTURE}], ids=list)
def test_under_masks_matter_moves_too_but_no_body(painted: dict[str, Any]) -> None:
    told = foretold(Shot(PROMPT, 2.0, PICTURE, **painted))
    assert [each["kind"] for each in told["understood"]] == ["matter", "air"]
    words = [each["word"] for each in told["missing"]]
    assert words == ["rocket lifts off", "rack focus to the background"]


def test_where_nothing_moves_there_is_nothing_to_be_found() -> None:
    told = foretold(Shot("the cat turns its head", 2.0, PICTURE))
    assert told == {"understood": [], "missing": [{"word": "turns its head", "kind": "motion"}]}


def test_each_of_several_shots_tells_of_its_own() -> None:
    shots = (Shot("the river flows", 1.0, PICTURE), Shot("in space: a rocket flies", 1.0))
    first, second = preview(Storyboard("m", 64, 36, Fraction(8), shots))["shots"]
    assert first["motion"]["understood"][0]["what"] == "water"
    assert "motion" not in second


def test_drawn_shots_tell_of_no_motion() -> None:
    assert "motion" not in preview(Storyboard("m", 64, 36, Fraction(8), (Shot(PROMPT, 1.0),)))


def test_quotes_and_metadata_have_one_shape() -> None:
    made = Cinemagraph(
        acted=[Acted("river", "matter", "water", "flow", (0.1, 0.2, 0.30001, 1.0), {"from": 0.5})],
        missing=[Missing("turns its head", "motion"), Missing("turns its head", "motion")],
    )
    request = MatterRequest(
        "river", Substance.WATER, MatterMotion.FLOW, Heading.LEFT, span=Span(0.5, 1.0)
    )
    missing = (Missing("turns its head", "motion"),)
    told, before = describe_motion(made), foretell(PictureMotion((request,), missing=missing))
    assert told["missing"] == before["missing"] == [{"word": "turns its head", "kind": "motion"}]
    (after,), (entry,) = told["understood"], before["understood"]
    assert after["box"] == [0.1, 0.2, 0.3, 1.0]
    for name in ("word", "kind", "what", "motion", "from", "to"):
        assert after[name] == entry[name]
    assert entry["heading"] == "left"
    assert "box" not in entry


def test_of_what_lies_over_a_picture_nothing_is_lost() -> None:
    motion = PictureMotion(
        (MatterRequest("river", Substance.WATER, MatterMotion.FLOW),),
        (AirRequest("snow", Particle.SNOW, source="roof"),),
        (LightRequest("night falls", Illumination.NIGHT, Span(0.25, 1.0)),),
        (BodyRequest("blinks", "blinks", BodyMotion.BLINK),),
        FocusPull.TO_SUBJECT,
        "rack focus to her",
        (Missing("smiles", "motion"),),
    )
    over = air_and_light_only(motion)
    assert (over.air, over.light) == (motion.air, motion.light)
    assert (over.matter, over.body, over.focus) == ((), (), None)
    words = [each.word for each in over.missing]
    assert words == ["smiles", "river", "blinks", "rack focus to her"]
    snow, night = foretell(over)["understood"]
    assert snow["source"] == "roof"
    assert (night["motion"], night["from"]) == ("night", 0.25)


def test_of_motion_control_it_says_that_warnings_come_later_and_what_works() -> None:
    driving = Driving(VIDEO, Orientation.IMAGE, False)
    told = foretold(Shot("the camera pushes in, snow falls", 2.0, PICTURE), driving=driving)
    assert told["warnings"] is None
    assert told["found"] == "when rendered"
    assert any("portrait" in each for each in told["works_best"])
    assert {"word": "pushes in", "kind": "camera"} in told["missing"]


@pytest.mark.parametrize(
    "shot",
    [
        Shot("a dog chases a ball, then a cat sleeps", 1.0),
        Shot("zqx vrrtl hmpf", 1.0),
        Shot("in space: a rocket flies to the moon", 1.0),
        Shot("by the sea at sunset, orbit left", 1.0),
        Shot('an office, "hello" on a sign', 1.0),
        Shot("a storm over fields in winter, static camera", 1.0),
    ],
    ids=lambda shot: shot.prompt,
)
def test_what_another_seed_would_choose_otherwise_is_told_as_chance(shot: Shot) -> None:
    told = [
        preview(Storyboard("m", 64, 36, Fraction(8), (shot,), seed=seed))["scene"]
        for seed in range(6)
    ]
    chance = told[0]["by_chance"]
    certain = told[0].keys() - {*chance}
    if "time" in chance:
        certain -= {"light"}  # follows from it
    if "boxes" in chance:
        for scene in told:
            for each in (*scene["cast"], scene.get("lettering", {})):
                each.pop("first_box", None)
                each.pop("last_box", None)
    for name in certain:
        assert all(scene[name] == told[0][name] for scene in told), name
    static = "static" in shot.prompt or "orbit" in shot.prompt
    assert ("direction" in chance) is not static


def test_what_is_named_is_not_by_chance() -> None:
    prompt = "a clear winter night in the city, pan left"
    scene = preview(Storyboard("m", 64, 36, Fraction(8), (Shot(prompt, 1.0),)))["scene"]
    assert {"time", "weather", "season", "terrain", "place", "direction"}.isdisjoint(
        scene["by_chance"]
    )
    later = Shot("by day, static camera", 1.0)
    boards = (Shot("a cat at the beach", 1.0), later)
    first, second = preview(Storyboard("m", 64, 36, Fraction(8), boards))["shots"]
    assert "time" in first["scene"]["by_chance"]
    assert "time" not in second["scene"]["by_chance"]


@pytest.mark.parametrize("prompt", ["snow falls", "the river flows", "she blinks, rack focus"])
def test_over_what_moves_in_a_picture_no_seed_chooses_the_camera(prompt: str) -> None:
    """What is found depends on what the camera comes to show: a quote has another seed."""

    def cameras(words: str) -> list[Direction]:
        return [read_intent(words, seed=seed, drawn=False).camera for seed in range(12)]

    assert cameras(prompt)[0].default
    assert len(set(cameras(prompt))) == 1
    assert len(set(cameras("a quiet street"))) > 1  # nothing is told of it: each task has another
    shots = {read_intent(prompt, shot=shot, drawn=False).camera for shot in range(6)}
    assert len(shots) > 1
