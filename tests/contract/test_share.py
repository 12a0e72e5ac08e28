"""Links to videos for other people (contract, section 1: W-12)."""

from __future__ import annotations

import time
from decimal import Decimal

import httpx
import pytest

from kirin.accounts.keys import Scope
from kirin.domain.task import Status, Task
from kirin.errors import ResultExpired
from kirin.http.tasks.share import LONGEST_SECONDS, SHORTEST_SECONDS, Sharing
from kirin.storage.links import Links
from support.api import TASK, Api
from support.cards import ELEMENTS, T2V
from support.pictures import inline

DAY = 86_400
LINKS = Links(b"0123456789abcdef", DAY)


def share(api: Api, task: str, **body: object) -> httpx.Response:
    return api.http.post(f"{TASK}/{task}/share", json=body)


def finished(api: Api, **params: object) -> str:
    task = api.make(T2V, prompt="a tiny lake", **params)
    api.run(task.id)
    return task.id


def test_a_shared_link_opens_the_video_without_a_key(api: Api) -> None:  # W-12
    task = finished(api, external_task_id="shared/with you")
    before = int(time.time())
    for name in (task, "shared/with you"):
        answer = share(api, name, expires_in_seconds=120)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        made = answer.json()
        assert set(made) == {"url", "expires_at"}
        assert before + 120 <= made["expires_at"] / 1000 <= time.time() + 120
        video = api.stranger.get(made["url"])
        assert (video.status_code, video.headers["Content-Type"]) == (200, "video/mp4")


def test_it_lasts_a_day_where_nothing_is_said(api: Api) -> None:  # W-12
    task = finished(api)
    for answer in (api.http.post(f"{TASK}/{task}/share"), share(api, task)):
        assert answer.json()["expires_at"] / 1000 == pytest.approx(time.time() + DAY, abs=60)


@pytest.mark.parametrize(
    ("seconds", "status"),
    [
        (SHORTEST_SECONDS - 1, 400),
        (SHORTEST_SECONDS, 200),
        (LONGEST_SECONDS, 200),
        (LONGEST_SECONDS + 1, 400),
        ("120", 400),
        (120.5, 400),
    ],
)
def test_from_a_minute_to_a_week(api: Api, seconds: object, status: int) -> None:  # W-12
    answer = share(api, finished(api), expires_in_seconds=seconds)
    assert answer.status_code == status, answer.text
    if status == 400:
        assert [problem["param"] for problem in answer.json()["errors"]] == ["expires_in_seconds"]


def test_an_unknown_member_is_refused_by_name(api: Api) -> None:  # W-12 W-9
    answer = share(api, finished(api), seconds=120)
    assert answer.json()["errors"][0]["param"] == "seconds"


def test_it_leads_to_the_marked_copy_where_that_is_asked_for(api: Api) -> None:  # W-12
    task = finished(api, watermark_info={"enabled": True})
    plain, marked = (share(api, task, watermark=each).json()["url"] for each in (False, True))
    assert "/video.mp4?" in plain
    assert api.stranger.get(plain).content != api.stranger.get(marked).content
    unmarked = share(api, finished(api), watermark=True)
    assert (unmarked.status_code, unmarked.json()["code"]) == (404, "no_video")


def test_it_ends_with_the_time_it_was_given(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:  # W-12
    made = share(api, finished(api), expires_in_seconds=60).json()
    for later, status in ((-1, 200), (0, 403)):
        with monkeypatch.context() as patch:
            at = made["expires_at"] / 1000 + later
            patch.setattr("kirin.http.files.downloads.time.time", lambda at=at: at)
            assert api.stranger.get(made["url"]).status_code == status


def test_it_ends_when_the_task_is_removed(api: Api) -> None:  # W-12
    task = finished(api)
    url = share(api, task, expires_in_seconds=LONGEST_SECONDS).json()["url"]
    assert api.stranger.get(url).status_code == 200
    api.http.post(f"{TASK}/{task}/remove")
    assert api.stranger.get(url).status_code == 410
    assert share(api, task).status_code == 404


def test_it_does_not_outlive_the_file() -> None:  # W-12
    task = Task(
        id="a" * 32,
        account="test",
        model=T2V,
        status=Status.COMPLETED,
        created_at=1000,
        updated_at=1000,
        finished_at=1_000_000,
        params={},
        seed=7,
        quote=Decimal(0),
    )
    sharing = Sharing(LINKS, DAY * 1000)
    assert sharing.end(task, 3600, 1000.0) == 4600
    assert sharing.end(task, 2 * DAY, 1000.0) == 1000 + DAY
    assert Sharing(LINKS, None).end(task, 2 * DAY, 1000.0) == 1000 + 2 * DAY
    with pytest.raises(ResultExpired):
        sharing.end(task, 3600, 1000.0 + DAY)


def test_what_has_no_video_cannot_be_shared(api: Api) -> None:  # W-12
    waiting = api.make(T2V, prompt="a tiny lake").id
    subject = api.make(
        ELEMENTS,
        element_name="Ada",
        element_description="somebody",
        reference_type="image_refer",
        element_image_list={
            "frontal_image": inline(300, 300),
            "refer_images": [{"image_url": inline(300, 300)}],
        },
    ).id
    answer = share(api, waiting)
    assert (answer.status_code, answer.json()["code"]) == (404, "video_not_ready")
    api.http.post(f"{TASK}/{waiting}/cancel")
    api.run(subject)
    for task in (waiting, subject):
        answer = share(api, task)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_video"), answer.text


def test_others_cannot_share_it(api: Api) -> None:  # W-12 W-9
    task = finished(api)
    assert api.stranger.post(f"{TASK}/{task}/share").status_code == 401
    assert api.another().http.post(f"{TASK}/{task}/share").status_code == 404
    assert api.holder(Scope.ADMIN).post(f"{TASK}/{task}/share").status_code == 403
