"""What the client sides of APIs share in which a task has no id of ours."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final

from kirin.engines.remote.session import Busy, OutcomeUnknown, Reply, Session
from kirin.engines.upstream.dialect import Recovery, UpstreamTask
from kirin.errors import (
    ContentRefused,
    EngineAway,
    InputsRefused,
    NotStarted,
    ResultUnusable,
    StatusUnknown,
    TaskError,
)

IDEMPOTENCY_KEY: Final = "Idempotency-Key"

LACKED: Final = (
    "static_mask",
    "dynamic_masks",
    "camera_control",
    "image_list",
    "element_list",
    "multi_prompt",
    "video_url",
    "video_list",
)
"""Parameters of Kirin models that are translated for none of these APIs."""

PNG: Final = b"\x89PNG"


class NamelessDialect:
    """Calls an API in which a task has no id of ours.

    Args:
        authorization: of every request; empty if the provider wants none.
        model_names: its name of a Kirin model, where it differs.
        native_params: whether it takes the parameters of Kirin models under their own names, as
            another Kirin server does in each of its dialects.
        idempotent: whether it answers a request with a known ``Idempotency-Key`` with the task
            that the first one has made.
    """

    upload = None

    def __init__(
        self,
        authorization: str,
        model_names: Mapping[str, str],
        *,
        native_params: bool,
        idempotent: bool,
    ) -> None:
        self._authorization = authorization
        self._model_names = model_names
        self._native_params = native_params
        self.recovery = Recovery.BY_KEY if idempotent else Recovery.NONE

    def headers(self) -> Mapping[str, str]:
        """The key."""
        return {"Authorization": self._authorization} if self._authorization else {}

    def find(self, session: Session, task: UpstreamTask) -> None:
        """Nothing can be looked up by our id."""
        raise NotImplementedError

    def delete_subject(self, session: Session, subject_id: int) -> None:
        """Do nothing: these APIs have no subjects."""

    def error_of(self, reply: Reply) -> tuple[str, str]:
        """Code and message of a reply that is an error; either may be empty."""
        raise NotImplementedError

    def order(self, session: Session, path: str, task: UpstreamTask, **sent: Any) -> Reply:
        """Send the request that makes a task.

        Args:
            sent: ``json`` or ``files``, as in httpx.

        Raises:
            KirinError: it was refused; see :func:`refusal`.
        """
        key = {IDEMPOTENCY_KEY: task.external_id}
        reply = session.call("POST", path, extra_headers=key, **sent)
        if 200 <= reply.status < 300:
            return reply
        raise refusal(session.name, reply, *self.error_of(reply))

    def read(self, session: Session, path: str) -> Reply:
        """What the provider says of a task that it has accepted.

        Raises:
            StatusUnknown: it no longer has it.
            Busy, OutcomeUnknown: it does not say.
        """
        reply = session.call("GET", path)
        if reply.status == 404:
            raise StatusUnknown(f"{session.name} no longer has the task")
        if reply.status == 429:
            raise Busy(f"{session.name} is rate-limiting this server", reply.retry_after)
        if not 200 <= reply.status < 300:
            raise OutcomeUnknown(f"{session.name} answered {reply.status}")
        return reply


ACCOUNT: Final = frozenset({"insufficient_balance", "insufficient_quota"})
"""Codes of an account of ours without money."""

CONTENT: Final = frozenset(
    {"content_policy_violation", "content_refused", "moderation_blocked", "sentinel_block"}
)
"""Codes of a refusal of what is shown: ours, and those that others are known to send."""

UNSUPPORTED: Final = frozenset({"model_not_found", "unknown_model", "unsupported"})
"""Codes of a request that another engine may be able to render."""


def refusal(name: str, reply: Reply, code: str, message: str) -> Exception:
    """The error that a refused request amounts to.

    Args:
        name: of the engine.
        code, message: the provider's.
    """
    told = f"{name}: {message or 'no reason given'}"
    if code in ACCOUNT or reply.status in {401, 402, 403}:
        # The message may be about our account there, which does not concern our users.
        return EngineAway(f"{name} does not accept tasks from this server ({reply.status})")
    if reply.status == 429:
        return Busy(told, reply.retry_after)
    if code in CONTENT:
        return ContentRefused(told)
    if code in UNSUPPORTED or reply.status in {404, 405}:
        return NotStarted(told)
    if 400 <= reply.status < 500:
        return InputsRefused(told)
    return OutcomeUnknown(f"{name} answered {reply.status}")


def failure(name: str, code: str, message: str) -> TaskError:
    """The error that a task fails with which the provider has failed.

    Args:
        name: of the engine.
        code, message: the provider's; either may be empty.
    """
    told = f"{name}: {message or 'no reason given'} ({code or 'no code'})"
    if code in CONTENT:
        return ContentRefused(told)
    return ResultUnusable(told) if code.endswith("096") else TaskError(told)


def media_type(picture: bytes) -> str:
    """The media type of a picture: our inputs are PNG or JPEG files."""
    return "image/png" if picture.startswith(PNG) else "image/jpeg"


def data_url(base64: str) -> str:
    """A picture in base64, as a ``data:`` URL."""
    start = b64decode(base64[:8])
    return f"data:{media_type(start)};base64,{base64}"
