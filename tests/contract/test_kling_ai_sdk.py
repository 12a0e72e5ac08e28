"""What `@ai-sdk/klingai` sends, and what it reads: written from its source, since the package
itself is not in every registry (vercel/ai, packages/klingai, as of November 2026)."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from kirin.accounts import administration
from kirin.accounts.audit import Actor
from kirin.app import App
from kirin.clock import now_ms
from kirin.settings import Settings
from support.api import Api, InProcess
from support.loopback import FileHost
from support.pictures import inline
from support.videos import video

PATHS = {
    "t2v": "/v1/videos/text2video",
    "i2v": "/v1/videos/image2video",
    "mi2v": "/v1/videos/multi-image2video",
    "motion-control": "/v1/videos/motion-control",
}
PROMPT = "A character performs a graceful dance"
PICTURE = inline(400, 300)
MASK = {"mask": PICTURE, "trajectories": [{"x": 10, "y": 20}, {"x": 30, "y": 40}]}


@pytest.fixture(scope="module")
def _app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, InProcess]]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("sdk"),
        engines="scripted",
        allow_hosts="127.0.0.1",
        token_secret=SecretStr("a secret of the operator's own, long enough"),
    )
    app = App.open(settings)
    transport = InProcess(app.http())
    yield app, transport
    transport.end()
    app.close()


@pytest.fixture
def api(_app: tuple[App, InProcess]) -> Api:
    return Api(*_app)


@pytest.fixture
def sdk(api: Api) -> httpx.Client:
    """Signs each request anew, as the SDK does: its JSON has no blanks."""
    sealer = api.app.sealer()
    with api.app.database.write() as connection:
        owner = administration.account(connection, api.account)
        key, secret = administration.create_key(
            connection, Actor("test"), owner, "sdk", now_ms(), sealer=sealer
        )

    def base64url(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    def sign(request: httpx.Request) -> httpx.Request:
        now = int(time.time())
        parts = [{"alg": "HS256", "typ": "JWT"}, {"iss": key.id, "exp": now + 1800, "nbf": now - 5}]
        text = ".".join(
            base64url(json.dumps(part, separators=(",", ":")).encode()) for part in parts
        )
        signature = base64url(hmac.digest(secret.encode(), text.encode(), "sha256"))
        request.headers["Authorization"] = f"Bearer {text}.{signature}"
        request.headers["User-Agent"] = "ai-sdk/klingai/4.0.0"
        return request

    client = api.client({})
    client.auth = sign
    return client


def check_created(body: Mapping[str, Any]) -> str:
    """Read an answer as the SDK's schema does."""
    assert type(body["code"]) is int
    assert isinstance(body["message"], str)
    assert isinstance(body["request_id"], str)
    data = body["data"]
    assert isinstance(data["task_status"], str)
    assert isinstance(data["task_info"].get("external_task_id"), str | None)
    assert type(data["created_at"]) is type(data["updated_at"]) is int
    assert isinstance(data["task_id"], str)
    return str(data["task_id"])


@pytest.mark.parametrize(
    ("mode", "body"),
    [
        ("t2v", {"model_name": "kling-v2-6", "prompt": PROMPT, "mode": "std"}),
        ("t2v", {"model_name": "kling-v2-1-master", "prompt": PROMPT}),
        ("t2v", {"model_name": "kling-v2-6", "prompt": PROMPT, "negative_prompt": "blurry",
                 "sound": "on", "mode": "pro", "aspect_ratio": "16:9", "duration": "10"}),
        ("t2v", {"model_name": "kling-v1", "prompt": PROMPT, "cfg_scale": 0.7, "mode": "std",
                 "camera_control": {"type": "simple", "config": {"zoom": 5}}}),
        ("t2v", {"model_name": "kling-v3", "prompt": "", "multi_shot": True, "mode": "std",
                 "shot_type": "customize", "duration": "10", "aspect_ratio": "9:16",
                 "multi_prompt": [{"index": 1, "prompt": "A sunrise", "duration": "4"},
                                  {"index": 2, "prompt": "A sunset", "duration": "6"}]}),
        ("t2v", {"model_name": "kling-v2-6", "prompt": PROMPT,
                 "watermark_info": {"enabled": True}}),
        ("i2v", {"model_name": "kling-v2-6", "prompt": PROMPT, "image": PICTURE, "mode": "std"}),
        ("i2v", {"model_name": "kling-v2-5-turbo", "prompt": PROMPT, "image": PICTURE,
                 "image_tail": PICTURE, "mode": "pro", "duration": "5"}),
        ("i2v", {"model_name": "kling-v1", "prompt": PROMPT, "image": PICTURE, "mode": "std",
                 "static_mask": PICTURE, "dynamic_masks": [MASK], "duration": "5"}),
        ("i2v", {"model_name": "kling-v3", "prompt": PROMPT, "image": PICTURE, "mode": "pro",
                 "sound": "off", "duration": "7"}),
        ("mi2v", {"model_name": "kling-v1-6", "image_list": [{"image": PICTURE}] * 2,
                  "prompt": PROMPT, "negative_prompt": "blurry", "mode": "std",
                  "aspect_ratio": "1:1", "duration": "5"}),
    ],
)  # fmt: skip
def test_a_request_of_each_kind(
    api: Api, sdk: httpx.Client, mode: str, body: dict[str, Any]
) -> None:
    answer = sdk.post(PATHS[mode], json=body)
    assert answer.status_code == 200, answer.text
    id = check_created(answer.json())
    api.run(id)
    read = sdk.get(f"{PATHS[mode]}/{id}").json()
    assert check_created(read) == id
    assert read["data"]["task_status"] == "succeed"
    assert isinstance(read["data"]["task_status_msg"], str)
    assert isinstance(read["data"]["final_unit_deduction"], str)
    (shown,) = read["data"]["task_result"]["videos"]
    assert all(isinstance(shown[name], str) for name in ("id", "url", "duration"))
    assert ("watermark_url" in shown) == ("watermark_info" in body)


def test_motion_control(api: Api, sdk: httpx.Client, files: FileHost) -> None:
    body = {
        "model_name": "kling-v3",  # of kling-v3.0-motion-control
        "video_url": files.add("dance.mp4", video(seconds=3, size=(400, 400))),
        "character_orientation": "image",
        "mode": "std",
        "prompt": PROMPT,
        "image_url": PICTURE,
        "keep_original_sound": "no",
    }
    id = check_created(sdk.post(PATHS["motion-control"], json=body).json())
    api.run(id)
    assert sdk.get(f"{PATHS['motion-control']}/{id}").json()["data"]["task_status"] == "succeed"


@pytest.mark.parametrize(
    ("mode", "body", "status", "words"),
    [
        ("motion-control", {"model_name": "kling-v2-6", "mode": "std"}, 404, "kling-v2-6"),
        ("i2v", {"model_name": "kling-v2-6", "image": PICTURE,
                 "voice_list": [{"voice_id": "1"}]}, 400, "voice_list"),
        ("t2v", {"model_name": "kling-v2-6", "prompt": PROMPT, "cfg_scale": 0.7}, 400, "cfg_scale"),
        ("t2v", {"model_name": "kling-v3", "prompt": PROMPT, "seed": 7}, 400, "seed"),
    ],
)  # fmt: skip
def test_refusals_are_read_from_the_message(
    sdk: httpx.Client, mode: str, body: dict[str, Any], status: int, words: str
) -> None:
    answer = sdk.post(PATHS[mode], json=body)
    assert answer.status_code == status
    told = answer.json()
    assert type(told["code"]) is int
    assert words in told["message"]
