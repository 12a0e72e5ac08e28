"""Written words of a prompt stand on a board, or are told as missing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from kirin.engines.animatic.camera.path import path
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.stage.plan import StagePlan
from kirin.engines.animatic.stage.scene import Scene
from kirin.prompt.reader import read_intent

SIZE, FPS, COUNT = (320, 180), Fraction(24), 24


def plan(prompt: str) -> StagePlan:
    intent = read_intent(prompt, seed=1)
    return StagePlan.of(intent, SIZE, FPS, path(intent.camera, COUNT, FPS, 0.5, 1))


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ('A dog sits in a park beside a sign that says "OPEN"', "OPEN"),
        ('A diner at night with a neon sign reading "EAT HERE"', "EAT HERE"),
        ('公园里，牌子上写着"欢迎"', "欢迎"),
    ],
)
def test_a_board_carries_the_words(prompt: str, words: str) -> None:
    found = plan(prompt)
    assert found.describe()["lettering"]["words"] == words
    assert not [each for each in found.describe()["missing"] if each["kind"] == "lettering"]


def test_it_is_seen_and_hides_nobody() -> None:
    found = plan('A dog sits in a park beside a sign that says "OPEN", static camera')
    box = found.lettering.box(Pose(), SIZE[0] / SIZE[1])
    assert min(box) >= 0
    assert max(box) <= 1
    bare = StagePlan(found.intent, found.ground, found.poses, found.blocking)
    with_board, without = (
        Scene.of_plan(each, found.intent.scene, SIZE, FPS).frame(0)[: SIZE[1]].astype(int)
        for each in (found, bare)
    )
    sign = found.blocking.boxes(0)[1]
    # Above the ground, where the blank sign had a shadow.
    above = slice(0, round(0.6 * SIZE[1]))
    rows, columns = np.nonzero(np.abs(with_board - without)[above] > 12)
    assert len(rows) > 300
    assert min(box[0], sign[0]) * SIZE[0] - 6 <= columns.min()
    assert columns.max() <= max(box[2], sign[2]) * SIZE[0] + 6
    dog = found.blocking.boxes(0)[0]
    assert box[2] <= dog[0] + 0.02 or box[0] >= dog[2] - 0.02


@pytest.mark.parametrize(
    "prompt",
    ['A ship on the open sea with a banner saying "HELLO"', 'A sign reading "♞♞" in a park'],
)
def test_words_that_cannot_stand_are_missing(prompt: str) -> None:
    described = plan(prompt).describe()
    assert "lettering" not in described
    assert [each["kind"] for each in described["missing"]].count("lettering") == 1


def test_a_second_sign_is_missing() -> None:
    described = plan('A street with a sign reading "LEFT" and a sign reading "RIGHT"').describe()
    assert described["lettering"]["words"] == "LEFT"
    assert {"word": "RIGHT", "kind": "lettering"} in described["missing"]
