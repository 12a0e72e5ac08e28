"""Air over the frames of renderers that have no layers, through the engine."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.frame import Frame
from kirin.domain.motion import (
    AirRequest,
    BodyMotion,
    BodyRequest,
    MatterMotion,
    MatterRequest,
    Particle,
    PictureMotion,
    Span,
    Substance,
)
from kirin.domain.storyboard import Point, Shot, Storyboard, Stroke
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.prompt import reader

WIDTH, HEIGHT = 256, 160

SNOW = PictureMotion(
    matter=(MatterRequest("river", Substance.WATER, MatterMotion.FLOW),),
    air=(AirRequest("snow", Particle.SNOW, span=Span(0.4, 1.0)),),
    body=(BodyRequest("boat", "rocks", BodyMotion.ROCK),),
)

Make = Callable[..., tuple[list[Frame], dict[str, Any]]]


@pytest.fixture
def render(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Renders a shot whose prompt is read as a given motion; ``brush`` paints its middle."""

    def asset(name: str, level: int) -> Asset:
        rng = np.random.default_rng(level)
        pixels = np.clip(rng.normal(level, 12, (HEIGHT, WIDTH, 3)), 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / name)
        return Asset(name, AssetKind.IMAGE, "image/png", 1, WIDTH, HEIGHT)

    def mask() -> Asset:
        pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
        pixels[60:100, 100:150] = 255
        Image.fromarray(pixels).save(tmp_path / "mask.png")
        return Asset("mask.png", AssetKind.IMAGE, "image/png", 1, WIDTH, HEIGHT)

    def make(
        motion: PictureMotion, *, first: bool, last: bool, brush: bool = False
    ) -> tuple[list[Frame], dict[str, Any]]:
        monkeypatch.setattr(reader, "read_motion", lambda *_: motion)
        path = (Point(125 / WIDTH, 80 / HEIGHT), Point(160 / WIDTH, 80 / HEIGHT))
        shot = Shot(
            "static camera",
            2.0,
            first=asset("first.png", 60) if first else None,
            last=asset("last.png", 70) if last else None,
            strokes=(Stroke(mask(), path),) if brush else (),
        )
        board = Storyboard("any", WIDTH, HEIGHT, Fraction(24), (shot,), seed=2)
        clip = AnimaticEngine().render(
            board, lambda found: tmp_path / found.sha256, lambda _: None, lambda: False
        )
        return list(clip.frames), dict(clip.notes)

    return make


@pytest.mark.parametrize(
    ("pictures", "method"),
    [
        ({"first": True, "last": True}, "transition"),
        ({"first": False, "last": True}, "camera move that arrives at the picture"),
        ({"first": True, "last": False, "brush": True}, "motion brush"),
    ],
)
def test_snow_starts_to_fall_in_every_method(
    render: Make, pictures: dict[str, bool], method: str
) -> None:
    plain, before = render(PictureMotion(), **pictures)
    snowy, notes = render(SNOW, **pictures)
    assert before["method"] == notes["method"] == method
    assert before["motion"] == {"understood": [], "missing": []}
    (snow,) = notes["motion"]["understood"]
    assert (snow["word"], snow["kind"], snow["from"]) == ("snow", "air", 0.4)
    missing = [each["word"] for each in notes["motion"]["missing"]]
    assert missing == ["river", "boat rocks"]
    begins = int(0.4 * len(plain))
    for number, (a, b) in enumerate(zip(plain, snowy, strict=True)):
        if number <= begins:
            assert np.array_equal(a, b)
    assert np.abs(snowy[-1].astype(int) - plain[-1]).max() > 20


def test_a_photo_with_layers_draws_its_own_air(render: Make) -> None:
    _, notes = render(SNOW, first=True, last=False)
    assert [each["word"] for each in notes["motion"]["understood"]].count("snow") == 1
