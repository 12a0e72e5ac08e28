"""The SDK of OpenAI for JavaScript, unpatched, against a server of ours."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kirin.media.decode import facts
from support.cards import T2V
from support.javascript import run_script
from support.loopback import FileHost
from support.pictures import inline
from support.servers import Running


@pytest.fixture(scope="module")
def told(running: Running) -> Mapping[str, Any]:
    """What the script found."""
    picture = inline(720, 1280)
    secret = running.kirin.webhook_secret().secret
    with FileHost() as files:
        return run_script(
            "openai.mjs",
            base_url=f"{running.server.base_url}/v1",
            api_key=running.server.api_key,
            picture=picture,
            picture_url=files.add("first.png", b64decode(picture)),
            webhook_secret=secret,
        )


def test_it_creates_from_words_polls_and_downloads(told: Mapping[str, Any], tmp_path: Path) -> None:
    assert told["created"] == ["video", "queued"]
    video = told["video"]
    assert (video["status"], video["progress"], video["error"]) == ("completed", 100, None)
    assert (video["model"], video["seconds"], video["size"]) == ("kirin_v3_t2v", "4", "1280x720")
    path = tmp_path / "video.mp4"
    path.write_bytes(b64decode(told["content"]))
    assert facts(path).frame_count == 96
    assert told["thumbnail"] == "WEBP"


def test_it_creates_from_pictures(told: Mapping[str, Any]) -> None:
    drawn = {"status": "completed", "model": "kirin_v3_i2v"}
    assert (told["from_file"], told["from_address"]) == (drawn, drawn)


def test_it_verifies_a_webhook(told: Mapping[str, Any]) -> None:
    event = told["hook"]["event"]
    assert (event["object"], event["type"]) == ("event", "video.completed")
    assert event["data"] == {"id": told["video"]["id"]}
    assert told["hook"]["changed"] == "InvalidWebhookSignatureError"


def test_it_lists_page_after_page(told: Mapping[str, Any]) -> None:
    assert told["page"] == {"ids": told["made"][:0:-1], "more": True}
    assert [id for id in told["listed"] if id in told["made"]] == told["made"]


def test_it_remixes_and_deletes(told: Mapping[str, Any]) -> None:
    from_video = {"from": told["video"]["id"], "prompt": "a tiny sea", "status": "completed"}
    assert told["remix"] == from_video
    assert (told["deleted"]["object"], told["deleted"]["deleted"]) == ("video.deleted", True)
    assert told["gone"]["name"] == "NotFoundError"


def test_it_tells_refusals_apart(told: Mapping[str, Any]) -> None:
    kinds = {
        "refused": ("BadRequestError", "not_an_option", "size"),
        "unknown": ("NotFoundError", "model_not_found", "model"),
        "strange": ("NotFoundError", "not_found", None),
        "stranger": ("AuthenticationError", "invalid_api_key", None),
        "changed": ("ConflictError", "idempotency_key_used", None),
    }
    found = {n: (told[n]["name"], told[n]["code"], told[n]["param"]) for n in kinds}
    assert found == kinds
    assert told["refused"]["id"]
    assert told["failed"]["error"]["code"] == "002004095"


def test_a_repeated_request_makes_no_second_video(told: Mapping[str, Any]) -> None:
    assert told["repeated"]


def test_it_lists_models(told: Mapping[str, Any]) -> None:
    assert {"sora-2", "sora-2-pro", T2V} <= {*told["models"]}
