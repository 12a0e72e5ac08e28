"""The Kling family's own API on both sides: a published client, and our own client half."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from kirin.client import Kirin, LocalServer, TaskFailed
from kirin.database.account_tables import keys
from kirin.database.engine import Database
from kirin.media.decode import facts
from kirin.settings import Settings
from support.cards import ELEMENTS, T2V, V3
from support.certificates import Authority
from support.javascript import run_script
from support.pictures import inline
from support.servers import local_server

DIALECTS = Path(__file__).parents[2] / "docs" / "dialects"
OPERATORS = "a secret of the operator's own, long enough"


@dataclass
class Signing:
    """A server that takes tokens, and the two faces of its key."""

    server: LocalServer
    access_key: str
    secret_key: str


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signing]:
    data = tmp_path_factory.mktemp("signing")
    with local_server(data, KIRIN_TOKEN_SECRET=OPERATORS, KIRIN_SLOTS="4") as server:
        database = Database(Settings(data_dir=data).tables_url)
        with database.read() as connection:
            id = connection.execute(select(keys.c.id)).scalar_one()
        database.close()
        yield Signing(server, id, server.api_key)


def test_the_published_client_works_unchanged(signing: Signing, tmp_path: Path) -> None:
    picture = tmp_path / "first.png"
    picture.write_bytes(b64decode(inline(640, 360)))
    authority = Authority()
    told = run_script(
        "kling.mjs",
        seconds=240,
        base_url=signing.server.base_url,
        access_key=signing.access_key,
        secret_key=signing.secret_key,
        picture=str(picture),
        chain=authority.chain("localhost").decode(),
        authority=authority.write(tmp_path / "authority.pem").read_text(),
    )
    assert told["created"]["task_status"] == "submitted"
    done = told["done"]
    assert (done["task_status"], done["task_info"]) == (
        "succeed",
        {"external_task_id": "from-words"},
    )
    (video,) = done["task_result"]["videos"]
    assert video["duration"] == "5"
    assert told["bytes"] > 1000
    assert told["by_name"] == done["task_id"]
    for name in ("picture", "longer", "several", "omni"):
        assert told[name]["task_status"] == "succeed", name
    assert told["longer"]["task_result"]["videos"][0]["duration"] == "10"
    assert told["costs"] == {"code": 0, "msg": "success", "resource_pack_subscribe_infos": []}
    assert (told["healthy"], told["stranger_healthy"]) == (True, False)
    errors = {n: told[n] for n in ("refused", "failed", "unknown", "unserved", "stranger")}
    assert {error["name"] for error in errors.values()} == {"KlingAPIError"}
    codes = {name: (error["code"], error.get("status")) for name, error in errors.items()}
    assert codes == {
        "refused": (1201, 400),
        "failed": (5000, None),
        "unknown": (1203, 404),
        "unserved": (1202, 404),
        "stranger": (1002, 401),
    }
    assert "aspect_ratio" in errors["refused"]["message"]
    assert "told to fail" in errors["failed"]["message"]


FILE = """
[engines.far]
kind = "kling"
url = "{url}"
access_key = "{access}"
secret_key = "{secret}"
poll_seconds = 0.1
"""


@dataclass
class Two:
    """A server, and the one that makes its videos for it."""

    near: Kirin
    far: Kirin


@pytest.fixture(scope="module")
def two(signing: Signing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    data = tmp_path_factory.mktemp("near")
    file = data / "engines.toml"
    url = f"{signing.server.base_url}/kling"  # as a gateway has it
    file.write_text(FILE.format(url=url, access=signing.access_key, secret=signing.secret_key))
    settings = {"KIRIN_ENGINES": "far,scripted", "KIRIN_ENGINE_FILE": str(file)}
    with (
        local_server(data, **settings) as server,
        server.client() as near,
        signing.server.client() as far,
    ):
        yield Two(near, far)


def made(two: Two, model: str, **params: Any) -> dict[str, Any]:
    return two.near.wait(two.near.create(model, params)["id"], timeout=60)


def test_a_video_is_made_there_and_kept_here(two: Two, tmp_path: Path) -> None:
    task = made(two, T2V, prompt="a lake", mode="std", watermark_info={"enabled": True})
    there = two.far.task(task["id"])  # it has our id as its name
    assert task["output"][0]["jobId"] == there["id"]
    assert task["metadata"]["engine"] == "far"
    assert there["model"] == T2V
    # The price there is 0.28 USD, two units.
    assert task["metadata"]["upstream_cost"] == {"amount": "2", "unit": "units"}
    found = facts(two.near.download(task, tmp_path / "video.mp4"))
    assert (found.width, found.height, found.frame_count) == (1280, 720, 120)


def test_pictures_and_subjects_go_there_and_subjects_go_again(two: Two) -> None:
    before = two.far.elements()["elements"]
    sides = [{"image_url": inline(400, 300)}]
    subject = made(
        two,
        ELEMENTS,
        element_name="Ada",
        element_description="a woman",
        reference_type="image_refer",
        element_image_list={"frontal_image": inline(300, 400), "refer_images": sides},
    )
    element = subject["output"][0]["content"][0]["element_id"]
    task = made(
        two,
        V3,
        prompt="tiny <<<element_1>>> waits",
        image=inline(640, 360),
        duration="3",
        element_list=[{"element_id": element}],
    )
    assert two.far.task(task["id"])["id"] == task["output"][0]["jobId"]
    assert two.far.elements()["elements"] == before


def test_a_failure_there_is_told_here(two: Two) -> None:
    with pytest.raises(TaskFailed, match=r"far: .*told to fail"):
        made(two, T2V, prompt="fail")


@pytest.mark.parametrize("page", ["kling", "kling_new"])
def test_the_examples_of_the_pages_run(
    signing: Signing, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = DIALECTS / f"{page}.md"
    (code,) = re.findall(r"```python\n(.*?)```", path.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KLING_ACCESS_KEY", signing.access_key)
    monkeypatch.setenv("KLING_SECRET_KEY", signing.secret_key)
    monkeypatch.setenv("KIRIN_API_KEY", signing.secret_key)
    code = code.replace("http://127.0.0.1:8000", signing.server.base_url)
    code = code.replace("time.sleep(1)", "time.sleep(0.1)")
    exec(compile(code, str(path), "exec"), {})  # noqa: S102  our own page
    assert facts(tmp_path / "lake.mp4").frame_count == 120
