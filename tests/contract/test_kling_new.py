"""The Kling family's own API in its new standard: the model in the address, contents, settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from kirin.accounts.keys import Scope
from kirin.database.tables import webhooks
from kirin.http.dialects.kling_new.contents import PLACES
from kirin.http.dialects.kling_new.routes import ROUTES
from kirin.http.dialects.kling_new.shots import shots_in
from kirin.http.dialects.kling_new.task_json import NewTaskJson
from kirin.wire import kling, kling_new
from support.api import Api
from support.loopback import FileHost, Receiver
from support.pictures import inline
from support.videos import video

WORDS = "/text-to-video/kling-3.0"
PICTURE = "/image-to-video/kling-3.0"
OMNI = "/omni-video/kling-3.0-omni"
MOTION = "/motion-control/kling-3.0"
PNG = inline(400, 300)
FIRST = {"type": "first_frame", "url": PNG}


def said(text: str) -> dict[str, str]:
    return {"type": "prompt", "text": text}


def accepted(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["code"], body["message"]) == (0, "SUCCEED")
    return body["data"]


def refused(answer: httpx.Response, status: int, code: int) -> str:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body.keys() == {"code", "message", "request_id"}
    assert body["code"] == code, body
    message: str = body["message"]
    return message


def made(api: Api, path: str = WORDS, **body: Any) -> dict[str, Any]:
    data: dict[str, Any] = accepted(api.http.post(path, json=body or {"prompt": "a tiny lake"}))
    return data


def params(api: Api, path: str, **body: Any) -> dict[str, Any]:
    """What becomes of a request."""
    return dict(api.row(made(api, path, **body)["id"]).params)


def element(api: Api) -> str:
    return str(api.subject())


def test_a_video_from_its_order_to_its_end(api: Api) -> None:
    options = {"external_task_id": "mine", "watermark_info": {"enabled": True}}
    first = made(api, prompt="a lake", settings={"duration": 3}, options=options)
    assert first.keys() == {"id", "status", "create_time", "update_time", "external_id"}
    assert (first["status"], first["external_id"]) == ("submitted", "mine")
    (waiting,) = accepted(api.http.get("/tasks", params={"task_ids": first["id"]}))
    assert (waiting["status"], waiting["outputs"], waiting["billing"]) == ("submitted", [], [])
    api.run(first["id"])
    (done,) = accepted(api.http.get("/tasks", params={"external_task_ids": "mine"}))
    assert (done["id"], done["status"], done["message"]) == (first["id"], "succeeded", "")
    (shown,) = done["outputs"]
    assert (shown["type"], shown["id"], shown["duration"]) == ("video", first["id"], "3")
    for name in ("url", "watermark_url"):
        assert api.stranger.get(shown[name]).headers["Content-Type"] == "video/mp4"
    cost = api.read(first["id"])["usage"]["cost"]
    assert done["billing"] == [
        {
            "charge_type": "cash",
            "cash_type": "balance",
            "amount": cost,
            "currency": "USD",
            "list_price": cost,
        }
    ]


@pytest.mark.parametrize(
    ("path", "body", "model", "expected"),
    [
        (WORDS, {"prompt": "a lake"}, "kirin_v3_t2v", {"mode": "std", "sound": "off"}),
        (WORDS, {"prompt": "a lake", "settings": {"resolution": "1080p", "audio": "native",
         "aspect_ratio": "9:16", "duration": 7, "multi_shot": True}}, "kirin_v3_t2v",
         {"mode": "pro", "sound": "on", "aspect_ratio": "9:16", "duration": 7,
          "prompt": "a lake"}),
        ("/text-to-video/kling-2.6", {"prompt": "a lake", "settings": {"duration": 10}},
         "kirin_v2_6_t2v", {"mode": "std", "duration": 10}),
        ("/text-to-video/kling-2.5-turbo", {"prompt": "a lake"}, "kirin_v2_5_turbo_t2v",
         {"mode": "std"}),
        (PICTURE, {"contents": [said("it moves"), FIRST, {"type": "last_frame", "url": PNG}]},
         "kirin_v3_i2v", {"prompt": "it moves"}),
        (OMNI, {"contents": [said("@garden at night, as in @the garden"),
                             {"type": "refer_image", "url": PNG, "id": "garden"},
                             {"type": "refer_image", "url": PNG, "id": "the garden"}],
                "settings": {"aspect_ratio": "1:1"}}, "kirin_v3_omni_video",
         {"prompt": "<<<image_1>>> at night, as in <<<image_2>>>", "mode": "std"}),
        ("/omni-video/kling-o1", {"contents": [said("a lake"), FIRST]}, "kirin_video_o1",
         {"mode": "std"}),
    ],
)  # fmt: skip
def test_what_requests_mean(
    api: Api, path: str, body: dict[str, Any], model: str, expected: dict[str, Any]
) -> None:
    row = api.row(made(api, path, **body)["id"])
    assert row.model == model
    assert expected.items() <= row.params.items()


def test_shots_are_read_from_the_prompt(api: Api) -> None:
    script = "shot 1, 3, a lake, from above; Shot 2, 2, a boat;"
    row = params(api, WORDS, prompt=script)
    assert row["multi_prompt"] == [
        {"index": 1, "prompt": "a lake, from above", "duration": 3},
        {"index": 2, "prompt": "a boat", "duration": 2},
    ]
    assert (row["multi_shot"], row["duration"]) == (True, 5)
    plain = params(api, WORDS, prompt=script, settings={"multi_shot": False})
    assert (plain["multi_shot"], plain["prompt"]) == (False, script)
    for wrong in ("shot 1, 3, a lake; a boat", "a shot of a lake", "shot 1, a lake"):
        assert shots_in(wrong) is None
    sums = {"prompt": "shot 1, 3, a lake; shot 2, 3, a boat"}
    assert "add up" in refused(api.http.post(WORDS, json=sums), 400, 1201)
    long = {"prompt": f"shot 1, 3, a lake; shot 2, 2, {'x' * 513}"}
    assert refused(api.http.post(WORDS, json=long), 400, 1201).startswith("prompt")
    seven = {"prompt": ";".join(f"shot {n}, 1, a lake" for n in range(1, 8))}
    refused(api.http.post(WORDS, json={**seven, "settings": {"duration": 7}}), 400, 1201)


def test_elements_are_called_by_name(api: Api) -> None:
    id = element(api)
    contents = [
        said("@Zhang meets @ZhangSan"),
        FIRST,
        {"type": "element", "element_id": id, "id": "Zhang"},
        {"type": "element", "element_id": element(api), "id": "ZhangSan"},
    ]
    row = params(api, PICTURE, contents=contents)
    assert row["prompt"] == "<<<element_1>>> meets <<<element_2>>>"
    assert row["element_list"][0] == {"element_id": int(id)}


def test_videos_bring_their_sound_or_none(fetching: Api, files: FileHost) -> None:
    url = files.add("street.mp4", video(seconds=3, size=(720, 720)))
    contents = [said("@street in snow"), {"type": "base_video", "url": url, "id": "street"}]
    silent = params(fetching, OMNI, contents=contents)
    (given,) = silent["video_list"]
    assert (given["refer_type"], given["keep_original_sound"]) == ("base", "no")
    assert silent["prompt"] == "<<<video_1>>> in snow"
    kept = params(fetching, OMNI, contents=contents, settings={"audio": "original"})
    assert kept["video_list"][0]["keep_original_sound"] == "yes"
    asked = {"contents": [said("a lake")], "settings": {"audio": "original"}}
    assert "settings.audio" in refused(fetching.http.post(OMNI, json=asked), 400, 1201)
    dance = files.add("dance.mp4", video(seconds=3, size=(400, 400)))
    moves = [{"type": "image", "url": PNG}, {"type": "video", "url": dance}]
    settings = {"character_orientation": "image"}
    row = params(fetching, MOTION, contents=moves, settings=settings)
    assert (row["keep_original_sound"], row["mode"]) == ("yes", "std")
    row = params(fetching, MOTION, contents=moves, settings={**settings, "audio": "off"})
    assert row["keep_original_sound"] == "no"


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        (WORDS, {}, "prompt: "),
        (WORDS, {"prompt": "a lake", "seed": 1}, "seed"),
        (WORDS, {"prompt": "a lake", "contents": []}, "contents"),
        (WORDS, {"prompt": "a lake", "settings": {"resolution": "4k"}}, "settings.resolution"),
        (WORDS, {"prompt": "a lake", "settings": {"audio": "loud"}}, "settings.audio"),
        (WORDS, {"prompt": "a lake", "settings": {"duration": 2}}, "settings.duration"),
        (WORDS, {"prompt": "a lake", "settings": {"fps": 60}}, "settings.fps"),
        (WORDS, {"prompt": "a lake", "settings": {"multi_shot": "yes"}}, "settings.multi_shot"),
        (WORDS, {"prompt": "a lake", "settings": []}, "settings: "),
        (WORDS, {"prompt": "a lake", "options": {"callback_url": 7}}, "options.callback_url"),
        (WORDS, {"prompt": "a lake", "options": {"priority": 1}}, "options.priority"),
        ("/text-to-video/kling-2.5-turbo", {"prompt": "a lake", "settings": {"audio": "native"}},
         "settings.audio"),
        (PICTURE, {"contents": [said("it moves")]}, "contents: "),
        (PICTURE, {"contents": "a lake"}, "contents: "),
        (PICTURE, {"contents": ["a lake"]}, "contents[0]: "),
        (PICTURE, {"contents": [{"type": "voice", "voice_id": "1"}]}, "contents[0].type"),
        (PICTURE, {"contents": [FIRST, FIRST]}, "contents[1]: "),
        (PICTURE, {"contents": [{"type": "first_frame", "url": "nothing"}]}, "contents[0].url"),
        (PICTURE, {"contents": [{"type": "first_frame"}]}, "contents[0].url"),
        (PICTURE, {"contents": [FIRST | {"id": "1"}]}, "contents[0].id"),
        (PICTURE, {"contents": [FIRST, {"type": "element", "element_id": "1"}]}, "contents[1].id"),
        (PICTURE, {"contents": [FIRST, {"type": "element", "element_id": "1", "id": "Ada"}]},
         "contents[1].element_id"),
        (PICTURE, {"contents": [FIRST] * 33}, "at most 32"),
        ("/image-to-video/kling-2.6", {"contents": [FIRST, {"type": "element"}]},
         "contents[1].type"),
        (OMNI, {"contents": [said("a lake")]}, "settings.aspect_ratio"),
        (OMNI, {"contents": [{"type": "refer_image", "url": PNG, "id": "x"}] * 2},
         "contents[1].id"),
        (MOTION, {"contents": [{"type": "image", "url": PNG}]}, "contents: "),
    ],
)  # fmt: skip
def test_what_a_model_cannot_do_is_refused_by_name(
    api: Api, path: str, body: dict[str, Any], named: str
) -> None:
    assert named in refused(api.http.post(path, json=body), 400, 1201)


def test_models_that_are_not_there_are_named(api: Api) -> None:
    for path, name in kling_new.ABSENT:
        assert name in refused(api.http.post(f"{path}/{name}", json={}), 404, 1203)
    there = {card.id for card in api.app.catalogue}
    assert kling_new.MODELS.keys() <= there


def test_several_tasks_are_read_at_once(api: Api) -> None:
    ids = [made(api, prompt=f"lake {n}")["id"] for n in range(2)]
    found = accepted(api.http.get("/tasks", params={"task_ids": ",".join([*ids, "nobody"])}))
    assert [each["id"] for each in found] == ids
    refused(api.http.get("/tasks", params={"task_ids": "nobody"}), 404, 1203)
    refused(api.another().http.get("/tasks", params={"task_ids": ids[0]}), 404, 1203)
    for wrong in ({}, {"task_ids": "a", "external_task_ids": "b"}, {"task_ids": ","},
                  {"task_ids": ",".join(map(str, range(101)))}):  # fmt: skip
        refused(api.http.get("/tasks", params=wrong), 400, 1201)


def test_a_page_after_another(api: Api) -> None:
    ids = [made(api, prompt=f"lake {n}")["id"] for n in range(3)]
    api.run(ids[0])
    newest = ids[::-1]
    first = accepted(api.http.post("/tasks", json={"limit": 2}))
    assert ([each["id"] for each in first["result"]], first["count"]) == (newest[:2], 2)
    assert first["has_more"]
    after = accepted(api.http.post("/tasks", json={"limit": 2, "cursor": first["next_cursor"]}))
    assert ([each["id"] for each in after["result"]], after["next_cursor"]) == (newest[2:], "")
    assert not after["has_more"]

    def page(**body: Any) -> list[str]:
        return [each["id"] for each in accepted(api.http.post("/tasks", json=body))["result"]]

    status = {"key": "status", "values": ["succeeded"]}
    assert page(filters=[status]) == ids[:1]
    assert page(filters=[status, {"key": "product_type", "values": ["video"]}]) == ids[:1]
    assert page(filters=[{"key": "product_type", "values": ["image"]}]) == []
    at = api.row(ids[1]).created_at
    assert ids[0] not in page(start_time=str(at), end_time=at + 60_000)
    assert page(end_time=1) == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"limit": 0}, "limit"), ({"limit": 501}, "limit"), ({"limit": "7"}, "limit"),
        ({"cursor": "x"}, "cursor"), ({"start_time": "soon"}, "start_time"),
        ({"start_time": 2, "end_time": 1}, "start_time"), ({"order": "asc"}, "order"),
        ({"filters": {}}, "filters"), ({"filters": [{}]}, "filters[0]"),
        ({"filters": [{"key": "model", "values": []}]}, "filters[0].key"),
        ({"filters": [{"key": "status", "values": ["succeed"]}]}, "filters[0].values"),
    ],
)  # fmt: skip
def test_wrong_pages_are_refused(api: Api, body: dict[str, Any], named: str) -> None:
    assert named in refused(api.http.post("/tasks", json=body), 400, 1201)


def test_elements_are_outputs_too(api: Api) -> None:
    number = element(api)
    (shown,) = accepted(api.http.post("/tasks", json={}))["result"]
    (output,) = shown["outputs"]
    assert (output["type"], output["id"], output["status"]) == ("element", number, "succeeded")
    assert output["element_type"] == "multi_image_elements"
    assert [each["role"] for each in output["references"]] == ["frontal", "reference"]


def test_why_a_task_failed_is_told(api: Api) -> None:
    id = made(api, prompt="fail")["id"]
    api.run(id)
    (shown,) = accepted(api.http.get("/tasks", params={"task_ids": id}))
    assert (shown["status"], shown["outputs"], shown["billing"]) == ("failed", [], [])
    assert "told to fail" in shown["message"]


def test_errors_have_the_envelope(api: Api) -> None:
    refused(api.stranger.post(WORDS, json={}), 401, 1001)
    refused(api.client({"Authorization": "Bearer nobody-knows-this-key"}).get("/tasks"), 401, 1002)
    refused(api.holder(Scope.GENERATE).get("/tasks", params={"task_ids": "a"}), 403, 1103)
    refused(api.http.get(WORDS), 405, 1202)
    refused(api.http.post("/text-to-video", json={}), 404, 1202)
    refused(api.http.delete("/tasks"), 405, 1202)
    for prefix in kling.PREFIXES:
        accepted(api.http.post(prefix + WORDS, json={"prompt": "a lake"}))


def test_a_repeated_request_makes_no_second_task(api: Api) -> None:
    key, body = {"Idempotency-Key": "7"}, {"prompt": "a lake"}
    first = accepted(api.http.post(WORDS, json=body, headers=key))
    assert accepted(api.http.post(WORDS, json=body, headers=key)) == first
    other = api.http.post("/text-to-video/kling-2.6", json=body, headers=key)
    refused(other, 409, 1201)


def test_callbacks_are_the_task_itself(fetching: Api) -> None:
    with Receiver() as receiver:
        options = {"callback_url": receiver.url("/")}
        id = made(fetching, prompt="a lake", options=options)["id"]
        fetching.run(id)
    with fetching.app.database.read() as connection:
        query = select(webhooks.c.body).where(webhooks.c.task == id).order_by(webhooks.c.created_at)
        bodies = list(connection.execute(query).scalars())
    assert (bodies[-1]["id"], bodies[-1]["status"]) == (id, "succeeded")
    (shown,) = bodies[-1]["outputs"]
    renewed = fetching.app.callbacks.renewed("kling_new", bodies[-1])
    assert renewed["outputs"][0]["url"].startswith(shown["url"].partition("?")[0])


PAGE = (Path(__file__).parents[2] / "docs" / "dialects" / "kling_new.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    table = PAGE.split(f"{heading}\n")[1].split("\n\n")[0].splitlines()[1:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table]


def test_the_page_says_what_there_is() -> None:
    listed = [(method, path) for method, path, _ in rows("| method | path | what it does |")]
    assert sorted(listed) == sorted((route.method, route.path) for route in ROUTES)
    models = {id: path for path, id in rows("| address | model |")}
    assert models == {id: f"{path}/{name}" for id, (path, name) in kling_new.MODELS.items()}
    fields = {name for name, _ in rows("| field of a task | what it is |")}
    assert fields == {*NewTaskJson.__required_keys__, *NewTaskJson.__optional_keys__}
    types = {name for row in rows("| type | members | where |") for name in re.split(", ?", row[0])}
    assert {name.strip("`") for name in types} == {
        "prompt",
        *(kind for kinds in PLACES.values() for kind in kinds),
    }
