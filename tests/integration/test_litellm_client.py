"""LiteLLM, unpatched, against a server of ours: it speaks the dialect of OpenAI."""

from __future__ import annotations

import warnings
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from kirin.media.decode import facts
from support.cards import T2V
from support.pictures import inline
from support.servers import Running
from support.waiting import until

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Items? .* TypedDict class:UserWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def litellm() -> Any:
    with pytest.MonkeyPatch.context() as environment, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of other people's modules
        environment.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # else it looks for news of it
        return pytest.importorskip("litellm", reason="needs: pip install litellm")


@pytest.fixture
def at(running: Running) -> dict[str, str]:
    """Where the server is, and with which key."""
    return {"api_base": f"{running.server.base_url}/v1", "api_key": running.server.api_key}


def decoded(id: str) -> str:
    """The id of the server: LiteLLM wraps it up with the name of the provider."""
    return b64decode(id.removeprefix("video_")).decode().rpartition("video_id:")[2]


def finished(litellm: Any, at: dict[str, str], id: str) -> Any:
    def done() -> Any:
        video = litellm.video_status(video_id=id, custom_llm_provider="openai", **at)
        return video if video.status in ("completed", "failed") else None

    return until(done, 120)


def test_it_creates_from_words_polls_and_downloads(
    litellm: Any, at: dict[str, str], tmp_path: Path
) -> None:
    video = litellm.video_generation(
        model="openai/sora-2", prompt="a tiny lake", seconds="4", size="1280x720", **at
    )
    assert video.status == "queued"
    last = finished(litellm, at, video.id)
    assert (last.status, last.seconds, last.size) == ("completed", "4", "1280x720")
    path = tmp_path / "video.mp4"
    path.write_bytes(litellm.video_content(video_id=video.id, custom_llm_provider="openai", **at))
    assert facts(path).frame_count == 96


def test_it_creates_from_a_picture(
    running: Running, litellm: Any, at: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "first.png"
    path.write_bytes(b64decode(inline(720, 1280)))
    with path.open("rb") as file:
        video = litellm.video_generation(
            model="openai/sora-2", prompt="a tiny lake", input_reference=file, **at
        )
    last = finished(litellm, at, video.id)
    assert (last.status, last.size) == ("completed", "720x1280")


def test_it_lists_and_remixes(litellm: Any, at: dict[str, str]) -> None:
    first = litellm.video_generation(model=f"openai/{T2V}", prompt="a tiny lake", **at)
    second = litellm.video_generation(model=f"openai/{T2V}", prompt="a tiny lake", **at)
    page = litellm.video_list(custom_llm_provider="openai", limit=1, **at)
    next_page = litellm.video_list(
        custom_llm_provider="openai", limit=1, after=page["last_id"], **at
    )
    found = [each["id"] for each in (*page["data"], *next_page["data"])]
    assert [decoded(id) for id in found] == [decoded(second.id), decoded(first.id)]
    remix = litellm.video_remix(
        video_id=first.id, prompt="a tiny sea", custom_llm_provider="openai", **at
    )
    assert remix.remixed_from_video_id == decoded(first.id)
    assert finished(litellm, at, remix.id).status == "completed"


def test_it_tells_refusals_apart(litellm: Any, at: dict[str, str]) -> None:
    with pytest.raises(litellm.BadRequestError, match="1024x1792"):
        litellm.video_generation(model="openai/sora-2", prompt="a lake", size="1024x1792", **at)
    with pytest.raises(litellm.AuthenticationError):
        litellm.video_generation(
            model="openai/sora-2", prompt="a lake", **{**at, "api_key": "nobody"}
        )
    with pytest.raises(litellm.NotFoundError):
        litellm.video_generation(model="openai/gpt-9", prompt="a lake", **at)
