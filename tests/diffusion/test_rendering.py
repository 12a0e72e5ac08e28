"""The engine behind the router, as a task's attempt asks it."""

from __future__ import annotations

from fractions import Fraction

import pytest

torch = pytest.importorskip("torch", reason="torch and diffusers are missing: make test-diffusion")
pytest.importorskip("diffusers", reason="diffusers is missing: make test-diffusion")

from kirin.engines.diffusion import video_generator
from kirin.engines.rendering import render
from kirin.engines.router import Router
from kirin.engines.scripted import ScriptedEngine
from kirin.errors import NoEngine
from kirin.media.decode import facts
from support.render_contexts import FakeAttempt
from support.studio import Studio, board

MODEL = "wan2.2-ti2v-5b"


def test_a_video_and_its_marked_copy_are_made(studio: Studio) -> None:
    attempt = FakeAttempt(studio.folder)
    marked = studio.folder / "marked.mp4"
    story = board(seconds=0.5, width=128, height=64, fps=Fraction(30))
    made = render(
        Router([studio.engine(MODEL), ScriptedEngine()]), story, attempt.context(), marked
    )
    assert made.engine == "diffusion"
    assert made.notes["open_model"] == MODEL
    for path in (made.path, marked):
        found = facts(path)
        assert (found.width, found.height, found.frame_count, found.fps) == (128, 64, 15, 30)
    assert attempt.reported == sorted(attempt.reported)


def test_what_it_cannot_do_goes_to_the_next(studio: Studio) -> None:
    router = Router([studio.engine(MODEL), ScriptedEngine()])
    made = render(router, board(sound=True), FakeAttempt(studio.folder).context(), None)
    assert made.engine == "scripted"


def test_out_of_memory_fails_the_video_and_nothing_else(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    router = Router([studio.engine(MODEL), ScriptedEngine()])

    def failing(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    with monkeypatch.context() as patched:
        patched.setattr(video_generator, "call", failing)
        with pytest.raises(NoEngine, match="ran out of GPU memory"):
            render(router, board(), FakeAttempt(studio.folder).context(), None)
    assert render(router, board(), FakeAttempt(studio.folder).context(), None).engine == "diffusion"
