"""Tasks made by hand, for tests of what keeps and moves them."""

from __future__ import annotations

import secrets
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from kirin.accounts import store as accounts
from kirin.domain.task import Status, Task
from kirin.tasks import store


def a_task(connection: Connection, **changes: Any) -> Task:
    """A fresh task of an account, in the database."""
    task = Task(
        id=secrets.token_hex(16),
        account=accounts.ensure_account(connection, "test", 1),
        model="kirin_v1_6_t2v",
        status=Status.PENDING,
        created_at=1000,
        updated_at=1000,
        params={"prompt": "a lake"},
        seed=7,
        quote=Decimal("0.28"),
    )
    task = replace(task, **changes)
    store.insert_task(connection, task)
    return task
