"""What the preview tells of motion in given pictures, by the method of the shot."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.cast import Heading, Missing
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
