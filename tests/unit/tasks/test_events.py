"""Events: numbered in their account without gaps, whichever database writes them down."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from kirin.domain.task import Status
from kirin.tasks import events
from support.tasks import a_task


def test_each_event_has_the_next_number_of_its_account(connection: Connection) -> None:
    task = a_task(connection)
    before = events.last(connection, [task.account])[task.account]
    body = {"status": "in_progress", "metadata": {"prompt": "馬 🐴", "none": None}}
    events.add(connection, task, body, 5)
    events.add(connection, replace(task, status=Status.PROCESSING), body, 6)
    # What a task has become at last is read from its row.
    events.add(connection, replace(task, status=Status.FAILED), body, 7)
    assert events.after(connection, task.account, before, 9) == [
        events.Event(before + 1, task.id, Status.PENDING, body),
        events.Event(before + 2, task.id, Status.PROCESSING, body),
        events.Event(before + 3, task.id, Status.FAILED, None),
    ]
    assert events.last(connection, [task.account]) == {task.account: before + 3}
    assert events.delete_before(connection, 7) == 2
    assert events.oldest(connection, task.account) == before + 3
