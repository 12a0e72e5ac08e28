"""Requests as the clients of fal make them, on the tasks that there are."""

from __future__ import annotations

from typing import Any

import httpx

from support.api import Api

T2V = "fal-ai/kling-video/v3/standard/text-to-video"
APP = "/fal/fal-ai/kling-video"


def submit(api: Api, endpoint: str = T2V, **body: Any) -> httpx.Response:
    return api.http.post(f"/fal/{endpoint}", json={"prompt": "a tiny lake", **body})


def made(api: Api, endpoint: str = T2V, **body: Any) -> dict[str, Any]:
    answer = submit(api, endpoint, **body)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def test_a_request_from_its_order_to_its_end(api: Api) -> None:
    first = made(api)
    id = first["request_id"]
    address = f"http://testserver{APP}/requests/{id}"
    assert first == {
        "request_id": id,
        "status": "IN_QUEUE",
        "queue_position": 0,
        "response_url": address,
        "status_url": f"{address}/status",
        "cancel_url": f"{address}/cancel",
        "logs": None,
        "metrics": {},
    }
    early = api.http.get(first["response_url"])
    assert (early.status_code, early.json()["detail"]) == (400, "Request is still in progress")
    api.run(id)
    last = api.http.get(first["status_url"]).json()
    assert last["status"] == "COMPLETED"
    assert last["metrics"]["inference_time"] >= 0
    for url in (first["response_url"], f"{address}/response"):
        result = api.http.get(url)
        assert result.headers["X-Fal-Request-Id"] == id
        video = result.json()["video"]
        assert (video["content_type"], video["width"], video["height"]) == ("video/mp4", 1280, 720)
        file = api.stranger.get(video["url"])
        assert len(file.content) == video["file_size"]
    assert result.json()["seed"] == api.row(id).seed
