"""The search for faces, whose answer is the faces themselves."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import Request, Response

from kirin.domain.task import Status, Task
from kirin.errors import (
    ApiError,
    FailureKind,
    InvalidParameters,
    Problem,
    SyncTimeout,
)
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.kling import routes
from kirin.http.dialects.kling.answers import KlingFacesJson
from kirin.http.dialects.kling.create_request import KlingRequestReader
from kirin.http.dialects.kling.envelope import enveloped
from kirin.http.dialects.kling.models import PathModels
from kirin.http.dialects.kling.task_json import charged
from kirin.http.protocols import faces

OF_THE_VIDEO: Final = (FailureKind.INPUTS, FailureKind.FETCH)
"""Kinds of failure for which another video is the remedy."""


class FaceSearches:
    """Looks for faces while a client waits."""

    def __init__(self, spoken: DialectDependencies, models: PathModels) -> None:
        self._spoken = spoken
        self._deps = spoken.tasks
        self._models = models
        self._reader = KlingRequestReader(models)

    async def find(self, request: Request) -> Response:
        """Find the faces of a video."""
        caller = await self._deps.authenticator.admit(request, routes.FIND_FACES, signed=True)
        leave = self._spoken.waiting_room.enter(caller.account)
        try:
            made = await self._spoken.intake.submit(request, caller, read=self._reader)
            task = await self._spoken.waiting_room.wait(request, made.task)
        finally:
            leave()
        base_url = self._deps.base_url.of(request)
        return made.mark(enveloped(request, self._faces(task, base_url)))

    def _faces(self, task: Task, base_url: str) -> KlingFacesJson:
        if not task.status.final:
            raise SyncTimeout
        if task.status is Status.FAILED:
            raise self._refusal(task)
        shown: Any = self._deps.presenter.task(task, base_url)
        found = json.loads(shown["output"][0]["content"][0]["text"])
        units, deduction = charged(task)
        return {
            "session_id": found["session_id"],
            "face_data": found[faces.FACE_DATA],
            "final_unit_deduction": units,
            "final_balance_deduction": deduction,
        }

    def _refusal(self, task: Task) -> ApiError:
        """Why there are no faces: the video's fault, or ours."""
        failure = task.failure
        message = failure.message if failure else "nobody knows why"
        (card,) = self._models.cards.values()
        if failure and failure.code in {card.codes[kind] for kind in OF_THE_VIDEO}:
            (given,) = (name for name in ("video_id", "video_url") if name in task.params)
            return InvalidParameters([Problem(given, "not_valid", message)])
        return ApiError(message)
