"""Videos as the SDKs of OpenRouter ask for them, on the tasks that there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from kirin.accounts.keys import Scope
from kirin.http.dialects.callbacks import CallbackDependencies, Callbacks
from kirin.http.dialects.openrouter.create_request import REFUSED
from kirin.http.dialects.openrouter.dialect import OPENROUTER
from kirin.http.dialects.openrouter.errors import ERRORS
from kirin.http.dialects.openrouter.model_names import SLUGS
from kirin.http.dialects.openrouter.video_json import VideoJobJson
from kirin.http.dialects.openrouter.video_routes import CREATE
from support.api import TASK, Api
from support.cards import CARDS, I2V, T2V
from support.pictures import inline

VIDEOS = "/api/v1/videos"
WORDS, PICTURE, OMNI = "kirin_v3_t2v", "kirin_v3_i2v", "kirin_v3_omni_video"
STD, PRO = "kwaivgi/kling-v3.0-std", "kwaivgi/kling-v3.0-pro"
URL = "https://example.com/a.png"
MAKES_VIDEOS = [card.id for card in CARDS if "video" in card.output_modalities]


def frame(kind: str = "first_frame", url: str = URL) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}, "frame_type": kind}


def reference(kind: str = "image_url", url: str = URL) -> dict[str, Any]:
    return {"type": kind, kind: {"url": url}}


def create(api: Api, **body: Any) -> httpx.Response:
    body = {"model": STD, "prompt": "a tiny lake", **body}
    return api.http.post(VIDEOS, json={n: v for n, v in body.items() if v is not None})


def made(api: Api, **body: Any) -> dict[str, Any]:
    answer = create(api, **body)
    assert answer.status_code == 202, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def refused(answer: httpx.Response, status: int = 400) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    error: dict[str, Any] = answer.json()["error"]
    assert error.keys() == {"code", "message", "metadata"}
    assert error["code"] == status
    return error


def read(api: Api, id: str) -> dict[str, Any]:
    answer = api.http.get(f"{VIDEOS}/{id}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def test_a_video_from_its_order_to_its_end(api: Api) -> None:
    first = made(api, duration=5, resolution="720p", aspect_ratio="9:16")
    url = f"http://testserver{VIDEOS}/{first['id']}"
    assert first == {"id": first["id"], "polling_url": url, "status": "pending"}
    answer = api.http.get(url)
    assert (answer.json(), int(answer.headers["Retry-After"]) > 0) == (first, True)
    assert refused(api.http.get(f"{url}/content"), 409)["metadata"]["code"] == "video_not_ready"
    api.run(first["id"])
    last = read(api, first["id"])
    assert (last["status"], last["generation_id"]) == ("completed", first["id"])
    assert last["usage"] == {"cost": 0.63, "is_byok": False}  # 5 s in std with sound
    (link,) = last["unsigned_urls"]
    video = api.stranger.get(link)
    assert (video.status_code, video.headers["Content-Type"]) == (200, "video/mp4")
    content = api.http.get(f"{url}/content", params={"index": 0})
    assert content.content == video.content
    assert refused(api.http.get(f"{url}/content?index=1"))["metadata"]["errors"]
    assert api.http.get(f"{url}/content", headers={"Range": "bytes=4-7"}).content == b"ftyp"


def test_the_marked_copy_is_the_second_link(api: Api) -> None:
    id = made(api, watermark_info={"enabled": True})["id"]
    api.run(id)
    plain, marked = read(api, id)["unsigned_urls"]
    content = [api.http.get(f"{VIDEOS}/{id}/content?index={each}").content for each in (0, 1)]
    assert content == [api.stranger.get(each).content for each in (plain, marked)]
    assert content[0] != content[1]


@pytest.mark.parametrize(
    ("asked", "model", "params"),
    [
        ({}, WORDS, {"mode": "std", "sound": "on"}),
        ({"generate_audio": False}, WORDS, {"sound": "off"}),
        ({"model": PRO}, WORDS, {"mode": "pro", "sound": "on"}),
        ({"model": PRO, "resolution": "720p"}, WORDS, {"mode": "std"}),
        ({"model": PRO, "size": "1440x1440"}, WORDS, {"mode": "pro", "aspect_ratio": "1:1"}),
        ({"frame_images": [frame()]}, PICTURE, {"image": URL}),
        ({"frame_images": [frame("last_frame")]}, PICTURE, {"image_tail": URL}),
        ({"model": "kwaivgi/kling-video-o1", "frame_images": [frame()]}, "kirin_video_o1",
         {"image_list": [{"image_url": URL, "type": "first_frame"}], "mode": "pro"}),
        ({"model": T2V}, T2V, {"mode": "std", "duration": 5}),
        ({"model": T2V, "resolution": "1080p", "duration": 10}, T2V,
         {"mode": "pro", "duration": 10}),
        ({"model": WORDS}, WORDS, {"sound": "off"}),
        ({"model": WORDS, "generate_audio": True}, WORDS, {"sound": "on"}),
        ({"model": T2V, "generate_audio": False}, T2V, {}),
        ({"model": T2V, "negative_prompt": "rain"}, T2V, {"negative_prompt": "rain"}),
        ({"model": T2V, "provider": {"options": {"kirin": {"cfg_scale": 0.7}}}}, T2V,
         {"cfg_scale": 0.7}),
        ({"model": OMNI, "aspect_ratio": "16:9", "input_references": [reference()]}, OMNI,
         {"image_list": [{"image_url": URL}]}),
        ({"model": OMNI, "aspect_ratio": "16:9",
          "input_references": [reference("video_url", "https://example.com/a.mp4")]}, OMNI,
         {"video_list": [{"video_url": "https://example.com/a.mp4", "refer_type": "feature",
                          "keep_original_sound": "yes"}]}),
        ({"model": "kirin_v1_6_multi_i2v", "input_references": [reference(), reference()]},
         "kirin_v1_6_multi_i2v", {"image_list": [{"image": URL}, {"image": URL}]}),
        ({"model": "kirin_v3_motion_control", "prompt": None, "mode": "std",
          "character_orientation": "video", "keep_original_sound": "yes",
          "input_references": [reference(), reference("video_url", "https://example.com/a.mp4")]},
         "kirin_v3_motion_control",
         {"image_url": URL, "video_url": "https://example.com/a.mp4"}),
    ],
)  # fmt: skip
def test_what_requests_mean(
    api: Api, asked: dict[str, Any], model: str, params: dict[str, Any]
) -> None:
    row = api.row(made(api, **asked)["id"])
    assert row.model == model
    assert params.items() <= row.params.items()


def test_a_seed_is_the_seed(api: Api) -> None:
    assert api.row(made(api, model=T2V, seed=7, size="1280x720")["id"]).seed == 7


@pytest.mark.parametrize(
    ("asked", "param", "words"),
    [
        ({"model": None}, "model", "name of a model"),
        ({"seed": -1}, "seed", "from 0 to"),
        ({"creativity": 1}, "creativity", ""),
        ({"upscale_factor": 2}, "upscale_factor", ""),
        ({"resolution": "1080p"}, "resolution", "720p"),
        ({"model": PRO, "resolution": "4K"}, "resolution", "1080p or 720p"),
        ({"size": "1920x1080"}, "size", "1280x720"),
        ({"size": "1280x720", "resolution": "720p"}, "resolution", "send one"),
        ({"aspect_ratio": "21:9"}, "aspect_ratio", "16:9"),
        ({"duration": 2}, "duration", "from 3 to 15"),
        ({"model": T2V, "duration": 4, "resolution": "720p"}, "duration", "5 or 10"),
        ({"model": T2V, "generate_audio": True}, "generate_audio", "no sound"),
        ({"generate_audio": "yes"}, "generate_audio", "true or false"),
        ({"generate_audio": True, "sound": "on"}, "generate_audio", "send one"),
        ({"model": T2V, "frame_images": [frame()]}, "frame_images[0].image_url.url",
         "takes no first_frame"),
        ({"frame_images": [frame(), frame()]}, "frame_images[1].image_url.url", "one already"),
        ({"frame_images": [frame("middle")]}, "frame_images[0].frame_type", "first_frame"),
        ({"frame_images": frame()}, "frame_images", "list"),
        ({"frame_images": [URL]}, "frame_images[0]", "object"),
        ({"frame_images": [{**frame(), "weight": 1}]}, "frame_images[0].weight", "no such"),
        ({"frame_images": [frame(url="data:image/png;base64,AAAA")]},
         "frame_images[0].image_url.url", ""),
        ({"frame_images": [frame()], "aspect_ratio": "16:9"}, "aspect_ratio", "the picture"),
        ({"input_references": [reference()]}, "input_references[0].image_url.url", "no pictures"),
        ({"input_references": [reference("audio_url")]}, "input_references[0].audio_url.url",
         "no sounds"),
        ({"model": OMNI, "aspect_ratio": "16:9", "input_references": [reference()] * 8},
         "input_references", "7 entries"),
        ({"input_references": [reference()] * 17}, "input_references", "16"),
        ({"previous_job_id": "x"}, "previous_job_id", "kirin_duration_extension"),
        ({"model": "kirin_duration_extension", "previous_job_id": "x"}, "previous_job_id", ""),
        ({"provider": {"order": ["a"]}}, "provider.order", "one provider"),
        ({"provider": {"options": {"google": {"a": 1}}}}, "provider.options.google", "kirin"),
        ({"provider": {"options": {"kirin": {"colour": 1}}}}, "colour", ""),
        ({"user": 7}, "user", "text"),
        ({"trace": {"a": "x" * 5000}}, "trace", "4096"),
        ({"colour": "red"}, "colour", ""),
        ({"input": [{}]}, "input", "native"),
    ],
)  # fmt: skip
def test_what_no_model_makes_is_refused_by_name(
    api: Api, asked: dict[str, Any], param: str, words: str
) -> None:
    error = refused(create(api, **asked))
    assert param in [each["param"] for each in error["metadata"]["errors"]], error
    assert words in error["message"]
    assert api.http.get(TASK).json()["tasks"] == []


def test_a_picture_gives_the_shape(api: Api) -> None:
    tall = frame(url=f"data:image/png;base64,{inline(720, 1280)}")
    id = made(api, frame_images=[tall], aspect_ratio="9:16", resolution="720p")["id"]
    assert api.row(id).params["mode"] == "std"
    error = refused(create(api, frame_images=[tall], aspect_ratio="16:9"))
    assert error["metadata"]["errors"][0]["param"] == "aspect_ratio"


def test_a_video_goes_on_from_another(api: Api) -> None:
    first = made(api, model=T2V)["id"]
    api.run(first)
    asked = {"model": "kirin_duration_extension", "previous_job_id": first, "prompt": None}
    assert api.row(made(api, **asked)["id"]).params["video_id"] == first


def test_what_is_noted_stands_in_the_metadata(api: Api) -> None:
    noted = {"user": "u-1", "session_id": "s-1", "trace": {"trace_id": "t-1"}}
    id = made(api, **noted, metadata={"mine": 1})["id"]
    assert api.read(id)["metadata"]["request"] == {"mine": 1, **noted}


def test_errors_of_every_kind_have_its_shape(api: Api) -> None:
    assert refused(api.stranger.post(VIDEOS, json={}), 401)["metadata"]["code"] == "invalid_api_key"
    refused(api.holder(Scope.READ).post(VIDEOS, json={}), 403)
    refused(api.http.get(f"{VIDEOS}/nothing"), 404)
    refused(api.http.get(f"{VIDEOS}/a/b/c"), 404)
    refused(create(api, model="google/veo-3.1"), 404)
    refused(create(api, model="kirin_custom_elements"), 404)
    refused(api.http.get(VIDEOS), 405)
    refused(api.http.post(VIDEOS, content=b"["))
    headers = {"Content-Encoding": "br"}
    refused(api.http.post(VIDEOS, content=b"{}", headers=headers), 415)
    # What is native below /api/v1 keeps its shape.
    for path in ("/api/v1/skill/models/nothing", "/api/v1/user/nothing", "/api/v1/nothing"):
        assert not isinstance(api.http.get(path).json().get("error"), dict)


def test_a_low_balance_is_a_payment_required(paying: Api) -> None:
    error = refused(create(paying), 402)
    assert error["metadata"]["error_code"] == 40201


def test_ends_other_than_success(api: Api) -> None:
    failed = made(api, prompt="fail")["id"]
    api.run(failed)
    shown = read(api, failed)
    assert (shown["status"], "told to fail" in shown["error"]) == ("failed", True)
    assert "unsigned_urls" not in shown
    refused(api.http.get(f"{VIDEOS}/{failed}/content"), 404)
    cancelled = made(api)["id"]
    api.http.post(f"{TASK}/{cancelled}/cancel")
    assert read(api, cancelled)["status"] == "cancelled"


def test_a_repeated_request_makes_no_second_video(api: Api) -> None:
    def send(prompt: str) -> httpx.Response:
        body = {"model": STD, "prompt": prompt}
        return api.http.post(VIDEOS, json=body, headers={"Idempotency-Key": "openrouter-7"})

    first = send("a tiny lake")
    assert send("a tiny lake").json() == first.json()
    refused(send("a tiny sea"), 409)


def test_the_models_say_what_they_can(api: Api) -> None:
    body = api.http.get(f"{VIDEOS}/models").json()
    found = {each["id"]: each for each in body["data"]}
    assert list(found) == [*SLUGS, *MAKES_VIDEOS]
    pro = found[PRO]
    assert pro["supported_resolutions"] == ["720p", "1080p"]
    assert found[STD]["supported_resolutions"] == ["720p"]
    assert pro["supported_frame_images"] == ["first_frame", "last_frame"]
    assert pro["supported_durations"] == list(range(3, 16))
    assert pro["supported_aspect_ratios"] == ["16:9", "9:16", "1:1"]
    assert "1920x1080" in pro["supported_sizes"]
    assert pro["pricing_skus"]["per_video_second_pro_on"] == "0.168"
    assert found[I2V]["supported_sizes"] is None
    assert found[T2V]["supported_frame_images"] is None
    assert "cfg_scale" in found[T2V]["allowed_passthrough_parameters"]


def test_callbacks_are_events(api: Api) -> None:
    id = made(api)["id"]
    services = api.app
    given = CallbackDependencies(
        catalogue=services.catalogue,
        presenter=services.presenter,
        links=services.links,
        base_url="https://kirin.example.com",
        result_ms=None,
    )
    callbacks = Callbacks(given)
    assert callbacks.dialect_of(api.row(id)) == "openrouter"
    assert callbacks.body(api.row(id), "openrouter") is None
    api.run(id)
    event = callbacks.body(api.row(id), "openrouter")
    assert event is not None
    assert event["type"] == "video.generation.completed"
    assert event["data"]["id"] == id
    (link,) = event["data"]["unsigned_urls"]
    assert link.startswith("https://kirin.example.com/files/")
    assert callbacks.renewed("openrouter", event) == event


PAGE = (Path(__file__).parents[2] / "docs" / "dialects" / "openrouter.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """The rows of the page's table with a heading."""
    table = PAGE.split(f"{heading}\n")[1].split("\n\n")[0].splitlines()[1:]
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in table]


def test_the_page_lists_the_addresses() -> None:
    listed = [(method, path) for method, path, _ in rows("| method | path | what it does |")]
    assert sorted(listed) == sorted((route.method, route.path) for route in OPENROUTER.routes)


def test_the_page_lists_the_fields() -> None:
    assert {name for name, _ in rows("| field | what it is |")} == {*VideoJobJson.__annotations__}
    asked = {name for name, _ in rows("| field | what becomes of it |")}
    assert (
        asked == CREATE.request_body["content"]["application/json"]["schema"]["properties"].keys()
    )
    assert dict(rows("| refused | why |")) == REFUSED


def test_the_page_lists_the_names() -> None:
    listed = rows("| model | from words | with a frame | modes | sound by default |")
    assert listed == [
        [name, slug.words, slug.frames, ", ".join(slug.modes), "on" if slug.sound else "off"]
        for name, slug in SLUGS.items()
    ]


def test_the_page_lists_the_errors() -> None:
    listed = {code: int(status) for code, status in rows("| native | status here |")}
    assert listed == {error.code: status for error, status in ERRORS.statuses.items()}
