"""What the routes of an account's own affairs work with."""

from __future__ import annotations

from dataclasses import dataclass

from kirin.http.authentication import Authenticator
from kirin.http.base_url import BaseUrl
from kirin.http.thread_pool import ThreadPool
from kirin.orchestration.task_service import TaskService
from kirin.storage.links import Links
from kirin.subjects.library import Library


@dataclass(frozen=True, kw_only=True)
class AccountDependencies:
    """What the routes of an account's own affairs work with.

    Attributes:
        links: sign the URLs of files.
        rotation_hours: how long an earlier webhook secret signs beside a new one.
    """

    authenticator: Authenticator
    threads: ThreadPool
    tasks: TaskService
    library: Library
    links: Links
    base_url: BaseUrl
    rotation_hours: int
