"""That what falls through a drawn scene is seen in a style that smooths small things away."""

from fractions import Fraction
from itertools import islice

import numpy as np
import pytest

from kirin.domain.storyboard import Shot, Storyboard
from kirin.engines.animatic.engine import AnimaticEngine
from kirin.engines.animatic.look.air import lay_air
from kirin.engines.animatic.look.styles import Look
from kirin.engines.animatic.scene.snow import Snow
from kirin.vision.planes import Planes

WIDTH, HEIGHT, NUMBER = 320, 192, 30


def luma(prompt):
    """Of one frame, which comes late enough for what starts to fall."""
    board = Storyboard("kirin_v1_t2v", WIDTH, HEIGHT, Fraction(24), (Shot(prompt, 1.5),), seed=3)
    clip = AnimaticEngine().render(board, lambda _: None, lambda _: None, lambda: False)
    return Planes.of_frame(next(islice(clip.frames, NUMBER, None))).y.astype(int)


@pytest.mark.parametrize("prompt", ["It snows in a forest", "A forest by day, it starts to snow"])
@pytest.mark.parametrize("style", ["oil painting", "watercolour"])
def test_snow_is_seen_in_a_drawn_scene(monkeypatch, prompt, style):
    asked = f"{prompt}, static camera, {style}"  # every word changes what a drawn place looks like
    styled = luma(asked)
    with monkeypatch.context() as patch:
        patch.setattr(Look, "apply", lambda _, frame, *__: frame)
        snowy = luma(asked)
        patch.setattr(Snow, "draw", lambda *_: None)
        bare = luma(asked)
    monkeypatch.setattr(Snow, "draw", lambda *_: None)
    empty = luma(asked)
    flakes = (snowy - bare > 25) & (empty < 170)
    assert flakes.sum() > 30
    assert np.median((styled - empty)[flakes]) > 20


@pytest.mark.parametrize(("light", "least"), [(120, 30), (36, 70)])
def test_air_stands_out_more_in_the_dark(light, least):
    clear = np.full((96, 64), light, np.uint8)
    clear[64:] = 128
    frame = clear.copy()
    frame[10:14, 10:14] += 30
    painted = clear.copy()
    lay_air(painted, frame, clear, coloured=True)
    change = painted.astype(int) - clear
    assert change[11, 11] >= least
    assert np.count_nonzero(change) == 16
