"""Subjects in use: ids in requests, the library, deletion (contract, EL-4 and EL-5)."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from PIL import Image

from kirin.catalogue.card import Card
from kirin.clock import now_ms
from support.api import GENERATION, LIBRARY, SUBJECT, Api
from support.cards import ELEMENTS, V3, having
from support.loopback import FileHost
from support.pictures import inline
from support.videos import video

URL = "https://example.com/picture.jpg"


def using(*ids: object, **changes: Any) -> dict[str, Any]:
    """A request for a video that shows these subjects."""
    listed = [{"element_id": id} for id in ids]
    return {"image": URL, "prompt": "a", "element_list": listed, **changes}


def good(card: Card, *ids: object) -> dict[str, Any]:
    """A good request for a model, with these subjects."""
    given = dict(card.examples[0]) | {"element_list": [{"element_id": id} for id in ids]}
    return given | ({"character_orientation": "video"} if "character_orientation" in given else {})


@having("element_list")
@pytest.mark.parametrize(
    "id",
    [1, 0, -1, 2**53 - 1, 2**53 + 1, 829836802793406551, 2**63 - 1, -(2**63)],
)
def test_any_64_bit_id_is_read_exactly(api: Api, card: Card, id: int) -> None:  # EL-4
    answer = api.create(card.id, **good(card, id))
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == (
        "element_list[0].element_id",
        "unknown_element",
    )
    assert f"no element {id}" in problem["message"]


@having("element_list")
@pytest.mark.parametrize(
    ("literal", "code"),
    [
        ("9223372036854775808", "out_of_range"),
        ("-9223372036854775809", "out_of_range"),
        ("1" + "0" * 400, "out_of_range"),
        ("829836802793406551.0", "wrong_type"),  # a float has lost digits already
        ("8.29836802793406551e17", "wrong_type"),
        ("1.5", "wrong_type"),
        ('"829836802793406551"', "wrong_type"),
        ("true", "wrong_type"),
    ],
    ids=lambda value: value[:24],
)
def test_what_is_no_64_bit_id(api: Api, card: Card, literal: str, code: str) -> None:  # EL-4
    body = json.dumps({"model": card.id, "input": [{"params": good(card, 424242)}]})
    answer = api.http.post(GENERATION, content=body.replace("424242", literal).encode())
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == ("element_list[0].element_id", code)


def test_an_id_is_written_as_a_whole_number(api: Api) -> None:  # EL-4
    task = api.finish(ELEMENTS, **SUBJECT)
    id = task["output"][0]["content"][0]["element_id"]
    for path in (f"{GENERATION}/task/{task['id']}", LIBRARY, f"{LIBRARY}/{id}"):
        assert re.search(rf'"element_id":{id}[,}}]', api.http.get(path).text)


def test_a_subject_is_shown_as_it_was_made(api: Api) -> None:  # EL-5
    words = {"element_name": "麒麟 🐉", "element_description": "A <b>beast</b> & more"}
    tags = [{"tag_id": "myth"}, {"tag_id": "o_1"}]
    before = now_ms()
    id = api.subject(**words, tag_list=tags)
    shown = api.http.get(f"{LIBRARY}/{id}").json()
    assert before <= shown.pop("created_at") <= now_ms()
    thumbnail = api.http.get(shown.pop("thumbnail_url"), headers={"Authorization": ""})
    assert thumbnail.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(thumbnail.content)).size == (320, 320)
    assert shown == {
        "element_id": id,
        "reference_type": "image_refer",
        "tag_list": tags,
        "cutout_url": None,  # nothing stands out from a plain picture
        "joints": [],
        **words,
    }


def test_a_subject_from_a_video_says_so(fetching: Api, files: FileHost) -> None:  # EL-5
    listed = {"refer_videos": [{"video_url": files.add("subject.mp4", video())}]}
    kind = {"reference_type": "video_refer", "element_image_list": None}
    id = fetching.subject(**kind, element_video_list=listed)
    assert fetching.http.get(f"{LIBRARY}/{id}").json()["reference_type"] == "video_refer"


def test_the_list_has_all_subjects_the_newest_first(api: Api) -> None:  # EL-5
    assert api.http.get(LIBRARY).json() == {"elements": []}
    ids = {api.subject(element_name=f"{number}") for number in range(3)}
    listed = api.http.get(LIBRARY).json()["elements"]
    assert {element["element_id"] for element in listed} == ids
    times = [element["created_at"] for element in listed]
    assert times == sorted(times, reverse=True)
    for element in listed:
        assert element == api.http.get(f"{LIBRARY}/{element['element_id']}").json()


def test_another_accounts_subject_is_as_good_as_none(api: Api) -> None:  # EL-5 W-9
    id, other = api.subject(), api.another()
    assert other.http.get(LIBRARY).json() == {"elements": []}
    for method in ("GET", "DELETE"):
        answer = other.http.request(method, f"{LIBRARY}/{id}")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_element")
    strange = other.create(V3, **using(id)).json()["errors"]
    unknown = other.create(V3, **using(id - 1)).json()["errors"]
    # Nothing tells that it is somebody else's.
    assert json.dumps(strange).replace(f"{id}", "ID") == json.dumps(unknown).replace(
        f"{id - 1}", "ID"
    )
    assert api.http.get(f"{LIBRARY}/{id}").status_code == 200


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize(
    "id", ["0", "7", "-1", "x", "1.5", "٥", "%00", "9" * 19, "9" * 5000, "9007199254740993"]
)
def test_a_subject_that_is_not_there(api: Api, method: str, id: str) -> None:  # EL-5 W-9
    answer = api.http.request(method, f"{LIBRARY}/{id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_element")


@pytest.mark.parametrize("path", [LIBRARY, f"{LIBRARY}/7"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_the_library_takes_a_key(api: Api, method: str, path: str) -> None:  # EL-5 W-10
    answer = api.stranger.request(method, path)
    expected = (405, "method_not_allowed") if (method, path) == ("DELETE", LIBRARY) else None
    assert (answer.status_code, answer.json()["code"]) == (expected or (401, "invalid_api_key"))


def test_a_deleted_subject_is_gone(api: Api) -> None:  # EL-5
    gone, kept = api.subject(), api.subject()
    answer = api.http.delete(f"{LIBRARY}/{gone}")
    assert (answer.status_code, answer.json()) == (200, {"element_id": gone, "deleted": True})
    for method in ("GET", "DELETE"):
        assert api.http.request(method, f"{LIBRARY}/{gone}").status_code == 404
    assert [e["element_id"] for e in api.http.get(LIBRARY).json()["elements"]] == [kept]
    assert api.problems(V3, **using(kept, gone)) == {
        "element_list[1].element_id": "unknown_element"
    }


def test_a_task_that_waits_keeps_its_deleted_subject(api: Api) -> None:  # EL-5
    id = api.subject(element_name="Ada")
    row = api.make(V3, **using(id, image=inline(), duration=3))
    assert api.http.delete(f"{LIBRARY}/{id}").status_code == 200
    (shot,) = api.storyboard(api.row(row.id)).shots
    assert [reference.name for reference in shot.references] == ["Ada"]
    assert api.run(row.id)["status"] == "completed"


def test_the_task_that_made_a_subject_outlives_it(api: Api) -> None:  # EL-5
    task = api.finish(ELEMENTS, **SUBJECT)
    id = task["output"][0]["content"][0]["element_id"]
    api.http.delete(f"{LIBRARY}/{id}")
    assert api.read(task["id"]) == task


def test_what_a_subject_is_made_of_is_read_when_it_appears(api: Api) -> None:  # EL-5 V3-5
    id = api.subject(element_name="Ada")
    row = api.make(V3, **using(id, image=inline(), duration=3))
    (shot,) = api.storyboard(row).shots
    views = shot.references[0].views
    assert [(view.width, view.height) for view in views] == [(310, 300), (320, 300)]
    # The scripted engine opens every file that the storyboard names.
    assert api.run(row.id)["status"] == "completed"
