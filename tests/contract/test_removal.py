"""What a task was asked for, and the removal of tasks that have ended."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from kirin.clock import now_ms
from kirin.database.tables import tasks
from kirin.tasks import forecast
from support.api import TASK, Api
from support.cards import ELEMENTS, I2V, MOTION, MULTI, T2V, V3
from support.pictures import inline
from support.videos import video

EVERY = [
    (T2V, {"prompt": "a lake", "duration": "10", "mode": "pro", "cfg_scale": 0.3}),
    (I2V, {"image": inline(400, 300), "image_tail": inline(320, 300), "prompt": "slowly"}),
    (
        I2V,
        {
            "image": inline(400, 300),
            "static_mask": inline(400, 300),
            "dynamic_masks": [
                {
                    "mask": inline(400, 300),
                    "trajectories": [{"x": 10, "y": 10}, {"x": 90, "y": 40}],
                }
            ],
        },
    ),
    (MULTI, {"image_list": [{"image": inline(400, 300)}], "prompt": "two friends"}),
    (
        V3,
        {
            "image": inline(400, 300),
            "multi_shot": True,
            "shot_type": "customize",
            "multi_prompt": [
                {"index": 1, "prompt": "one", "duration": "2"},
                {"index": 2, "prompt": "two", "duration": "3"},
            ],
            "sound": "on",
        },
    ),
]


@pytest.mark.parametrize(("model", "params"), EVERY)
def test_the_request_of_a_task_asks_for_the_same_again(
    api: Api, model: str, params: dict[str, Any]
) -> None:
    task = api.make(model, **params, external_task_id="first")
    told = api.http.get(f"{TASK}/first/request").json()
    assert told["model"] == model
    (block,) = told["input"]
    assert "external_task_id" not in block["params"]
    answer = api.http.post("/model/v1/generation", json=told)
    assert answer.status_code == 200, answer.text
    again = api.row(answer.json()["id"])
    wanted = {name: value for name, value in task.params.items() if name != "external_task_id"}
    assert again.params == wanted
    assert {k: v.sha256 for k, v in again.assets.items()} == {
        k: v.sha256 for k, v in task.assets.items()
    }


def test_urls_stay_as_they_came_and_uploads_get_a_link(api: Api) -> None:
    film = api.http.post("/model/v1/files", content=video(seconds=4)).json()["url"]
    image = "https://example.com/a.png"
    task = api.make(
        MOTION, image_url=image, video_url=film, mode="std", character_orientation="image"
    )
    (block,) = api.http.get(f"{TASK}/{task.id}/request").json()["input"]
    assert block["params"]["image_url"] == image
    assert api.stranger.get(block["params"]["video_url"]).content == video(seconds=4)


def test_an_external_id_may_end_like_the_route(api: Api) -> None:
    task = api.make(T2V, prompt="a lake", external_task_id="order/request")
    # Not held against the document, which has a template for each path.
    with TestClient(api.app.http(), headers=api.http.headers) as client:
        assert client.get(f"{TASK}/order/request").json()["id"] == task.id
        assert "input" in client.get(f"{TASK}/order/request/request").json()


def test_requests_are_the_accounts_own(api: Api) -> None:
    task = api.make(T2V, prompt="a lake")
    assert api.another().http.get(f"{TASK}/{task.id}/request").status_code == 404
    assert api.stranger.get(f"{TASK}/{task.id}/request").status_code == 401


def test_a_removed_task_is_gone_with_its_files_and_words(api: Api) -> None:
    done = api.finish(I2V, image=inline(400, 300), prompt="a tiny secret", external_task_id="mine")
    (content,) = done["output"][0]["content"]
    assert api.stranger.get(content["url"]).status_code == 200
    answer = api.http.post(f"{TASK}/mine/remove")
    assert answer.json() == {"id": done["id"], "removed": True}
    assert api.http.get(f"{TASK}/{done['id']}").status_code == 404
    assert api.http.get(f"{TASK}/mine").status_code == 404
    assert api.http.post(f"{TASK}/mine/remove").status_code == 404
    assert api.http.get(TASK).json()["tasks"] == []
    gone = api.stranger.get(content["url"])
    assert (gone.status_code, gone.json()["code"]) == (410, "result_expired")
    assert not list(api.app.storage.keys(f"results/{done['id']}/"))
    with api.app.database.read() as connection:
        row = connection.execute(tasks.select().where(tasks.c.id == done["id"])).one()
    assert "secret" not in str(row)
    # Its name stays taken (C-8), and it stays paid.
    used = api.create(T2V, prompt="a lake", external_task_id="mine")
    assert (used.status_code, done["id"] in used.json()["message"]) == (409, True)
    usage = api.http.get("/model/v1/usage").json()
    assert done["usage"]["cost"] in str(usage)


def test_a_failed_task_can_be_removed(api: Api) -> None:
    task = api.finish(T2V, prompt="fail")
    assert api.http.post(f"{TASK}/{task['id']}/remove").status_code == 200
    assert api.http.get(f"{TASK}/{task['id']}").status_code == 404


def test_a_subject_outlives_the_task_that_made_it(api: Api) -> None:
    id = api.subject()
    (task,) = api.http.get(TASK, params={"model": ELEMENTS}).json()["tasks"]
    assert api.http.post(f"{TASK}/{task['id']}/remove").status_code == 200
    assert api.http.get(f"/model/v1/elements/{id}").status_code == 200


def test_what_goes_on_is_not_removed(api: Api) -> None:
    task = api.make(T2V, prompt="a lake")
    answer = api.http.post(f"{TASK}/{task.id}/remove")
    assert (answer.status_code, answer.json()["code"]) == (409, "task_unfinished")
    assert api.read(task.id)["status"] == "in_progress"
    assert api.another().http.post(f"{TASK}/{task.id}/remove").status_code == 404


def test_a_listing_tells_when_tasks_will_start(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """W-8, as a single read does."""
    monkeypatch.setattr(forecast, "FRESH_SECONDS", 0)
    before = now_ms()
    first, second = (api.make(T2V, prompt="a lake") for _ in range(2))
    listed = {task["id"]: task["metadata"] for task in api.http.get(TASK).json()["tasks"]}
    for task in (first, second):
        assert listed[task.id]["queue_position"] == api.read(task.id)["metadata"]["queue_position"]
    assert listed[second.id]["queue_position"] == listed[first.id]["queue_position"] + 1
    api.run(first.id)
    (ended,) = (t for t in api.http.get(TASK).json()["tasks"] if t["id"] == first.id)
    assert "queue_position" not in ended["metadata"]
    assert ended["created_at"] >= before
