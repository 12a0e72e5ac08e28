"""What the story of a task owes the accounts: terms, holds, limits and settlements.

Every function works in the transaction of its caller, so money moves if and only if the task does.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, bindparam, select

from kirin.accounts import ledger, usage
from kirin.accounts.limits import FIELDS, Limits
from kirin.database.tables import accounts, keys
from kirin.domain.money import to_micro
from kirin.domain.task import Status, Task

_OF_ACCOUNT = select(accounts.c.discount_percent, *(accounts.c[name] for name in FIELDS)).where(
    accounts.c.id == bindparam("account")
)
_OF_KEY = _OF_ACCOUNT.add_columns(*(keys.c[name].label(f"key_{name}") for name in FIELDS)).join(
    keys, keys.c.id == bindparam("key")
)


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


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms somebody makes tasks.

    Attributes:
        discount: in percent, 0 to 100.
        held: the account and the key, where they have limits on tasks.
    """

    discount: Decimal
    held: tuple[Held, ...]


@dataclass(frozen=True)
class Billing:
    """The account side of tasks.

    Attributes:
        prepaid: whether tasks take from balances; otherwise the server is free, and only
            writes down what was used.
    """

    prepaid: bool

    def terms(self, connection: Connection, account: str, key: str | None) -> Terms:
        """The terms for an account and one of its keys, if a key asks."""
        query = _OF_ACCOUNT if key is None else _OF_KEY
        percent, *values = connection.execute(query, {"account": account, "key": key}).one()
        count = len(FIELDS)
        everybody = [Held("account", None, Limits.of(values[:count]))]
        if key is not None:
            everybody.append(Held("key", key, Limits.of(values[count:])))
        return Terms(Decimal(percent), tuple(held for held in everybody if held.limits.on_tasks))

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

    def settle(self, connection: Connection, task: Task, now: int) -> None:
        """End the hold of a task that has ended, and write down what was used."""
        completed = task.status is Status.COMPLETED and task.cost is not None
        cost = to_micro(task.cost) if completed and task.cost is not None else None
        ledger.settle(connection, task.id, cost, now)
        usage.note(connection, task, now)
