"""Open models behind the whole server: requests by HTTP, a worker process, files that come back."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("diffusers", reason="torch and diffusers are missing: make test-diffusion")

from kirin.client import KirinApiError, TaskFailed
from kirin.engines.diffusion.registry import built_in
from kirin.media.decode import facts
from support.premiere import CASES, FIRST, I2V, MOTION, PATIENCE, T2V, V3, Case
from support.small import SLOW
from support.studio import pixels

if TYPE_CHECKING:
    from support.premiere import Premiere


FOLLOWED = {
    "image_url": FIRST,
    "video_url": "https://example.com/dance.mp4",
    "character_orientation": "image",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.open_model)
def test_a_request_becomes_a_file(premiere: Premiere, case: Case) -> None:
    made = premiere.films[case.open_model].result(PATIENCE * len(CASES))
    assert made.told == sorted(made.told)
    assert any(0 < share < 1 for share in made.told)
    notes = made.task["metadata"]
    assert (notes["engine"], notes["open_model"]) == ("diffusion", case.open_model)
    assert notes["placement"] == "resident"
    found = facts(made.path)
    assert (found.width, found.height) == case.size
    assert found.fps == Fraction(case.fps)
    assert found.frame_count == case.fps * case.seconds
    assert found.seconds == case.seconds
    assert found.has_audio is case.sound
    assert pixels(made.path, every=8).std() > 0.5


def test_every_model_is_among_them() -> None:
    others = {SLOW, "wan2.1-vace-1.3b"}  # the cancelled one, and one that a larger twin precedes
    assert {case.open_model for case in CASES} | others == {model.id for model in built_in()}


def test_cancelling_frees_the_worker_at_once(premiere: Premiere) -> None:
    kirin = premiere.kirin
    slow = kirin.create(T2V, {"prompt": "a lake", "duration": "10"})["id"]
    waiting = kirin.create(I2V, {"image": FIRST})["id"]
    while kirin.task(slow)["progress"] == 0:
        time.sleep(0.05)
    assert kirin.task(waiting)["metadata"].get("stage") == "queued"
    kirin.cancel(slow)
    begun = time.monotonic()
    while kirin.task(waiting)["metadata"].get("stage") == "queued":
        time.sleep(0.02)
    assert time.monotonic() - begun < 2
    with pytest.raises(TaskFailed):
        kirin.wait(slow, timeout=5)
    kirin.cancel(waiting)


@pytest.mark.parametrize(
    ("kind", "params", "name", "words"),
    [
        (T2V, {"prompt": "a lake", "mode": "pro"}, "mode", "supports up to 0.92 megapixels"),
        (T2V, {"prompt": "x" * 1100}, "prompt", "tokens, not 1101"),
        (V3, {"image": FIRST, "prompt": "a", "sound": "on", "mode": "pro"}, "mode", "megapixels"),
        (MOTION, {**FOLLOWED, "mode": "pro"}, "mode", "megapixels"),
    ],
)
def test_a_refusal_names_the_parameter(
    premiere: Premiere, kind: str, params: dict[str, Any], name: str, words: str
) -> None:
    with pytest.raises(KirinApiError) as refused:
        premiere.kirin.create(kind, params)
    assert refused.value.status == 400
    (problem,) = refused.value.problems
    assert problem["param"] == name
    assert words in problem["message"]
