"""Errors about what is not there."""

from __future__ import annotations

from kirin.errors.api import ApiError


class NotFound(ApiError):
    """There is nothing at this URL."""

    status = 404
    code = "not_found"


class UnknownModel(NotFound):
    """There is no such model."""

    code = "unknown_model"


class UnknownTask(NotFound):
    """There is no such task in this account."""

    code = "unknown_task"


class UnknownBatch(NotFound):
    """There is no such batch in this account."""

    code = "unknown_batch"


class VideoNotReady(NotFound):
    """The video is not there yet: read the task until it has completed."""

    code = "video_not_ready"


class NoVideo(NotFound):
    """The task has failed, so there is no video of it."""

    code = "no_video"


class UnknownWebhook(NotFound):
    """There is no such webhook in this account."""

    code = "unknown_webhook"


class UnknownSubject(NotFound):
    """There is no such element in this account."""

    code = "unknown_element"


class UnknownAccount(NotFound):
    """There is no such account."""

    code = "unknown_account"


class UnknownKey(NotFound):
    """There is no such API key in use."""

    code = "unknown_key"


class UnknownQueue(NotFound):
    """There is no such queue."""

    code = "unknown_queue"


class UnknownWorker(NotFound):
    """There is no such worker."""

    code = "unknown_worker"
