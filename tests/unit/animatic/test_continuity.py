"""That shots keep their picture and their place until a prompt names another."""

from dataclasses import replace
from fractions import Fraction
from typing import ClassVar

import cv2
import numpy as np
import pytest
from PIL import Image

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.cast import ShotSize
from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.continuity import carry_over
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.animatic.intents import read_intents
from kirin.engines.animatic.photo.reframing import reframed
from kirin.media.decode import frames
from kirin.media.encode import encode
from kirin.vision.matting.segmenter import SubjectMask


def picture(name):
    return Asset(name, AssetKind.IMAGE, "image/png", 1, 320, 180)


FIRST, TAIL = picture("first"), picture("tail")


def board(*shots, **changes):
    return replace(Storyboard("m", 320, 180, Fraction(8), shots, seed=3), **changes)


def pictures(*shots):
    """The first picture of each shot."""
    return [shot.first for shot in carry_over(board(*shots)).storyboard.shots]


@pytest.mark.parametrize(
    ("prompts", "carried"),
    [
        (["a house from afar", "close-up of the door"], [FIRST, FIRST]),
        (["a woman smiles", "she turns round", "she laughs"], [FIRST, FIRST, FIRST]),
        (["a woman smiles", "waves on a beach", "she laughs"], [FIRST, None, None]),
        (["a beach", "the beach at night", "a desert"], [FIRST, FIRST, None]),
        (["a beach", "a desert", "back on the beach"], [FIRST, None, FIRST]),
        (["一位女士微笑", "镜头推近她的脸"], [FIRST, FIRST]),
        (["一位女士微笑", "沙漠中的日落"], [FIRST, None]),
        (["a woman smiles", "<<<sea>>> waves"], [FIRST, FIRST]),
    ],
)
def test_a_picture_is_kept_until_another_place_is_named(prompts, carried):
    first, *others = prompts
    shots = [Shot(first, 1, first=FIRST), *(Shot(prompt, 1) for prompt in others)]
    assert pictures(*shots) == carried


def test_a_picture_that_comes_last_is_where_all_play():
    shots = Shot("a door", 1), Shot("a forest", 1), Shot("the house", 1, last=TAIL)
    assert pictures(*shots) == [TAIL, None, None]


def test_pictures_of_its_own_are_left_alone():
    shots = Shot("a door", 1, first=FIRST), Shot("a hand", 1), Shot("it opens", 1, last=TAIL)
    made = carry_over(board(*shots))
    assert [(each.first, each.last) for each in made.storyboard.shots] == [
        (FIRST, None),
        (FIRST, None),
        (None, TAIL),
    ]
    assert made.carried == (None, 0, None)
    one = board(Shot("a door", 1, first=FIRST))
    assert carry_over(one).storyboard is one


def test_every_shot_that_goes_on_is_framed_anew():
    shots = [Shot("a woman", 1, first=FIRST), *(Shot("she laughs", 1) for _ in range(3))]
    made = carry_over(board(*shots))
    shares = [made.share(index, None) for index in range(4)]
    assert shares[0] == 1
    assert len(set(shares)) == 4
    assert made.share(1, ShotSize.CLOSE_UP) < made.share(1, ShotSize.FULL) < 1
    assert made.share(0, ShotSize.CLOSE_UP) == 1  # the camera does that


def test_a_drawn_place_is_kept_with_what_the_next_prompt_changes():
    shots = Shot("a lighthouse by the sea, noon", 1), Shot("slow push in", 1), Shot("at night", 1)
    continuity = carry_over(board(*shots, Shot("a desert", 1)))
    one, two, three, four = (each.scene for each in read_intents(continuity, synthesised=False))
    assert two == one
    assert (three.terrain, three.variety, three.time.value) == (one.terrain, one.variety, "night")
    assert {extra.value for extra in three.extras} >= {"lighthouse", "stars"}
    assert four.terrain.value == "desert"
    assert four.variety != one.variety
    assert continuity.kept == (False, True, True, False)


def test_the_sound_of_a_place_goes_on_and_that_of_an_event_does_not():
    shots = (
        Shot("heavy rain on a beach, a dog barks", 1, first=FIRST),
        Shot("close-up of her eyes", 1),
        Shot("she walks, no rain", 1),
        Shot("a library", 1),
    )
    intents = read_intents(carry_over(board(*shots)), synthesised=True)
    one, two, three, four = ([each.kind.value for each in it.sounds] for it in intents)
    assert one == ["rain", "waves", "dog"]
    assert two == ["rain", "waves"]
    assert intents[1].sounds[0] == intents[0].sounds[0]  # as heavy as before
    assert three == ["footsteps", "waves"]
    assert "room" in four


class Nothing:
    """Stands in for the segmenter, and finds no subject."""

    def find(self, rgb):
        return SubjectMask(np.zeros(rgb.shape[:2], np.uint8), 0.0, 1.0)

    def saliency(self, _rgb):
        return np.zeros((320, 320), np.float32)

    def completed(self, _rgb, salient):
        return salient


class Box:
    """Finds a subject in the lower right."""

    def find(self, rgb):
        rows, columns = rgb.shape[:2]
        alpha = np.zeros((rows, columns), np.uint8)
        alpha[rows * 6 // 10 : rows * 9 // 10, columns * 7 // 10 : columns * 9 // 10] = 255
        return SubjectMask(alpha, 0.06, 0.01)


@pytest.mark.parametrize("share", [0.5, 0.72, 0.9])
@pytest.mark.parametrize("aspect", [16 / 9, 1.0, 9 / 16])
def test_another_framing_holds_the_subject(share, aspect):
    y, x = np.mgrid[0:180, 0:320]
    rgb = np.stack([x * 255 // 320, y * 255 // 180, 0 * x], 2).astype(np.uint8)
    part = reframed(rgb, aspect, share, Box(), 0)
    assert part.shape[1] / part.shape[0] == pytest.approx(aspect, rel=0.02)
    assert part.shape[1] == pytest.approx(share * min(320, 180 * aspect), abs=1)
    left, right = part[0, 0, 0] / 255, part[0, -1, 0] / 255
    assert left < 0.8 < right  # its middle
    assert right > 0.89 or right - left < 0.4
    assert (left + right) / 2 > 0.5


def test_without_a_subject_framings_take_turns():
    rgb = np.repeat(np.arange(240, dtype=np.uint8)[None, :, None], 3, 2).repeat(100, 0)
    left, right = (reframed(rgb, 2.0, 0.5, Nothing(), turn) for turn in (0, 1))
    assert left.mean() < rgb.mean() < right.mean()


class Models:
    """Stands in for the networks."""

    segmenter = Nothing()
    depth = fill = None
    in_use: ClassVar = {}


def likeness(shown, whole):
    """How well a frame is found in a picture, over a range of scales: 1 is perfectly."""
    best = -1.0
    for scale in np.linspace(0.4, 1.0, 31):
        size = round(320 * scale), round(180 * scale)
        small = cv2.resize(shown, size, interpolation=cv2.INTER_AREA)
        best = max(best, float(cv2.matchTemplate(whole, small, cv2.TM_CCOEFF_NORMED).max()))
    return best


@pytest.mark.slow
def test_the_picture_is_on_the_screen_in_every_shot_that_keeps_it(tmp_path):
    noise = np.random.default_rng(4).standard_normal((180, 320, 3)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 7)
    whole = np.clip(128 + 60 * soft / soft.std(), 0, 255).astype(np.uint8)
    Image.fromarray(whole).save(tmp_path / "first", format="PNG")
    shots = (
        Shot("a pattern, static camera", 0.5, first=FIRST),
        Shot("its detail, static camera", 0.5),
        Shot("a desert, static camera", 0.5),
    )
    clip = AnimaticEngine(Models()).render(
        board(*shots), lambda asset: tmp_path / asset.sha256, lambda _: None, lambda: False
    )
    path = tmp_path / "v.mp4"
    encode(clip.frames, path, width=320, height=180, fps=clip.fps)
    shown = [np.asarray(each) for each in frames(path)]
    assert len(shown) == 12
    one, two, three = (likeness(shown[index], whole) for index in (1, 5, 9))
    assert one > 0.95
    assert two > 0.9
    assert three < 0.6
    assert np.abs(shown[1].astype(int) - shown[5]).mean() > 20  # another framing
    told = clip.notes["shots"]
    assert [shot.get("picture") for shot in told] == [None, "carried over", None]
    assert told[2]["method"] == "procedural scene"
