"""Reuse: the same request with the same seed has the result that is there already (rule N-15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Final

import structlog

from kirin.accounts.limits import Limits
from kirin.database.engine import Database
from kirin.domain.request import RequestOptions
from kirin.domain.storyboard import Storyboard
from kirin.domain.tariff import Charge, Estimate
from kirin.domain.task import Status, Task
from kirin.engines.router import Router
from kirin.errors import StorageAway
from kirin.orchestration.request_validation import ValidatedRequest
from kirin.storage.base import Storage
from kirin.storage.keys import result_key
from kirin.tasks import recipes, store

log = structlog.get_logger(__name__)

OWN: Final = ("job", "queue_seconds", "render_seconds", "moderation", "ignored", "reused_from")
"""What metadata tells of one task's making, and not of its video."""

INSTANT: Final[Mapping[str, Any]] = {"queue_seconds": 0.0, "render_seconds": 0.0}


@dataclass(frozen=True, slots=True)
class Reuse:
    """Finds results that are there already, and gives them to new tasks.

    Attributes:
        whose: ``account``, ``all`` or ``off``.
        free: whether a task that is answered so costs nothing.
    """

    database: Database
    storage: Storage
    router: Router
    whose: str = "account"
    free: bool = True

    def recipe(self, accepted: ValidatedRequest, options: RequestOptions) -> str | None:
        """By what the result of a request is found again; ``None`` where it never is.

        Results of engines that draw their own seed do not follow from the request; and what a
        classifier is to look at is made anew, by the threshold of the day.
        """
        if not isinstance(accepted.plan, Storyboard) or options.moderation:
            return None
        if self._made_by(accepted) is None:
            return None
        return recipes.recipe_of(accepted.plan)

    def ignored(self, accepted: ValidatedRequest, options: RequestOptions) -> tuple[str, ...]:
        """The seed, where the engine draws its own."""
        deaf = accepted.engine is not None and self._made_by(accepted) is None
        return ("seed",) if deaf and options.seed is not None else ()

    def find(
        self,
        account: str,
        accepted: ValidatedRequest,
        options: RequestOptions,
        recipe: str | None = None,
    ) -> Task | None:
        """The task whose result is the answer to a request, if there is one.

        A request without a seed has none: what chance would draw is not the same.

        Args:
            recipe: of the request, where it is known.
        """
        if options.seed is None or not options.cache or self.whose == "off":
            return None
        recipe, made_by = recipe or self.recipe(accepted, options), self._made_by(accepted)
        if recipe is None or made_by is None:
            return None
        owner = None if self.whose == "all" else account
        with self.database.read() as connection:
            found = recipes.find(connection, recipe, made_by, owner)
            return store.get(connection, found) if found else None

    def estimate(self, estimate: Estimate) -> Estimate:
        """What a request costs whose result is there."""
        if not self.free:
            return estimate
        nothing = Charge(estimate.least.cost * 0, estimate.least.discount * 0)
        return replace(estimate, least=nothing, most=nothing, after_fetch=())

    def fulfil(self, task: Task, source: Task, charge: Charge) -> Task | None:
        """A new task with copies of another's results; ``None`` if these have just gone.

        Each has files of its own, so that the removal of one leaves the other alone.

        Raises:
            StorageAway: storage does not answer, or is full.
        """
        results = tuple(
            replace(result, key=result_key(task.id, 0, PurePosixPath(result.key).name))
            for result in source.results
        )
        copied: list[str] = []
        try:
            for old, new in zip(source.results, results, strict=True):
                self.storage.copy(old.key, new.key)
                copied.append(new.key)
        except FileNotFoundError:
            self.discard(copied)
            return None
        except OSError as error:
            raise StorageAway from error
        told = {name: value for name, value in source.metadata.items() if name not in OWN}
        mine = {"reused_from": source.id} if source.account == task.account else {}
        return replace(
            task,
            status=Status.COMPLETED,
            progress=1.0,
            results=results,
            cost=charge.cost,
            discount=charge.discount,
            quote=charge.cost,
            made_by=source.made_by,
            finished_at=task.created_at,
            metadata={**told, **task.metadata, **INSTANT, "reused": True, **mine},
        )

    def discard(self, keys: list[str]) -> None:
        """Remove copies that no task has; what is left behind, garbage collection finds."""
        for key in keys:
            try:
                self.storage.delete(key)
            except OSError:
                log.warning("a copy was left behind", key=key)

    def _made_by(self, accepted: ValidatedRequest) -> str | None:
        return self.router.maker(accepted.engine) if accepted.engine else None


def without_places(limits: Limits) -> Limits:
    """Limits for a task that takes no place among those that wait or run."""
    return replace(limits, unfinished_tasks=None, queued_tasks=None)
