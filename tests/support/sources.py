"""Videos of earlier tasks that requests name by an id: those of a card's examples are there."""

from __future__ import annotations

import secrets
from decimal import Decimal
from fractions import Fraction
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import update

from kirin.app import App
from kirin.catalogue.references import FaceSessionId, VideoId
from kirin.clock import now_ms
from kirin.database.tables import tasks
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.task import Status, Task
from kirin.orchestration.face_sessions import faces_to_json
from kirin.storage.keys import input_key, result_key
from kirin.tasks import store
from support.cards import FACES
from support.faces import face
from support.videos import video

MODEL = "kirin_v1_6_t2v"
SECONDS = 6.0
FPS = Fraction(10)


def provide_examples(app: App, account: str, model: str) -> None:
    """Let an account have the videos and the faces that a model's examples name."""
    for parameter in app.catalogue.get(model).parameters:
        if isinstance(parameter, VideoId):
            provide(app, account, str(parameter.example))
        if isinstance(parameter, FaceSessionId):
            provide_faces(app, account, str(parameter.example))


def provide(app: App, account: str, name: str) -> None:
    """Let an account have a completed task of that external id, unless it has one."""
    task = _task(account, name, MODEL, params={"mode": "std"})
    key = result_key(task.id, 1, "video.mp4")
    result = {"key": key, "type": "video", "watermark": False, "extra": {}}
    if _insert(app, task, [result]):
        app.storage.put_bytes(key, _film())


def provide_faces(app: App, account: str, name: str) -> None:
    """Let an account have a search of that external id that has found face 1, unless it has one."""
    data = _speaker()
    asset = Asset(
        sha256(data).hexdigest(), AssetKind.VIDEO, "video/mp4", len(data), 640, 512, SECONDS, FPS
    )
    found = faces_to_json([face("1", 0, SECONDS)])
    task = _task(account, name, FACES, assets={"video_url": asset}, metadata={"faces": found})
    if _insert(app, task, [{"key": "", "type": "text", "watermark": False, "extra": {}}]):
        app.storage.put_bytes(input_key(asset.sha256), data)


def _task(account: str, name: str, model: str, **facts: Any) -> Task:
    now = now_ms()
    plain: dict[str, Any] = {"params": {}, "seed": 1, "quote": Decimal(0), "external_id": name}
    return Task(
        id=secrets.token_hex(16),
        account=account,
        model=model,
        status=Status.PENDING,
        created_at=now,
        updated_at=now,
        **(plain | facts),
    )


def _insert(app: App, task: Task, results: list[dict[str, Any]]) -> bool:
    """Insert a task as completed; ``False`` if its external id is taken."""
    with app.database.write() as connection:
        if store.named(connection, task.account, str(task.external_id)) is not None:
            return False
        store.insert_task(connection, task)
        connection.execute(
            update(tasks)
            .where(tasks.c.id == task.id)
            .values(
                status=Status.COMPLETED,
                queued_at=None,
                finished_at=task.created_at,
                progress=1.0,
                cost="0",
                results=results,
            )
        )
    return True


@cache
def _film() -> bytes:
    return video(seconds=3)


@cache
def _speaker() -> bytes:
    return video(seconds=SECONDS, size=(640, 512))
