"""While the bucket is away, what needs it answers 503 with Retry-After, and the rest works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from kirin.accounts.keys import Scope
from kirin.app import App
from kirin.settings import Settings
from kirin.storage import objects as bucket_storage
from support.api import GENERATION, TASK, Api, InProcess
from support.gate import Gate
from support.objects import ObjectServer
from support.pictures import inline, ramp, saved

T2V, I2V = "kirin_v1_6_t2v", "kirin_v1_6_i2v"
UPLOADS = "/model/v1/files"
SEEDED = {"model": T2V, "seed": 7, "input": [{"params": {"prompt": "a tiny lake"}}]}
"""Sent again, it is answered by a copy of the first result."""


@dataclass(frozen=True)
class Harbour:
    """A server whose files are in a bucket, which goes away and comes back.

    Attributes:
        done: a completed task of :data:`SEEDED`.
        link: of an upload.
    """

    api: Api
    gate: Gate
    done: dict[str, Any]
    link: str

    @property
    def video(self) -> str:
        """The signed link of the task's video."""
        url: str = self.done["output"][0]["content"][0]["url"]
        return url

    def operator(self) -> httpx.Client:
        """A client with an operator's key."""
        return self.api.holder(Scope.ADMIN)


@pytest.fixture(scope="module")
def harbour(objects: ObjectServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    url = objects.bucket()
    port = urlsplit(objects.endpoint).port
    assert port
    with pytest.MonkeyPatch.context() as patch, closing(Gate(port)) as gate:
        patch.setattr(bucket_storage, "RETRY_SECONDS", 0.2)
        settings = Settings(
            data_dir=tmp_path_factory.mktemp("harbour"),
            engines="scripted",
            sync_seconds=1,
            storage_url=url.replace(f":{port}", f":{gate.port}"),
        )
        app = App.open(settings)
        transport = InProcess(app.http())
        api = Api(app, transport)
        done = api.run(api.http.post(GENERATION, json=SEEDED).json()["id"])
        assert done["status"] == "completed", done
        uploaded = api.http.post(UPLOADS, content=saved(ramp()))
        yield Harbour(api, gate, done, uploaded.json()["url"])
        transport.end()
        app.close()


ASKS: dict[str, Callable[[Harbour], httpx.Response]] = {
    "create with a picture": lambda h: h.api.create(I2V, image=inline()),
    "create with an upload": lambda h: h.api.create(I2V, image=h.link),
    "create and wait": lambda h: h.api.http.post(
        f"{GENERATION}/sync", json={"model": I2V, "input": [{"params": {"image": inline()}}]}
    ),
    "create a batch": lambda h: h.api.http.post(
        f"{GENERATION}/batch",
        json={"requests": [{"model": I2V, "input": [{"params": {"image": inline()}}]}]},
    ),
    "create by a copy": lambda h: h.api.http.post(GENERATION, json=SEEDED),
    "upload": lambda h: h.api.http.post(UPLOADS, content=saved(ramp(64, 48))),
    "download": lambda h: h.api.stranger.get(h.video),
    "download of an upload": lambda h: h.api.stranger.get(h.link),
    "poster": lambda h: h.api.http.get(f"{TASK}/{h.done['id']}/poster"),
    "contact sheet": lambda h: h.api.http.get(f"{TASK}/{h.done['id']}/contact-sheet"),
    "zip": lambda h: h.api.http.post(f"{GENERATION}/zip", json={"task_ids": [h.done["id"]]}),
    "link of a zip": lambda h: h.api.http.post(
        f"{GENERATION}/zip/token", json={"task_ids": [h.done["id"]]}
    ),
    "what is stored": lambda h: h.operator().get("/admin/v1/storage"),
    "video of another API": lambda h: h.api.http.get(f"/v1/videos/{h.done['id']}/content"),
}
"""What needs the bucket."""


@pytest.mark.parametrize("ask", ASKS)
def test_what_needs_the_bucket_says_so(harbour: Harbour, ask: str) -> None:
    harbour.gate.shut()
    try:
        answer = ASKS[ask](harbour)  # and held against the OpenAPI document
    finally:
        harbour.gate.open()
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("ask", ASKS)
def test_what_needs_the_bucket_works_again(harbour: Harbour, ask: str) -> None:
    answer = ASKS[ask](harbour)
    assert answer.status_code in (200, 504), answer.text


def test_what_needs_no_bucket_works_on(harbour: Harbour) -> None:
    api = harbour.api
    removed = api.finish(T2V, prompt="a tiny lake")["id"]
    harbour.gate.shut()
    try:
        assert api.read(harbour.done["id"])["status"] == "completed"
        assert api.create(T2V, prompt="a tiny lake").status_code == 200
        assert api.http.post(f"{TASK}/{removed}/remove").json() == {"id": removed, "removed": True}
        ready = api.stranger.get("/readyz")
    finally:
        harbour.gate.open()
    assert ready.status_code == 503
