"""What a picture's subject may be called, alike at every size of the picture."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage import data

from kirin.engines.animatic.cinemagraph.body.survey import SubjectSurvey
from kirin.engines.animatic.cinemagraph.part import Still
from kirin.media.images import load_rgb
from kirin.vision.planes import Rgb, resize
from support.bodies import MODELS

ROCKET = Path(__file__).parents[4] / "web" / "src" / "clips" / "rocket.jpg"


def survey(rgb: Rgb, width: int) -> SubjectSurvey:
    """Of a picture at a width, with all of it as the subject."""
    height = round(rgb.shape[0] * width / rgb.shape[1])
    picture = resize(rgb, width, height)
    subject = np.full(picture.shape[:2], 255, np.uint8)
    middle = (width / 2, height / 2)
    still = Still(
        picture, subject, None, None, None, middle, 1.0, (width, height), Fraction(24), 24, 1, (),
        MODELS,
    )  # fmt: skip
    return SubjectSurvey(still)


@pytest.fixture(scope="module")
def rocket() -> Rgb:
    return load_rgb(ROCKET, 4096)


@pytest.mark.parametrize("width", [480, 806, 1200, 1476, 1850])
def test_the_tip_of_a_rocket_is_no_face_that_refuses_it(rocket: Rgb, width: int) -> None:
    assert survey(rocket, width).fits("rocket")


@pytest.mark.parametrize("width", [480, 1850])
def test_a_face_refuses_a_rocket(width: int) -> None:
    astronaut = survey(data.astronaut(), width)
    assert not astronaut.fits("rocket")
    assert astronaut.fits("woman")


def test_a_doubtful_face_counts_where_somebody_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = survey(data.astronaut(), 512)
    monkeypatch.setattr("kirin.engines.animatic.cinemagraph.body.survey._SURE", 1.1)
    assert seen.people
    assert not seen.fits("rocket")
    alone = survey(data.astronaut(), 512)
    alone.__dict__["people"] = []
    assert alone.fits("rocket")


def test_faces_are_found_in_a_copy_and_measured_in_the_picture() -> None:
    rgb = data.astronaut()
    large = cv2.resize(rgb, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    (small,) = MODELS.face_estimator.find(rgb)
    (fine,) = MODELS.face_estimator.find(large, side=512)
    assert np.abs(fine.points / 3 - small.points).max() < 3
    assert fine.score == pytest.approx(small.score, abs=0.01)
    (person,) = MODELS.pose_estimator.find(large, side=512)
    (beside,) = MODELS.pose_estimator.find(rgb)
    assert np.abs(person.landmarks.points[:5] / 3 - beside.landmarks.points[:5]).max() < 8
