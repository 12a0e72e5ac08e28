"""What a quote tells of pictures that are here: the metadata's words, for a bounded price."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from skimage import data

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.callbacks import ReadAsset
from kirin.domain.storyboard import Driving, Orientation, Point, Shot, Storyboard, Stroke
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.animatic.foresight import LARGEST, WAITING, ForeseenShot, Foresight
from kirin.media.refusal import MediaRefused
from kirin.prompt.reader import read_intent
from support.waiting import until

PROMPT = "the river flows"
PICTURE = Asset("picture", AssetKind.IMAGE, "image/png", 1, 64, 36)
FOUND = {"understood": [], "missing": [{"word": "river", "kind": "motion"}]}
NEAR = 0.02


def foreseen(first: Asset = PICTURE, seed: int = 0, **others: Any) -> ForeseenShot:
    board = Storyboard("m", 64, 36, Fraction(8), (Shot(PROMPT, 2.0, first),), seed=seed, **others)
    return ForeseenShot(board, 0, read_intent(PROMPT, drawn=False), 1.0, 16)


class Finder:
    """Counts how often somebody looks."""

    def __init__(self, during: Callable[[Callable[[], None]], None] = lambda _: None) -> None:
        self.looks = 0
        self._during = during

    def __call__(self, _: ForeseenShot, __: ReadAsset, check: Callable[[], None]) -> dict[str, Any]:
        self.looks += 1
        self._during(check)
        return FOUND


def here(_: Asset) -> Path:
    return Path("nowhere")


def test_what_was_seen_is_remembered_whatever_the_seed() -> None:
    finder = Finder()
    foresight = Foresight(finder)
    told = foresight.motion(foreseen(seed=1), here)
    assert told == FOUND
    told["missing"].clear()  # the caller's own
    assert foresight.motion(foreseen(seed=2), here) == FOUND
    assert finder.looks == 1
    foresight.motion(foreseen(replace(PICTURE, sha256="another")), here)
    assert finder.looks == 2


@pytest.mark.parametrize(
    "burden",
    [
        foreseen(Asset.announced(AssetKind.IMAGE)),
        foreseen(replace(PICTURE, width=LARGEST // 36 + 1)),
        foreseen(driving=Driving(Asset.announced(AssetKind.VIDEO), Orientation.IMAGE, False)),
        foreseen(
            driving=Driving(
                Asset("v", AssetKind.VIDEO, "video/mp4", 1, 64, 36, 61.0, Fraction(8)),
                Orientation.IMAGE,
                False,
            )
        ),
    ],
    ids=["yet to be fetched", "large", "video yet to be fetched", "long video"],
)
def test_some_media_are_not_looked_at(burden: ForeseenShot) -> None:
    finder = Finder()
    assert Foresight(finder).motion(burden, here) is None
    assert finder.looks == 0


def test_nothing_is_looked_at_for_long() -> None:
    now = iter([0.0, 7.9, 8.1])

    def steps(check: Callable[[], None]) -> None:
        check()
        check()
        raise AssertionError("it went on")

    assert (
        Foresight(Finder(steps), seconds=8.0, now=lambda: next(now)).motion(foreseen(), here)
        is None
    )


@pytest.mark.parametrize("error", [OSError("away"), MediaRefused("broken", "It is broken.")])
def test_what_cannot_be_read_is_found_when_rendered(error: Exception) -> None:
    def fail(_: Callable[[], None]) -> None:
        raise error

    finder = Finder(fail)
    foresight = Foresight(finder)
    assert foresight.motion(foreseen(), here) is None
    assert foresight.motion(foreseen(), here) is None
    assert finder.looks == 2  # a failure may pass: it is not remembered


def test_only_some_wait_for_their_turn() -> None:
    started, go_on = threading.Event(), threading.Event()

    def hold(_: Callable[[], None]) -> None:
        started.set()
        assert go_on.wait(60)

    foresight = Foresight(Finder(hold))
    told: list[dict[str, Any] | None] = []
    shots = [foreseen(replace(PICTURE, sha256=str(number))) for number in range(WAITING)]
    threads = [
        threading.Thread(target=lambda shot=shot: told.append(foresight.motion(shot, here)))
        for shot in shots
    ]
    threads[0].start()
    assert started.wait(60)
    for thread in threads[1:]:
        thread.start()
    until(lambda: not foresight._places._value)  # all others are in the queue
    assert foresight.motion(foreseen(replace(PICTURE, sha256="late")), here) is None
    assert told == []
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert told == [FOUND] * WAITING


@pytest.fixture(scope="module")
def engine() -> AnimaticEngine:
    """One that looks as long as it takes: other tests run beside these."""
    made = AnimaticEngine()
    made._foresight = Foresight(made._look, seconds=100.0)
    return made


def both(
    engine: AnimaticEngine,
    folder: Path,
    shot: Callable[[Asset], Shot],
    rgb: np.ndarray,
    side: int = 960,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Motion as told before and after, with different seeds, as two requests have them."""
    Image.fromarray(rgb).save(folder / "picture.png")
    height, width = rgb.shape[:2]
    first = Asset("picture.png", AssetKind.IMAGE, "image/png", 1, width, height)
    size = (
        round(side * width / max(width, height) / 2) * 2,
        round(side * height / max(width, height) / 2) * 2,
    )
    board = Storyboard("m", *size, Fraction(12), (shot(first),), seed=1)

    def read(asset: Asset) -> Path:
        return folder / asset.sha256

    before = engine.preview(board, read)["motion"]
    clip = engine.render(replace(board, seed=2), read, lambda _: None, lambda: False)
    next(iter(clip.frames))
    return dict(before), dict(clip.notes["motion"])


def assert_same(before: dict[str, Any], after: dict[str, Any]) -> None:
    """The same words, and boxes that are apart by what a smaller picture cannot tell."""
    assert before.keys() == after.keys()
    assert before["missing"] == after["missing"]
    for one, two in zip(before["understood"], after["understood"], strict=True):
        boxes = one.pop("box", None), two.pop("box", None)
        assert one == two
        assert (boxes[0] is None) == (boxes[1] is None)
        if boxes[0] is not None:
            assert np.abs(np.subtract(*boxes)).max() < NEAR


@pytest.mark.slow
@pytest.mark.parametrize(
    ("picture", "prompt", "found"),
    [
        ("coffee", "steam rises from the cup, water flows", ["steam"]),
        (
            "astronaut",
            "she blinks and breathes, snow falls, clouds drift",
            ["eyes", "subject", "snow"],
        ),
        ("rocket", "the rocket lifts off, static camera", ["subject"]),
        ("chelsea", "the cat turns its head, rack focus, the grass sways", []),
    ],
)
def test_a_quote_has_the_words_and_boxes_of_the_metadata(
    engine: AnimaticEngine, tmp_path: Path, picture: str, prompt: str, found: list[str]
) -> None:
    rgb = getattr(data, picture)()
    before, after = both(engine, tmp_path, lambda first: Shot(prompt, 2.0, first), rgb)
    assert [each["what"] for each in after["understood"]] == found
    assert_same(before, after)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("prompt", "found", "missing"),
    [
        ("The rocket lifts off in smoke", ["subject", "smoke"], []),
        # The lamps of the launch pad are on the verge of fire.
        ("Fire burns at the foot of the rocket", [], ["fire"]),
    ],
)
def test_a_large_video_has_the_words_of_its_quote(
    engine: AnimaticEngine, tmp_path: Path, prompt: str, found: list[str], missing: list[str]
) -> None:
    before, after = both(
        engine, tmp_path, lambda first: Shot(prompt, 2.0, first), data.rocket(), 1476
    )
    assert [each["what"] for each in after["understood"]] == found
    assert [each["word"] for each in after["missing"]] == missing
    assert_same(before, after)


@pytest.mark.slow
def test_so_it_has_of_painted_masks(engine: AnimaticEngine, tmp_path: Path) -> None:
    rgb = data.coffee()
    masks = np.zeros((2, *rgb.shape[:2]), np.uint8)
    masks[0, :200], masks[1, 250:330, 100:200] = 255, 255
    for name, mask in zip(("held", "moved"), masks, strict=True):
        Image.fromarray(mask).save(tmp_path / f"{name}.png")

    def asset(first: Asset, name: str) -> Asset:
        return replace(first, sha256=f"{name}.png")

    before, after = both(
        engine,
        tmp_path,
        lambda first: Shot(
            "the water ripples, it snows, the cup spins",
            2.0,
            first,
            still=asset(first, "held"),
            strokes=(Stroke(asset(first, "moved"), (Point(150, 290), Point(250, 290))),),
        ),
        rgb,
    )
    assert [each["kind"] for each in after["understood"]] == ["matter", "air"]
    assert [each["word"] for each in after["missing"]] == ["cup spins"]
    assert_same(before, after)


@pytest.mark.slow
def test_masks_with_which_the_task_would_fail_are_told(
    engine: AnimaticEngine, tmp_path: Path
) -> None:
    Image.fromarray(data.coffee()).save(tmp_path / "picture.png")
    Image.new("L", (600, 400)).save(tmp_path / "empty.png")
    first = Asset("picture.png", AssetKind.IMAGE, "image/png", 1, 600, 400)
    stroke = Stroke(replace(first, sha256="empty.png"), (Point(0, 0), Point(9, 9)))
    shot = Shot("it snows", 2.0, first, strokes=(stroke,))
    board = Storyboard("m", 600, 400, Fraction(12), (shot,))
    told = engine.preview(board, lambda asset: tmp_path / asset.sha256)["motion"]
    (warning,) = told["warnings"]
    assert warning["code"] == "would_fail"
    assert "is empty: paint white" in warning["message"]
    assert [each["what"] for each in told["understood"]] == ["snow"]
