"""Videos of earlier tasks that requests name by an id: those of a card's examples are there."""

from __future__ import annotations

import secrets
from decimal import Decimal
from functools import cache

from sqlalchemy import update

from kirin.app import App
from kirin.catalogue.references import VideoId
from kirin.clock import now_ms
from kirin.database.tables import tasks
from kirin.domain.task import Status, Task
from kirin.storage.keys import result_key
from kirin.tasks import store
from support.videos import video

MODEL = "kirin_v1_6_t2v"


def provide_examples(app: App, account: str, model: str) -> None:
    """Let an account have the videos that a model's examples name."""
    for parameter in app.catalogue.get(model).parameters:
        if isinstance(parameter, VideoId):
            provide(app, account, str(parameter.example))


def provide(app: App, account: str, name: str) -> None:
    """Let an account have a completed task of that external id, unless it has one."""
    with app.database.write() as connection:
        if store.named(connection, account, name) is not None:
            return
        now = now_ms()
        task = Task(
            id=secrets.token_hex(16),
            account=account,
            model=MODEL,
            status=Status.PENDING,
            created_at=now,
            updated_at=now,
            params={"mode": "std"},
            seed=1,
            quote=Decimal(0),
            external_id=name,
        )
        key = result_key(task.id, 1, "video.mp4")
        app.storage.put_bytes(key, _film())
        store.insert_task(connection, task)
        result = {"key": key, "type": "video", "watermark": False, "extra": {}}
        connection.execute(
            update(tasks)
            .where(tasks.c.id == task.id)
            .values(
                status=Status.COMPLETED,
                queued_at=None,
                finished_at=now,
                progress=1.0,
                cost="0",
                results=[result],
            )
        )


@cache
def _film() -> bytes:
    return video(seconds=3)
