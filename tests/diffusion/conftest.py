"""An engine with tiny models, where torch is installed."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from kirin.engines.diffusion.engine import DiffusionEngine
    from support.premiere import Premiere
    from support.studio import Call, Studio


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """Every call of a pipeline, in order."""
    from kirin.engines.diffusion import video_generator
    from support.studio import Call

    found: list[Call] = []
    usual = video_generator.call

    def call(pipe: Any, **arguments: Any) -> Any:
        found.append(Call(pipe, arguments, usual(pipe, **arguments)))
        return found[-1].result

    monkeypatch.setattr(video_generator, "call", call)
    return found


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Tiny matrices are faster so, and other work on the machine cannot slow them down.

    What torch and diffusers are made of is kept out of garbage collections, of which there is one
    for each model that is loaded.
    """
    if not find_spec("diffusers"):
        return
    import torch

    from support import tiny

    assert tiny.PIPELINES  # with all their classes, which diffusers imports when they are named
    torch.set_num_threads(1)
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _followed_once() -> Iterator[None]:
    """A driver whom one test has followed is known to the others: it takes a second each."""
    from kirin.engines.diffusion.driving import guide

    known: dict[bytes, Any] = {}
    usual = guide.track_video

    def track_video(video: Path, *others: Any) -> Any:
        content = video.read_bytes()
        if content not in known:
            known[content] = usual(video, *others)
        return known[content]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guide, "track_video", track_video)
        yield


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache, shared: saving a model takes as long as rendering with it."""
    return tmp_path_factory.mktemp("hub")


@pytest.fixture(scope="session")
def engines() -> dict[str, DiffusionEngine]:
    """Engines that tests share, by their one model: loading takes longer than rendering."""
    return {}


@pytest.fixture
def studio(hub: Path, tmp_path: Path, engines: dict[str, DiffusionEngine]) -> Studio:
    from kirin.engines.diffusion.weight_store import WeightStore
    from support.studio import Studio

    return Studio(tmp_path, WeightStore(hub, is_default=False), engines)


@pytest.fixture(scope="session")
def premiere(hub: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premiere]:
    """A whole server that works on a request for each open model."""
    from support.premiere import premiere

    with premiere(hub, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def _early(request: pytest.FixtureRequest) -> None:
    """The server begins before the first test if one will ask for it."""
    wanted = any("premiere" in getattr(item, "fixturenames", ()) for item in request.session.items)
    if wanted and find_spec("diffusers"):
        request.getfixturevalue("premiere")
