"""Videos that an account's tasks have made, as inputs of further tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kirin.catalogue.references import VideoId
from kirin.catalogue.shown_values import shown
from kirin.database.engine import Database
from kirin.domain.assets import Asset
from kirin.domain.task import Status, Task
from kirin.errors import StorageAway
from kirin.media.ingest import MediaIngest
from kirin.media.refusal import MediaRefused
from kirin.storage.base import Storage
from kirin.tasks import store


@dataclass(frozen=True, slots=True)
class MadeVideo:
    """A video that a task has made.

    Attributes:
        task: the task's id.
        asset: facts of the video without a watermark.
        path: its file in storage.
        facts: what the parameter wants to know of it, by the names that it gives.
    """

    task: str
    asset: Asset
    path: Path
    facts: Mapping[str, str]


@dataclass(frozen=True)
class MadeVideos:
    """Finds videos by what a client calls the task that has made them."""

    database: Database
    storage: Storage
    ingest: MediaIngest

    def find(self, account: str, name: str, parameter: VideoId) -> MadeVideo:
        """The video of an account's completed task.

        Args:
            account: whose task it is.
            name: the task's id or external id, or what its maker calls the job.
            parameter: that is to be filled; says which videos apply.

        Raises:
            MediaRefused: there is no such video, or it does not apply. Codes: ``unknown_task``,
                ``task_unfinished``, ``task_failed``, ``result_expired``, ``no_video``,
                ``wrong_model``, ``file_gone``, ``too_long``, and those of an unfit video.
            StorageAway: storage does not answer.
        """
        task = self._task(account, name)
        key = _key(task)
        facts = _facts(task, parameter)
        applying = (*parameter.models, *parameter.passing)
        if applying and task.model not in applying:
            raise MediaRefused(
                "wrong_model",
                f"Task {task.id} is of {task.model}, whose videos do not apply here; those of "
                f"{', '.join(applying)} do.",
            )
        try:
            path = self.storage.path(key)
            limits = replace(parameter.limits, max_seconds=None)
            asset = self.ingest.stored(path, limits)
        except FileNotFoundError:
            raise MediaRefused(
                "file_gone",
                f"The video of task {task.id} is no longer there: make it again, and use it soon.",
            ) from None
        except OSError as error:
            raise StorageAway from error
        most = parameter.limits.max_seconds
        if most is not None and asset.seconds is not None and asset.seconds > most:
            raise MediaRefused(
                "too_long",
                f"The video of task {task.id} lasts {asset.seconds:g} s; at most {most:g} s apply "
                "here: name a shorter one.",
                *parameter.limits.seconds_rules,
            )
        return MadeVideo(task.id, asset, path, facts)

    def _task(self, account: str, name: str) -> Task:
        with self.database.read() as connection:
            task = store.find(connection, account, name)
            task = task or store.made_by_job(connection, account, name)
        if task is None:
            raise MediaRefused(
                "unknown_task",
                f"This account has no task {shown(name)}: give the id of a completed one, its "
                "external_task_id, or the jobId of its output.",
            )
        return task


def _key(task: Task) -> str:
    """The storage key of a task's video.

    Raises:
        MediaRefused: it has none.
    """
    if not task.status.final:
        raise MediaRefused(
            "task_unfinished", f"Task {task.id} has not ended yet: wait until it is completed."
        )
    if task.status is not Status.COMPLETED:
        raise MediaRefused(
            "task_failed", f"Task {task.id} failed, so that it has no video: name another one."
        )
    if task.expired_at is not None:
        raise MediaRefused(
            "result_expired",
            f"The video of task {task.id} has expired: make it again, and use it soon.",
        )
    for result in task.results:
        if result.type == "video" and not result.watermark:
            return result.key
    raise MediaRefused(
        "no_video", f"Task {task.id} is of {task.model}, which makes no video: name another one."
    )


def _facts(task: Task, parameter: VideoId) -> dict[str, Any]:
    """What a parameter wants to know of a task's video."""
    facts = {parameter.model_as: task.model, parameter.mode_as: task.params.get("mode", "std")}
    told = task.params if task.model in parameter.passing else {}
    return {name: told.get(name, value) for name, value in facts.items() if name}
