"""Many machines: they share a database and a bucket, and nothing else."""

from __future__ import annotations

from pathlib import Path

import httpx

from kirin.media.decode import facts
from support.cards import I2V
from support.databases import Databases
from support.fleet import fleet
from support.loopback import Receiver
from support.objects import CREDENTIALS, ObjectServer
from support.pictures import inline
from support.waiting import until


def test_a_picture_goes_in_here_and_the_video_comes_out_there(
    databases: Databases, objects: ObjectServer, tmp_path: Path
) -> None:  # W-2 W-5 C-7
    settings = {"KIRIN_STORAGE_URL": objects.bucket(), **CREDENTIALS}
    with fleet("postgresql", databases, tmp_path / "fleet", **settings) as ships:
        ships.shared = None
        ships.api()
        first = ships.url
        ships.api()
        public = {"KIRIN_PUBLIC_URL": first}
        ships.ready(ships.worker(**public))
        with ships.client() as kirin, Receiver() as receiver:
            params = {"image": inline(400, 300), "callback_url": receiver.url("hook")}
            id = kirin.create(I2V, params)["id"]
            done = kirin.wait(id, timeout=60)
            video = kirin.download(done, tmp_path / "video.mp4")
            until(lambda: len(receiver.told(id)) == 2)
            told = receiver.of(id)[-1].task["output"][0]["content"][0]["url"]
        assert facts(video).codec == "h264"
        (link,) = [content["url"] for content in done["output"][0]["content"]]
        # The link of one API opens at another, and so does the one that the worker has told.
        assert told.startswith(first)
        for url in (link.replace(ships.url, first), told):
            part = httpx.get(url, headers={"Range": "bytes=10-19"}, timeout=60)
            assert part.status_code == 206
            assert part.content == video.read_bytes()[10:20]
            assert part.headers["content-type"] == "video/mp4"
        refused = httpx.get(link, headers={"Range": "bytes=99999999-"}, timeout=60)
        assert refused.json()["code"] == "range_refused"
        stored = [path for path in ships.folder.rglob("*.mp4") if "cache" not in path.parts]
        assert stored == []
