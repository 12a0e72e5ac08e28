"""What the story of a task owes the accounts: terms, holds, limits and settlements.

Every function works in the transaction of its caller, so money moves if and only if the task does.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, select

from kirin.accounts import ledger, usage
from kirin.accounts.limits import Limits
from kirin.database.tables import accounts, keys
from kirin.domain.money import to_micro
from kirin.domain.task import Status, Task


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody who is held to limits.

    Attributes:
        whose: ``account`` or ``key``.
        key: id of the key; ``None`` for the account.
        limits: what they are.
    """

    whose: str
    key: str | None
    limits: Limits


@dataclass(frozen=True)
class Billing:
    """The account side of tasks.

    Attributes:
        prepaid: whether tasks take from balances; otherwise the server is free, and only
            writes down what was used.
    """

    prepaid: bool

    def discount(self, connection: Connection, account: str) -> Decimal:
        """An account's discount in percent."""
        query = select(accounts.c.discount_percent).where(accounts.c.id == account)
        return Decimal(connection.execute(query).scalar_one())

    def hold(self, connection: Connection, task: Task) -> None:
        """Set aside what a new task may come to.

        It comes first in its transaction: the balance's row is locked from here on, so that the
        account's tasks can be counted without another coming in between.

        Raises:
            InsufficientBalance: the account has less.
        """
        amount = to_micro(task.quote)
        ledger.hold(
            connection, task.account, task.id, amount, task.created_at, granted=not self.prepaid
        )

    def held(self, connection: Connection, task: Task) -> list[Held]:
        """The account and the key of a task, where they have limits on tasks."""
        row = connection.execute(select(accounts).where(accounts.c.id == task.account)).one()
        found = [Held("account", None, Limits.from_row(row))]
        if task.key is not None:
            row = connection.execute(select(keys).where(keys.c.id == task.key)).one()
            found.append(Held("key", task.key, Limits.from_row(row)))
        return [held for held in found if held.limits.on_tasks]

    def settle(self, connection: Connection, task: Task, now: int) -> None:
        """End the hold of a task that has ended, and write down what was used."""
        completed = task.status is Status.COMPLETED and task.cost is not None
        cost = to_micro(task.cost) if completed and task.cost is not None else None
        ledger.settle(connection, task.id, cost, now)
        usage.note(connection, task, now)
