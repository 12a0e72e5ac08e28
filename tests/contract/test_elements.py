"""kirin_custom_elements: the making of a subject (contract, EL-1 to EL-4, and its price)."""

from __future__ import annotations

from typing import Any

import pytest

from kirin.domain.subject import SubjectKind
from support.api import SUBJECT, Api, element_id
from support.cards import ELEMENTS
from support.loopback import FileHost
from support.pictures import inline
from support.videos import video

URL = "https://example.com/side.jpg"
VIDEO_PATH = "element_video_list.refer_videos[0].video_url"
FROM_VIDEO = {"reference_type": "video_refer", "element_image_list": None}


def pictures(*others: object, front: object = URL) -> dict[str, Any]:
    """An element_image_list."""
    return {"frontal_image": front, "refer_images": list(others)}


def videos(*urls: object) -> dict[str, Any]:
    """An element_video_list."""
    return {"refer_videos": [{"video_url": url} for url in urls]}


def problems(api: Api, **changes: Any) -> dict[str, str]:
    """The code of each parameter that must be refused."""
    return api.problems(ELEMENTS, **(SUBJECT | changes))


@pytest.mark.parametrize(("name", "most"), [("element_name", 20), ("element_description", 100)])
def test_name_and_description(api: Api, name: str, most: int) -> None:  # EL-1
    for character in ("x", "駿", "🐴"):
        api.make(ELEMENTS, **(SUBJECT | {name: character * most}))
        assert problems(api, **{name: character * (most + 1)}) == {name: "too_long"}
    assert problems(api, **{name: None}) == {name: "required"}
    assert problems(api, **{name: ""}) == {name: "too_short"}
    assert problems(api, **{name: "　"}) == {name: "too_short"}
    assert problems(api, **{name: 7}) == {name: "wrong_type"}


def test_a_name_is_one_line(api: Api) -> None:  # EL-1 EL-3
    for name in ("Ada\nBea", "Ada\x1b", "Ada\u2028"):
        assert problems(api, element_name=name) == {"element_name": "invalid_text"}
        assert problems(api, tag_list=[{"tag_id": name}]) == {"tag_list[0].tag_id": "invalid_text"}
    api.make(ELEMENTS, **(SUBJECT | {"element_description": "tall\nand thin"}))


def test_all_that_is_missing_is_told_at_once(api: Api) -> None:  # EL-1 EL-2 W-9
    required = ("element_name", "element_description", "reference_type")
    assert api.problems(ELEMENTS) == dict.fromkeys(required, "required")


@pytest.mark.parametrize("given", ["", "image", "Image_refer", True, 1, ["image_refer"]])
def test_a_wrong_reference_type(api: Api, given: object) -> None:  # EL-2
    assert problems(api, reference_type=given).keys() == {"reference_type"}


FLAT = {
    "element_name": "Mia",
    "element_description": "A girl with a yellow raincoat",
    "element_frontal_image": inline(310, 300),
    "element_refer_list": [{"image_url": inline(320, 300)}],
}


def test_the_flat_form_means_pictures(api: Api) -> None:  # EL-2
    row = api.make(ELEMENTS, **FLAT)
    task = api.run(row.id)
    (subject,) = api.app.library.some(api.account, {element_id(task)}).values()
    assert subject.draft.kind is SubjectKind.IMAGE
    assert [view.width for view in subject.draft.views] == [310, 320]


@pytest.mark.parametrize(("count", "good"), [(0, False), (1, True), (3, True), (4, False)])
def test_the_flat_form_has_one_to_three_further_pictures(
    api: Api, count: int, good: bool
) -> None:  # EL-2
    given = FLAT | {"element_refer_list": [{"image_url": URL}] * count}
    if good:
        api.make(ELEMENTS, **given)
    else:
        code = "wrong_count" if count else "required"
        assert api.problems(ELEMENTS, **given) == {"element_refer_list": code}


@pytest.mark.parametrize("name", ["element_frontal_image", "element_refer_list"])
def test_the_parts_of_the_flat_form_go_together(api: Api, name: str) -> None:  # EL-2
    assert api.problems(ELEMENTS, **(FLAT | {name: None})) == {name: "required"}


@pytest.mark.parametrize(
    "other",
    [
        {"reference_type": "image_refer", "element_image_list": SUBJECT["element_image_list"]},
        {"element_image_list": SUBJECT["element_image_list"]},
        {"element_video_list": {"refer_videos": [{"video_url": URL}]}},
    ],
)
def test_both_forms_together_are_refused(api: Api, other: dict[str, Any]) -> None:  # EL-2
    answer = api.create(ELEMENTS, **FLAT, **other)
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == (next(iter(other)), "not_in_this_combination")
    assert "element_frontal_image, element_refer_list" in problem["message"]


def test_a_picture_of_the_flat_form_is_checked(api: Api) -> None:  # EL-2 C-3
    small = FLAT | {"element_frontal_image": inline(299, 300)}
    assert api.problems(ELEMENTS, **small) == {"element_frontal_image": "too_small"}


def test_tags_of_the_family(api: Api) -> None:  # EL-3
    tags = [{"tag_id": f"o_10{number}"} for number in range(1, 9)]
    api.make(ELEMENTS, **FLAT, tag_list=tags)


@pytest.mark.parametrize("kind", ["image", "video"])
def test_each_kind_needs_a_list_of_its_own(api: Api, kind: str) -> None:  # EL-2
    name = f"element_{kind}_list"
    given = {"reference_type": f"{kind}_refer", "element_image_list": None}
    assert problems(api, **given) == {name: "required"}


def test_the_list_of_the_other_kind_does_not_go_with_it(api: Api) -> None:  # EL-2
    code = "not_in_this_combination"
    assert problems(api, element_video_list=videos(URL)) == {"element_video_list": code}
    both = {"reference_type": "video_refer", "element_video_list": videos(URL)}
    assert problems(api, **both) == {"element_image_list": code}


@pytest.mark.parametrize(("count", "good"), [(0, False), (1, True), (3, True), (4, False)])
def test_one_to_three_further_pictures(api: Api, count: int, good: bool) -> None:  # EL-2
    given = pictures(*[{"image_url": URL}] * count)
    if good:
        api.make(ELEMENTS, **(SUBJECT | {"element_image_list": given}))
    else:
        where = "element_image_list.refer_images"
        assert problems(api, element_image_list=given) == {where: "wrong_count"}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, {".frontal_image": "required", ".refer_images": "required"}),
        ({"frontal_image": URL}, {".refer_images": "required"}),
        (pictures({"image_url": URL}, front=None), {".frontal_image": "required"}),
        (pictures({"image_url": URL}, front=7), {".frontal_image": "wrong_type"}),
        (pictures({"image_url": URL}, front="###"), {".frontal_image": "not_base64"}),
        (pictures({"image_url": inline(299, 300)}), {".refer_images[0].image_url": "too_small"}),
        (
            pictures({"image_url": URL}, {"image_url": inline(300, 751)}),
            {".refer_images[1].image_url": "aspect"},
        ),
        (pictures(URL), {".refer_images[0]": "wrong_type"}),
        (
            pictures({"image": URL}),
            {
                ".refer_images[0].image": "unknown_parameter",
                ".refer_images[0].image_url": "required",
            },
        ),
        ([pictures({"image_url": URL})], {"": "wrong_type"}),
        (URL, {"": "wrong_type"}),
        (
            pictures({"image_url": URL}) | {"side_image": URL},
            {".side_image": "unknown_parameter"},
        ),
    ],
    ids=str,
)
def test_wrong_pictures(api: Api, given: object, wrong: dict[str, str]) -> None:  # EL-2
    expected = {f"element_image_list{place}": code for place, code in wrong.items()}
    assert problems(api, element_image_list=given) == expected


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, {".refer_videos": "required"}),
        (videos(), {".refer_videos": "wrong_count"}),
        (videos(URL, URL), {".refer_videos": "wrong_count"}),
        (videos(None), {".refer_videos[0].video_url": "required"}),
        (videos("AAAA"), {".refer_videos[0].video_url": "not_a_url"}),
        (videos("http://10.0.0.1/a.mp4"), {".refer_videos[0].video_url": "not_public"}),
        ({"refer_videos": [URL]}, {".refer_videos[0]": "wrong_type"}),
    ],
    ids=str,
)
def test_wrong_videos(api: Api, given: object, wrong: dict[str, str]) -> None:  # EL-2
    expected = {f"element_video_list{place}": code for place, code in wrong.items()}
    assert problems(api, **FROM_VIDEO, element_video_list=given) == expected


@pytest.mark.parametrize(
    ("seconds", "refusal"),
    [(2.9, "at least 3 s"), (3, None), (8, None), (8.1, "at most 8 s")],
)
def test_a_subject_from_a_video(
    fetching: Api, files: FileHost, seconds: float, refusal: str | None
) -> None:  # EL-2
    given = videos(files.add("subject.mp4", video(seconds=seconds)))
    task = fetching.finish(ELEMENTS, **(SUBJECT | FROM_VIDEO | {"element_video_list": given}))
    if refusal is None:
        kept = fetching.app.library.get(fetching.account, element_id(task)).draft
        assert kept.kind is SubjectKind.VIDEO
        assert kept.video is not None
        assert task["metadata"]["views"] == len(kept.views) == 3
        sizes = {(view.width, view.height) for view in kept.views}
        assert sizes == {(kept.video.width, kept.video.height)}
        assert kept.video.seconds == seconds
    else:
        assert task["error"]["code"] == "006001099"
        assert task["error"]["message"].startswith(f"{VIDEO_PATH}: ")
        assert refusal in task["error"]["message"]
        assert fetching.app.library.all(fetching.account) == []


@pytest.mark.parametrize(("path", "code"), [("missing", "006001095"), ("text", "006001099")])
def test_a_picture_that_cannot_be_had(
    fetching: Api, files: FileHost, path: str, code: str
) -> None:  # EL-2
    files.add("text", b"plain text")
    front = pictures({"image_url": inline()}, front=files.url(path))
    task = fetching.finish(ELEMENTS, **(SUBJECT | {"element_image_list": front}))
    assert task["error"]["code"] == code
    assert task["error"]["message"].startswith("element_image_list.frontal_image: ")


def test_the_frontal_picture_is_the_first_view(api: Api) -> None:  # EL-2
    sizes = [(750, 300), (300, 750), (301, 300), (302, 300)]
    front, *others = ({"image_url": inline(*size)} for size in sizes)
    given = pictures(*others, front=front["image_url"])
    id = api.subject(element_image_list=given)
    kept = api.app.library.get(api.account, id).draft
    assert [(view.width, view.height) for view in kept.views] == sizes
    assert (kept.kind, kept.video) == (SubjectKind.IMAGE, None)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (None, ()),
        ([], ()),
        ([{"tag_id": "o_102"}], ("o_102",)),
        ([{"tag_id": "b"}, {"tag_id": "a"}], ("b", "a")),
        ([{"tag_id": f"{number}"} for number in range(20)], tuple(map(str, range(20)))),
    ],
    ids=["none", "empty", "one", "two", "twenty"],
)
def test_tags(api: Api, given: object, kept: tuple[str, ...]) -> None:  # EL-3
    id = api.subject(tag_list=given)
    assert api.app.library.get(api.account, id).draft.tags == kept


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (["people"], {"[0]": "wrong_type"}),
        ([{}], {"[0].tag_id": "required"}),
        ([{"tag_id": 7}], {"[0].tag_id": "wrong_type"}),
        ([{"tag_id": ""}], {"[0].tag_id": "too_short"}),
        ([{"tag_id": "x" * 65}], {"[0].tag_id": "too_long"}),
        ([{"tag_id": "a", "name": "b"}], {"[0].name": "unknown_parameter"}),
        ([{"tag_id": "a"}] * 21, {"": "wrong_count"}),
        ("people", {"": "wrong_type"}),
    ],
    ids=lambda value: str(value)[:30],
)
def test_wrong_tags(api: Api, given: object, wrong: dict[str, str]) -> None:  # EL-3
    assert problems(api, tag_list=given) == {f"tag_list{p}": code for p, code in wrong.items()}


def test_a_subject_is_made_by_a_task_like_the_others(api: Api) -> None:  # EL-4 W-2 W-3 W-5 W-6
    row = api.make(ELEMENTS, **SUBJECT, external_task_id="ada")
    assert api.read("ada")["status"] == "in_progress"
    task = api.run(row.id)
    assert (task["status"], task["progress"]) == ("completed", 1)
    (output,) = task["output"]
    (content,) = output["content"]
    assert content.keys() == {"type", "element_id", "jobId"}
    assert (content["type"], content["jobId"]) == ("element", row.id)
    assert task["usage"] == {"cost": "0.0100", "discount": 0.0}
    assert task["metadata"]["queue_seconds"] >= 0


def test_ids_made_here_are_numbers_that_javascript_can_hold(api: Api) -> None:  # EL-4
    ids = {api.subject(element_name=f"{number}") for number in range(4)}
    assert len(ids) == 4
    assert {type(id) for id in ids} == {int}
    assert all(0 < id < 2**53 for id in ids)
    assert max(ids) > 2**45  # they are spread, so that none can be guessed


@pytest.mark.parametrize(
    "parameter", ["watermark_info", "mode", "duration", "prompt", "element_list"]
)
def test_what_this_model_does_not_have(api: Api, parameter: str) -> None:  # C-9
    assert problems(api, **{parameter: "x"}) == {parameter: "unknown_parameter"}


def test_a_cancelled_task_makes_no_subject(api: Api) -> None:  # EL-4 W-4
    row = api.make(ELEMENTS, **SUBJECT)
    api.app.tasks.cancel(api.account, row.id)
    assert api.run(row.id)["error"]["code"] == "task_cancelled"
    assert api.app.library.all(api.account) == []
