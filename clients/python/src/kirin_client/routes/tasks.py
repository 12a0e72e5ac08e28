"""Tasks: create, follow, list, end, share, and what they made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kirin_client.flows import Flow, call, waiting
from kirin_client.models import (
    ArchiveLink,
    Created,
    GenerationRequest,
    Removed,
    Share,
    Stage,
    Status,
    StreamToken,
    Task,
    TaskPage,
)
from kirin_client.operations import Listing, Operation, Procedure
from kirin_client.options import Options
from kirin_client.requests import (
    Request,
    content,
    content_if_any,
    given,
    json_object,
    model,
    request,
)
from kirin_client.routes.creation import GENERATION, body_of, creation, once

TASKS = f"{GENERATION}/task"
TASK = f"{TASKS}/{{task_id}}"

SYNC_SECONDS = 300.0
"""For which a server usually holds a request back that waits for its task."""


def reading(task_id: str, wait: int | None = None) -> Request[Task]:
    """The request for a task as it is."""
    return request(
        "GET",
        TASK,
        model(Task),
        task_id,
        query=given(wait=wait),
        patience=float(wait or 0),
    )


class TaskRoutes:
    """Tasks. Wherever one is named, its ``external_task_id`` does, too."""

    @Operation
    def create(
        self,
        model: str,
        params: Mapping[str, Any],
        *,
        moderation: bool | None = None,
        metadata: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        seed: int | None = None,
        cache: bool | None = None,
        idempotency_key: str | None = None,
    ) -> Request[Created]:
        """Create a task.

        Args:
            model: id of the model.
            params: what the model takes; ``upload`` and ``picture`` make values of files.
            moderation: whether to refuse pictures that the server's classifier objects to.
            metadata: notes of your own, at most 4 KB; the task has them as ``metadata.request``.
            parameters: further parameters; those that the model lacks are named in
                ``metadata.ignored`` instead of refused.
            seed: from 0 to 2147483647. The same request with the same seed gives the same video,
                and the one that is there already where the server keeps it.
            cache: ``False`` has it made anew all the same.
            idempotency_key: makes a repetition give the same task; made if not given, so that the
                retries of this call create one task.

        Raises:
            ApiError: the server refused it.
        """
        return creation(
            model,
            params,
            idempotency_key,
            moderation=moderation,
            metadata=metadata,
            parameters=parameters,
            seed=seed,
            cache=cache,
        )

    @Operation
    def create_sync(
        self,
        model: str,
        params: Mapping[str, Any],
        *,
        moderation: bool | None = None,
        metadata: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        seed: int | None = None,
        cache: bool | None = None,
        idempotency_key: str | None = None,
    ) -> Request[Task]:
        """Create a task by a request that is answered when it has ended, failed or not.

        The server gives up after some minutes with ``SYNC_TIMEOUT``; ``create_and_wait`` does not.
        """
        return request(
            "POST",
            f"{GENERATION}/sync",
            _task,
            body=body_of(
                model,
                params,
                moderation=moderation,
                metadata=metadata,
                parameters=parameters,
                seed=seed,
                cache=cache,
            ),
            headers=once(idempotency_key),
            keyed=True,
            patience=SYNC_SECONDS,
        )

    @Procedure
    def wait(
        self,
        task_id: str,
        *,
        on_change: Callable[[Task], None] | None = None,
        interval: float | None = None,
        timeout: float | None = None,
    ) -> Callable[[Options], Flow[Task]]:
        """Wait until a task has completed.

        Args:
            on_change: called with the task each time that it was read.
            interval: seconds between two looks; without it and ``on_change``, the server is asked
                to answer when something has changed.
            timeout: seconds after which to give up waiting; the task goes on.

        Raises:
            TaskFailed: the task failed, or was cancelled.
            WaitTimedOut: it took too long; a ``TimeoutError``.
        """

        def flow(options: Options) -> Flow[Task]:
            return (
                yield from waiting(
                    lambda hold: reading(task_id, hold),
                    options,
                    on_change=on_change,
                    interval=interval,
                    timeout=timeout,
                )
            )

        return flow

    @Procedure
    def create_and_wait(
        self,
        model: str,
        params: Mapping[str, Any],
        *,
        moderation: bool | None = None,
        metadata: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        seed: int | None = None,
        cache: bool | None = None,
        idempotency_key: str | None = None,
        on_change: Callable[[Task], None] | None = None,
        interval: float | None = None,
        timeout: float | None = None,
    ) -> Callable[[Options], Flow[Task]]:
        """Create a task and wait until it has completed; see ``create`` and ``wait``."""

        def flow(options: Options) -> Flow[Task]:
            created = yield from call(
                creation(
                    model,
                    params,
                    idempotency_key,
                    moderation=moderation,
                    metadata=metadata,
                    parameters=parameters,
                    seed=seed,
                    cache=cache,
                ),
                options,
            )
            return (
                yield from waiting(
                    lambda hold: reading(created.id, hold),
                    options,
                    on_change=on_change,
                    interval=interval,
                    timeout=timeout,
                )
            )

        return flow

    @Operation
    def task(self, task_id: str, *, wait: int | None = None) -> Request[Task]:
        """A task as it is.

        Args:
            wait: seconds, at most 60, until the answer while status and stage stay as they are.
        """
        return reading(task_id, wait)

    @Operation
    def tasks(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        status: Status | None = None,
        stage: Stage | None = None,
        model: str | None = None,
        external_task_id: str | None = None,
        created_after: int | None = None,
        created_before: int | None = None,
        q: str | None = None,
        batch: str | None = None,
    ) -> Request[TaskPage]:
        """A page of the account's tasks, the newest first; ``iter_tasks`` goes through all.

        Args:
            limit: of each page, at most 100.
            created_after: Unix milliseconds.
            created_before: Unix milliseconds.
            q: words that all occur in the prompt, the id or the external id.
            batch: id of a batch.
        """
        query = given(
            limit=limit,
            cursor=cursor,
            status=status,
            stage=stage,
            model=model,
            external_task_id=external_task_id,
            created_after=created_after,
            created_before=created_before,
            q=q,
            batch=batch,
        )
        return request("GET", TASKS, _page, query=query)

    iter_tasks = Listing(tasks, lambda page: page.tasks, "All tasks that ``tasks`` lists.")

    @Operation
    def cancel(self, task_id: str) -> Request[Task]:
        """Cancel a task that has not ended."""
        return request("POST", f"{TASK}/cancel", _task, task_id)

    @Operation
    def remove(self, task_id: str) -> Request[Removed]:
        """Remove a task that has ended, its files and its request."""
        return request("POST", f"{TASK}/remove", model(Removed), task_id)

    @Operation
    def delete(self, task_id: str) -> Request[Task]:
        """Cancel a task that has not ended: ``cancel`` by another method."""
        return request("DELETE", TASK, _task, task_id)

    @Operation
    def request(self, task_id: str) -> Request[GenerationRequest]:
        """The request of a task, as a body that asks for the same again."""
        return request("GET", f"{TASK}/request", json_object, task_id)

    @Operation
    def poster(self, task_id: str) -> Request[bytes]:
        """The picture in the middle of a task's video, WebP."""
        return request("GET", f"{TASK}/poster", content, task_id)

    @Operation
    def contact_sheet(self, task_id: str) -> Request[bytes]:
        """Eight pictures of a task's video in a grid, JPEG."""
        return request("GET", f"{TASK}/contact-sheet", content, task_id)

    @Operation
    def preview(self, task_id: str) -> Request[bytes | None]:
        """The newest frame of a task that is being rendered, JPEG; ``None`` if there is none."""
        return request("GET", f"{TASK}/preview", content_if_any, task_id)

    @Operation
    def zip(
        self, task_ids: Sequence[str] | None = None, *, batch_id: str | None = None
    ) -> Request[bytes]:
        """The videos of up to 100 completed tasks in one zip; ``zip_link`` spares the memory.

        Args:
            task_ids: which tasks; or else
            batch_id: all of a batch that has ended.

        Raises:
            BadRequest: one of them has no video; ``problems`` names each.
        """
        return request(
            "POST",
            f"{GENERATION}/zip",
            content,
            body=given(task_ids=task_ids, batch_id=batch_id),
            repeatable=True,
        )

    @Operation
    def zip_link(
        self, task_ids: Sequence[str] | None = None, *, batch_id: str | None = None
    ) -> Request[ArchiveLink]:
        """A link to such a zip, for ``download``."""
        return request(
            "POST",
            f"{GENERATION}/zip/token",
            model(ArchiveLink),
            body=given(task_ids=task_ids, batch_id=batch_id),
            repeatable=True,
        )

    @Operation
    def share(
        self,
        task_id: str,
        *,
        expires_in_seconds: int | None = None,
        watermark: bool | None = None,
    ) -> Request[Share]:
        """A link to a task's video that needs no key.

        Args:
            expires_in_seconds: from 60 to 604800; a day if not given.
            watermark: whether to link the marked copy.
        """
        body = given(expires_in_seconds=expires_in_seconds, watermark=watermark)
        return request("POST", f"{TASK}/share", model(Share), task_id, body=body, repeatable=True)

    @Operation
    def stream_token(self, task_id: str) -> Request[StreamToken]:
        """What opens the event stream of one task for ten minutes, without a header."""
        return request("POST", f"{TASK}/stream/token", model(StreamToken), task_id, repeatable=True)

    @Operation
    def events_token(self) -> Request[StreamToken]:
        """What opens the event stream of the account for ten minutes, without a header."""
        return request("POST", "/model/v1/events/token", model(StreamToken), repeatable=True)


# Where a parameter is called ``model``, or a method ``request``, these names mean something else.
_task = model(Task)
_page = model(TaskPage)
