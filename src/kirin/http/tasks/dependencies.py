"""What the routes of tasks work with."""

from __future__ import annotations

from dataclasses import dataclass

from kirin.catalogue.registry import Catalogue
from kirin.http.authentication import Authenticator
from kirin.http.base_url import BaseUrl
from kirin.http.bodies import BodyLimits
from kirin.http.protocols.kirin import Presenter
from kirin.http.query_parameters import PathParameter
from kirin.http.tasks.picture_desk import PictureDesk
from kirin.http.thread_pool import ThreadPool
from kirin.orchestration.task_service import TaskService
from kirin.tasks.forecast import Forecaster

TASK_ID = PathParameter("task_id", "id or external_task_id of the task")


@dataclass(frozen=True, kw_only=True)
class TaskDependencies:
    """What the routes of tasks work with.

    Attributes:
        forecaster: estimates when a task will start and finish.
        pictures: of their videos.
    """

    authenticator: Authenticator
    threads: ThreadPool
    tasks: TaskService
    catalogue: Catalogue
    presenter: Presenter
    forecaster: Forecaster
    base_url: BaseUrl
    body_limits: BodyLimits
    pictures: PictureDesk
