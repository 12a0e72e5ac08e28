"""Subjects are called by their names, and the camera's move is said in words."""

from __future__ import annotations

import pytest

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.camera import CameraControl, CameraPreset
from kirin.domain.storyboard import Reference, Shot
from kirin.engines.diffusion.prompt import encoder_prompt

CAT, DOG, NOBODY = (
    Reference(name, (Asset.announced(AssetKind.IMAGE),)) for name in ("Cat", "Dog", "")
)


@pytest.mark.parametrize(
    ("prompt", "subjects", "read"),
    [
        ("a lake", (CAT,), "a lake"),
        ("<<<element_1>>> runs", (CAT,), "Cat runs"),
        ("<<<element_3>>> sees <<<element_1>>>", (CAT, DOG), "Dog sees Cat"),
        ("<<<element_2>>> and <<<element_2>>>", (DOG,), "Dog and Dog"),
        ("<<<element_1>>> runs", (NOBODY,), "the subject runs"),
        ("<<<element_1>>> runs", (CAT, DOG), "the subject runs"),
    ],
)
def test_a_call_becomes_a_name(prompt: str, subjects: tuple[Reference, ...], read: str) -> None:
    assert encoder_prompt(Shot(prompt, 1, references=subjects)) == read


@pytest.mark.parametrize(
    ("camera", "said"),
    [
        (CameraControl(horizontal=-5), "The camera moves to the left."),
        (CameraControl(horizontal=5), "The camera moves to the right."),
        (CameraControl(vertical=-10), "The camera quickly moves down."),
        (CameraControl(vertical=1), "The camera slowly moves up."),
        (CameraControl(pan=-5), "The camera tilts down."),
        (CameraControl(pan=5), "The camera tilts up."),
        (CameraControl(tilt=-5), "The camera pans to the left."),
        (CameraControl(tilt=5), "The camera pans to the right."),
        (CameraControl(roll=-5), "The camera rolls counter-clockwise."),
        (CameraControl(roll=5), "The camera rolls clockwise."),
        (CameraControl(zoom=-3), "The camera slowly zooms in."),
        (CameraControl(zoom=8), "The camera quickly zooms out."),
        *(
            (CameraControl(preset=preset), said)
            for preset, said in {
                CameraPreset.DOWN_BACK: "The camera moves down and backwards.",
                CameraPreset.FORWARD_UP: "The camera moves forward and up.",
                CameraPreset.RIGHT_TURN_FORWARD: "The camera turns to the right and moves forward.",
                CameraPreset.LEFT_TURN_FORWARD: "The camera turns to the left and moves forward.",
            }.items()
        ),
    ],
)
def test_a_move_of_the_camera_follows_the_prompt(camera: CameraControl, said: str) -> None:
    assert encoder_prompt(Shot("a lake", 5, camera=camera)) == f"a lake\n{said}"
    assert encoder_prompt(Shot("", 5, camera=camera)) == said


def test_a_camera_that_stands_adds_nothing() -> None:
    assert encoder_prompt(Shot("a lake", 5, camera=CameraControl())) == "a lake"
