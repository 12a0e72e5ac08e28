"""Batches: up to 100 tasks under one id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kirin_client.models import Batch, BatchPage, BatchQuote
from kirin_client.operations import Listing, Operation
from kirin_client.requests import Request, given, model
from kirin_client.requests import request as request_of
from kirin_client.routes.creation import GENERATION, once

BATCHES = f"{GENERATION}/batch"
BATCH = f"{BATCHES}/{{batch_id}}"


class BatchRoutes:
    """Batches. Their tasks are tasks like any other; ``iter_tasks(batch=...)`` lists them."""

    @Operation
    def create_batch(
        self,
        requests: Sequence[Mapping[str, Any]] | None = None,
        *,
        request: Mapping[str, Any] | None = None,
        vary: Mapping[str, Sequence[Any]] | None = None,
        callback_url: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> Request[Batch]:
        """Create up to 100 tasks, all or none.

        Args:
            requests: each as the server takes it for one task: a model and its ``input``; or else
            request: one of these, and
            vary: lists of values of its parameters, or of ``seed``: one task for each combination.
            callback_url: receives the batch once, when the last task has ended.
            metadata: notes of your own, at most 4 KB.
            idempotency_key: makes a repetition give the same batch; made if not given.

        Raises:
            BadRequest: a request is refused; ``problems`` names each fault by its place.
        """
        return request_of(
            "POST",
            BATCHES,
            model(Batch),
            body=given(
                requests=requests,
                request=request,
                vary=vary,
                callback_url=callback_url,
                metadata=metadata,
            ),
            headers=once(idempotency_key),
            keyed=True,
        )

    @Operation
    def quote_batch(
        self,
        requests: Sequence[Mapping[str, Any]] | None = None,
        *,
        request: Mapping[str, Any] | None = None,
        vary: Mapping[str, Sequence[Any]] | None = None,
        callback_url: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Request[BatchQuote]:
        """What ``create_batch`` would cost with the same arguments."""
        body = given(
            requests=requests,
            request=request,
            vary=vary,
            callback_url=callback_url,
            metadata=metadata,
        )
        return request_of("POST", f"{BATCHES}/quote", model(BatchQuote), body=body, repeatable=True)

    @Operation
    def batch(self, batch_id: str) -> Request[Batch]:
        """A batch with how far each of its tasks is."""
        return request_of("GET", BATCH, model(Batch), batch_id)

    @Operation
    def batches(self, *, limit: int | None = None, cursor: str | None = None) -> Request[BatchPage]:
        """A page of the account's batches, the newest first; ``iter_batches`` goes through all.

        Args:
            limit: of each page, at most 100.
        """
        query = given(limit=limit, cursor=cursor)
        return request_of("GET", BATCHES, model(BatchPage), query=query)

    iter_batches = Listing(
        batches, lambda page: page.batches, "All batches that ``batches`` lists."
    )

    @Operation
    def cancel_batch(self, batch_id: str) -> Request[Batch]:
        """Cancel all tasks of a batch that have not ended."""
        return request_of("POST", f"{BATCH}/cancel", model(Batch), batch_id)
