"""Videos as Google's SDK asks for them, on the tasks that there are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from kirin.accounts.keys import Scope
from kirin.accounts.limits import Limits
from kirin.http.dialects.veo.create_request import ONLY, OUTER, REFUSED, RENAMED
from kirin.http.dialects.veo.dialect import VEO
from kirin.http.dialects.veo.media import IN_INSTANCE
from kirin.http.dialects.veo.model_names import ALIASES
from kirin.http.dialects.veo.operation_json import VeoOperationJson
from kirin.wire.veo import KEY_HEADER
from support.api import TASK, Api
from support.cards import I2V, T2V
from support.pictures import inline

BASE = "/v1beta"
MODEL = "veo-3.1-generate-preview"
SILENT = "veo-2.0-generate-001"
WORDS, PICTURE, OMNI = "kirin_v3_t2v", "kirin_v3_i2v", "kirin_v3_omni_video"
PNG = inline(1280, 720)
IMAGE = {"bytesBase64Encoded": PNG, "mimeType": "image/png"}
ASSET = {"image": IMAGE, "referenceType": "asset"}


def create(
    api: Api, instance: dict[str, Any] | None = None, model: str = MODEL, **parameters: Any
) -> httpx.Response:
    body: dict[str, Any] = {"instances": [{"prompt": "a tiny lake", **(instance or {})}]}
    if parameters:
        body["parameters"] = parameters
    return api.http.post(f"{BASE}/models/{model}:predictLongRunning", json=body)


def made(api: Api, *args: Any, **parameters: Any) -> dict[str, Any]:
    answer = create(api, *args, **parameters)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def id_of(operation: dict[str, Any]) -> str:
    id: str = operation["name"].rpartition("/")[2]
    return id


def read(api: Api, name: str) -> dict[str, Any]:
    answer = api.http.get(f"{BASE}/{name}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def refused(answer: httpx.Response, status: int = 400) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    error: dict[str, Any] = answer.json()["error"]
    assert error.keys() == {"code", "message", "status", "details"}
    assert error["code"] == status
    return error


def detail(error: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = (each for each in error["details"] if each["@type"].endswith(f".{kind}"))
    return dict(found)


def fields(answer: httpx.Response) -> list[str]:
    """The parameters that a refusal names."""
    return [each["field"] for each in detail(refused(answer), "BadRequest")["fieldViolations"]]


def test_a_video_from_its_order_to_its_end(api: Api) -> None:
    first = made(api, durationSeconds=5, resolution="720p", aspectRatio="9:16")
    name = first["name"]
    assert name == f"models/{MODEL}/operations/{id_of(first)}"
    assert (first["done"], first["metadata"]["stage"]) == (False, "queued")
    answer = api.http.get(f"{BASE}/{name}")
    assert answer.json()["name"] == name
    assert int(answer.headers["Retry-After"]) > 0
    file = f"{BASE}/files/{id_of(first)}:download"
    assert detail(refused(api.http.get(file), 404), "ErrorInfo")["reason"] == "video_not_ready"
    api.run(id_of(first))
    last = read(api, name)
    assert last["done"]
    assert "stage" not in last["metadata"]
    (sample,) = last["response"]["generateVideoResponse"]["generatedSamples"]
    uri = sample["video"]["uri"]
    assert uri == f"http://testserver{file}?alt=media"
    video = api.http.get(uri)
    assert (video.status_code, video.headers["Content-Type"]) == (200, "video/mp4")
    assert api.http.get(file, headers={"Range": "bytes=4-7"}).content == b"ftyp"
    # As the SDK asks for it of a server without TLS.
    assert api.http.get(f"{BASE}/files/{uri}:download?alt=media").content == video.content
    assert api.stranger.get(f"{uri}&key={api.key}").content == video.content
    refused(api.stranger.get(uri), 401)


@pytest.mark.parametrize(
    ("instance", "parameters", "model", "params"),
    [
        ({}, {}, WORDS, {"mode": "std", "sound": "on", "duration": 8, "aspect_ratio": "16:9"}),
        ({}, {"resolution": "1080p"}, WORDS, {"mode": "pro"}),
        ({}, {"generateAudio": False}, WORDS, {"sound": "off"}),
        ({}, {"durationSeconds": 4}, WORDS, {"duration": 4}),
        ({}, {"negativePrompt": "rain"}, WORDS, {"negative_prompt": "rain"}),
        ({}, {"sampleCount": 1, "personGeneration": "allow_all"}, WORDS, {}),
        ({}, {"numberOfVideos": 1, "enhancePrompt": False}, WORDS, {}),
        ({"image": IMAGE}, {}, PICTURE, {"mode": "std"}),
        ({"image": {"inlineData": {"data": PNG, "mimeType": "image/png"}}}, {}, PICTURE, {}),
        ({"image": IMAGE, "lastFrame": IMAGE}, {"aspectRatio": "16:9"}, PICTURE, {}),
        ({"lastFrame": IMAGE}, {}, PICTURE, {}),
        ({"referenceImages": [ASSET, {"image": IMAGE}]}, {}, OMNI, {"aspect_ratio": "16:9"}),
        ({"referenceImages": [{**ASSET, "referenceType": "ASSET"}]}, {}, OMNI, {}),
    ],
)  # fmt: skip
def test_what_requests_mean(
    api: Api,
    instance: dict[str, Any],
    parameters: dict[str, Any],
    model: str,
    params: dict[str, Any],
) -> None:
    row = api.row(id_of(made(api, instance, **parameters)))
    assert row.model == model
    assert params.items() <= row.params.items()
    assert len(row.assets) == sum(
        len(value) if isinstance(value, list) else 1 for value in instance.values()
    )


def test_names_without_sound_and_our_own(api: Api) -> None:
    assert api.row(id_of(made(api, None, SILENT))).params["sound"] == "off"
    row = api.row(id_of(made(api, None, T2V, mode="pro", cfg_scale=0.7, durationSeconds=10)))
    assert (row.model, row.params["mode"], row.params["cfg_scale"]) == (T2V, "pro", 0.7)
    assert api.row(id_of(made(api, {"image": IMAGE}, I2V))).model == I2V


def test_what_is_wrong_within_our_own_parameters(api: Api) -> None:
    parameters = {"watermark_info": {"enabled": "x"}, "negative_prompt": 3}
    named = fields(create(api, None, T2V, **parameters))
    assert {*named} == {"parameters.watermark_info.enabled", "parameters.negative_prompt"}


def test_a_seed_is_the_seed(api: Api) -> None:
    assert api.row(id_of(made(api, seed=7))).seed == 7


def test_going_on_from_a_video(api: Api) -> None:
    first = id_of(made(api, None, T2V))
    api.run(first)
    for uri in (f"https://host/v1beta/files/{first}:download?alt=media", f"files/{first}"):
        row = api.row(id_of(made(api, {"video": {"uri": uri}})))
        assert (row.model, row.params["video_id"]) == ("kirin_duration_extension", first)
    assert fields(create(api, {"video": {"uri": "files/unknown"}})) == ["instances[0].video.uri"]
    assert fields(create(api, {"video": {"uri": "https://host/a.mp4"}})) == [
        "instances[0].video.uri"
    ]
    assert fields(create(api, {"video": {"encodedVideo": "AAAA"}})) == [
        "instances[0].video.encodedVideo"
    ]
    assert fields(create(api, {"video": {"uri": f"files/{first}"}}, WORDS)) == [
        "instances[0].video"
    ]
    assert fields(create(api, {"video": {"uri": f"files/{first}"}}, durationSeconds=8)) == [
        "parameters.durationSeconds"
    ]


@pytest.mark.parametrize(
    ("instance", "parameters", "field"),
    [
        ({"prompt": ""}, {}, "instances[0].prompt"),
        ({"prompt": 3}, {}, "instances[0].prompt"),
        ({"colour": "red"}, {}, "instances[0].colour"),
        ({"image": "a"}, {}, "instances[0].image"),
        ({"image": {}}, {}, "instances[0].image.bytesBase64Encoded"),
        ({"image": {"gcsUri": "gs://a"}}, {}, "instances[0].image.gcsUri"),
        ({"image": {"inlineData": 1}}, {}, "instances[0].image.inlineData"),
        ({"image": {"bytesBase64Encoded": "no"}}, {}, "instances[0].image.bytesBase64Encoded"),
        ({"lastFrame": 1}, {}, "instances[0].lastFrame"),
        ({"referenceImages": {}}, {}, "instances[0].referenceImages"),
        ({"referenceImages": [1]}, {}, "instances[0].referenceImages[0]"),
        ({"referenceImages": [ASSET] * 17}, {}, "instances[0].referenceImages"),
        ({"referenceImages": [{**ASSET, "referenceType": "style"}]}, {},
         "instances[0].referenceImages[0].referenceType"),
        ({"video": 1}, {}, "instances[0].video"),
        ({}, {"durationSeconds": 99}, "parameters.durationSeconds"),
        ({}, {"aspectRatio": "5:1"}, "parameters.aspectRatio"),
        ({}, {"resolution": "4k"}, "parameters.resolution"),
        ({}, {"generateAudio": "yes"}, "parameters.generateAudio"),
        ({}, {"generateAudio": True, "sound": "on"}, "parameters.generateAudio"),
        ({}, {"durationSeconds": 5, "duration": 5}, "parameters.duration"),
        ({}, {"sampleCount": 2}, "parameters.sampleCount"),
        ({}, {"sampleCount": True}, "parameters.sampleCount"),
        ({}, {"numberOfVideos": 2}, "parameters.numberOfVideos"),
        ({}, {"personGeneration": "dont_allow"}, "parameters.personGeneration"),
        ({}, {"enhancePrompt": True}, "parameters.enhancePrompt"),
        ({}, {"colour": "red"}, "parameters.colour"),
        ({"image": IMAGE}, {"aspectRatio": "9:16"}, "parameters.aspectRatio"),
        *(({}, {name: "a"}, f"parameters.{name}") for name in REFUSED),
    ],
)  # fmt: skip
def test_what_is_refused_is_named(
    api: Api, instance: dict[str, Any], parameters: dict[str, Any], field: str
) -> None:
    assert field in fields(create(api, instance, **parameters))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "instances"),
        ({"instances": []}, "instances"),
        ({"instances": [{"prompt": "a"}, {"prompt": "b"}]}, "instances"),
        ({"instances": ["a"]}, "instances[0]"),
        ({"instances": [{"prompt": "a"}], "parameters": []}, "parameters"),
        *(({"instances": [{"prompt": "a"}], name: {}}, name) for name in (*OUTER, "model")),
    ],
)
def test_the_form_of_a_body(api: Api, body: dict[str, Any], field: str) -> None:
    answer = api.http.post(f"{BASE}/models/{MODEL}:predictLongRunning", json=body)
    assert field in fields(answer)


def test_keys_come_in_three_ways(api: Api) -> None:
    path = f"{BASE}/models/{MODEL}"
    for options in (
        {"headers": {KEY_HEADER: api.key}},
        {"params": {"key": api.key}},
        {"headers": {"Authorization": f"Bearer {api.key}"}},
    ):
        assert api.stranger.get(path, **options).status_code == 200
    for options in ({}, {"headers": {KEY_HEADER: "wrong"}}, {"params": {"key": "a b"}}):
        error = refused(api.stranger.get(path, **options), 401)
        assert error["status"] == "UNAUTHENTICATED"
        assert detail(error, "ErrorInfo")["reason"] == "API_KEY_INVALID"


def test_a_key_needs_the_scope(api: Api) -> None:
    reader = api.holder(Scope.READ)
    body = {"instances": [{"prompt": "a"}]}
    path = f"{BASE}/models/{MODEL}"
    answer = reader.post(f"{path}:predictLongRunning", json=body)
    assert refused(answer, 403)["status"] == "PERMISSION_DENIED"
    assert reader.get(path).status_code == 200


def test_errors_of_any_kind_have_the_form(api: Api) -> None:
    assert refused(api.http.get(f"{BASE}/nothing"), 404)["status"] == "NOT_FOUND"
    answer = api.http.post(f"{BASE}/models/veo-9:predictLongRunning", json={"instances": [{}]})
    assert refused(answer, 404)["status"] == "NOT_FOUND"
    error = refused(api.http.put(f"{BASE}/models"), 405)
    assert detail(error, "RequestInfo")["requestId"]
    path = f"{BASE}/models/{MODEL}:predictLongRunning"
    large = api.http.post(path, content=b"{}", headers={"Content-Length": "999999999"})
    assert refused(large, 413)["status"] == "INVALID_ARGUMENT"


@pytest.mark.usefixtures("same_minute")
def test_limits_say_when_to_come_again(api: Api) -> None:
    limited = api.holder(Scope.READ, limits=Limits(requests_per_minute=1))
    assert limited.get(f"{BASE}/models").status_code == 200
    answer = limited.get(f"{BASE}/models")
    error = refused(answer, 429)
    assert error["status"] == "RESOURCE_EXHAUSTED"
    delay = detail(error, "RetryInfo")["retryDelay"]
    assert delay == f"{answer.headers['Retry-After']}s"


def test_a_low_balance_is_told(paying: Api) -> None:
    error = refused(create(paying), 403)
    assert detail(error, "ErrorInfo")["reason"] == "insufficient_balance"


def test_a_bug_has_the_shape_too(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("kirin.http.dialects.veo.models.model_json", broken)
    error = refused(api.http.get(f"{BASE}/models"), 500)
    assert (error["status"], "a bug" in error["message"]) == ("INTERNAL", False)


def test_a_callback_is_native(api: Api) -> None:
    row = api.row(id_of(made(api, callback_url="https://example.com/told")))
    assert row.params["callback_url"] == "https://example.com/told"
    assert row.options.origin == {"dialect": "veo", "model": MODEL}


def test_pages_of_a_model(api: Api) -> None:
    mine = [made(api, None, T2V)["name"] for _ in range(3)]
    made(api)
    path = f"{BASE}/models/{T2V}/operations"
    found: list[str] = []
    token = ""
    while True:
        page = api.http.get(path, params={"pageSize": 2, "pageToken": token}).json()
        found += [each["name"] for each in page["operations"]]
        if not (token := page.get("nextPageToken", "")):
            break
    assert found == mine[::-1]
    for query in ({"pageSize": 0}, {"pageToken": "?"}):
        assert fields(api.http.get(path, params=query)) == [*query]


def test_cancelling_and_deleting(api: Api) -> None:
    name = made(api)["name"]
    assert api.http.post(f"{BASE}/{name}:cancel").json() == {}
    gone = read(api, name)
    assert (gone["done"], gone["error"]["code"]) == (True, 1)
    assert refused(api.http.post(f"{BASE}/{name}:cancel"))["status"] == "FAILED_PRECONDITION"
    assert api.http.delete(f"{BASE}/{name}").json() == {}
    refused(api.http.get(f"{BASE}/{name}"), 404)
    other = made(api)["name"]
    assert api.http.delete(f"{BASE}/{other}").json() == {}
    refused(api.http.get(f"{BASE}/{other}"), 404)


def test_tasks_of_other_dialects_and_strangers(api: Api) -> None:
    id = api.make(T2V, prompt="a tiny lake").id
    assert read(api, f"models/{T2V}/operations/{id}")["name"] == f"models/{T2V}/operations/{id}"
    refused(api.http.get(f"{BASE}/models/{MODEL}/operations/{id}"), 404)  # of another model
    mine = id_of(made(api))
    assert api.http.get(f"{TASK}/{mine}").json()["model"] == WORDS
    assert api.http.get(f"/v1/videos/{mine}").json()["model"] == WORDS
    other = api.another().http
    path = f"{BASE}/models/{MODEL}/operations/{mine}"
    refused(other.get(path), 404)
    refused(other.delete(path), 404)
    refused(other.get(f"{BASE}/files/{mine}:download"), 404)


def test_a_failed_video_says_why(api: Api) -> None:
    name = made(api, {"prompt": "fail"}, T2V)["name"]
    api.run(name.rpartition("/")[2])
    failed = read(api, name)
    assert (failed["error"]["code"], failed["error"]["details"][0]["reason"]) == (13, "002004095")
    assert "response" not in failed


def test_repetitions(api: Api) -> None:
    path = f"{BASE}/models/{T2V}:predictLongRunning"
    body = {"instances": [{"prompt": "a tiny lake"}]}
    once = {"Idempotency-Key": "veo-once"}
    first, second = (api.http.post(path, json=body, headers=once) for _ in range(2))
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    other = f"{BASE}/models/{MODEL}:predictLongRunning"  # the model is part of a request
    assert refused(api.http.post(other, json=body, headers=once), 409)["status"] == (
        "ALREADY_EXISTS"
    )


def test_models(api: Api) -> None:
    listed = api.http.get(f"{BASE}/models").json()["models"]
    names = [each["name"].removeprefix("models/") for each in listed]
    assert names[: len(ALIASES)] == [*ALIASES]
    assert T2V in names
    assert "kirin_custom_elements" not in names
    for each in listed:
        assert each["supportedGenerationMethods"] == ["predictLongRunning"]
        assert api.http.get(f"{BASE}/{each['name']}").json() == each
    refused(api.http.get(f"{BASE}/models/kirin_custom_elements"), 404)


PAGE = (Path(__file__).parents[2] / "docs" / "dialects" / "veo.md").read_text("utf-8")


def rows(heading: str, number: int = 0) -> list[list[str]]:
    """The rows of one of the page's tables with a heading."""
    table = PAGE.split(f"{heading}\n")[number + 1].split("\n\n")[0].splitlines()[1:]
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in table]


def test_the_page_lists_the_addresses() -> None:
    listed = [(method, path) for method, path, _ in rows("| method | path | what it does |")]
    served = [(route.method, route.path.replace(":path}", "}")) for route in VEO.routes]
    assert sorted(listed) == sorted(served)


def test_the_page_lists_the_fields() -> None:
    heading = "| field | what becomes of it |"
    assert [name for name, _ in rows(heading)] == [*IN_INSTANCE]
    asked = [name for name, _ in rows(heading, 1)]
    assert {*asked} == {*RENAMED, *ONLY, "resolution", "generateAudio"}
    assert dict(rows("| refused | why |")) == {**REFUSED, **OUTER}
    shown = {name for name, _ in rows("| field | what it is |")}
    assert shown == {*VeoOperationJson.__annotations__}


def test_the_page_lists_the_names() -> None:
    heading = (
        "| model | from words | with frames | with references | from a video | modes "
        "| sound by default |"
    )
    assert rows(heading) == [
        [name, each.words, each.frames, each.references, each.extends, ", ".join(each.modes),
         "on" if each.sound else "off"]
        for name, each in ALIASES.items()
    ]  # fmt: skip


def test_the_document_describes_it(api: Api) -> None:
    document = api.http.get("/openapi/veo.json").json()
    assert f"{BASE}/models/{{model}}:predictLongRunning" in document["paths"]
    assert KEY_HEADER in json.dumps(document)
