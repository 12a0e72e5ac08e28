"""The client of the Kirin video generation API.

::

    from kirin_client import Kirin

    with Kirin("http://127.0.0.1:8000", api_key) as kirin:
        task = kirin.create_and_wait("kirin_v1_6_t2v", {"prompt": "Snow on a pine forest"})
        kirin.download(task, "out.mp4")

``AsyncKirin`` has the same methods, to be awaited.
"""

from kirin_client.async_client import AsyncKirin
from kirin_client.client import Kirin
from kirin_client.errors import (
    ApiError,
    BadRequest,
    Conflict,
    ConnectionFailed,
    Forbidden,
    InsufficientBalance,
    InvalidSignature,
    KirinError,
    NotFound,
    RateLimited,
    ServerError,
    TaskFailed,
    TimedOut,
    Unauthenticated,
    UnreadableAnswer,
    WaitTimedOut,
)
from kirin_client.events import Event
from kirin_client.models import Created, Problem, Task, Upload
from kirin_client.operations import RawResponse
from kirin_client.pictures import picture
from kirin_client.version import __version__
from kirin_client.webhooks import unwrap

__all__ = [
    "ApiError",
    "AsyncKirin",
    "BadRequest",
    "Conflict",
    "ConnectionFailed",
    "Created",
    "Event",
    "Forbidden",
    "InsufficientBalance",
    "InvalidSignature",
    "Kirin",
    "KirinError",
    "NotFound",
    "Problem",
    "RateLimited",
    "RawResponse",
    "ServerError",
    "Task",
    "TaskFailed",
    "TimedOut",
    "Unauthenticated",
    "UnreadableAnswer",
    "Upload",
    "WaitTimedOut",
    "__version__",
    "picture",
    "unwrap",
]
