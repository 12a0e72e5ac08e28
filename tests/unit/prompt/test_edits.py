"""What a prompt asks to be done to a given video."""

from __future__ import annotations

import pytest

from kirin.prompt.edits import THROUGHOUT, read_edit


@pytest.mark.parametrize(
    ("prompt", "light", "air", "refused"),
    [
        ("it starts to snow", [], ["snow"], []),
        ("at night", ["night"], [], []),
        ("Make it night and remove the car", ["night"], [], ["remove the car"]),
        ("replace the sunny day with a foggy dusk", ["dusk"], ["fog"], []),
        ("Replace the background with a beach", [], [], ["replace the background with a beach"]),
        ("Change the weather in <<<video_1>>> to heavy rain", [], ["rain"], []),
        ("make <<<video_1>>> brighter", ["brighten"], [], []),
        ("warmer light", ["warm"], [], []),
        ("fog rolls in at dawn", ["dawn"], ["fog"], []),
        ("no snow, make it night", ["night"], [], []),
        ("把<<<video_1>>>变成夜晚", ["night"], [], []),
        ("把天气改成下雨", [], ["rain"], []),
        ("删除<<<video_1>>>中的汽车", [], [], ["删除 video_1 中的汽车"]),
    ],
)
def test_edits(prompt: str, light: list[str], air: list[str], refused: list[str]) -> None:
    edit = read_edit(prompt)
    assert [each.becomes.value for each in edit.intent.motion.light] == light
    assert [each.particle.value for each in edit.intent.motion.air] == air
    assert list(edit.refused) == refused


def test_what_is_said_to_be_so_is_so_from_the_first_frame_on() -> None:
    for prompt in ("at night", "make it night", "turn day into night"):
        (light,) = read_edit(prompt).intent.motion.light
        assert light.span == THROUGHOUT
    (light,) = read_edit("night falls").intent.motion.light
    assert light.span.start >= 0


def test_who_is_called_by_a_refused_wish_alone_is_withheld() -> None:
    edit = read_edit("Add <<<image_1>>> and remove <<<image_2>>>")
    assert edit.withheld == {"image_2"}
    both = read_edit("Add <<<image_1>>>. Replace the face with <<<image_1>>>")
    assert both.withheld == frozenset()
    assert both.refused == ("replace the face with image_1",)
