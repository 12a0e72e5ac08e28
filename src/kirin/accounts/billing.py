"""Billing of tasks: terms, holds, limits and settlements.

Every function works in the transaction of its caller: money moves if and only if the task does.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, bindparam, select

from kirin.accounts import ledger, usage
from kirin.accounts.limits import FIELDS, Limits
from kirin.database.account_tables import accounts, keys
from kirin.database.prepared import Prepared
from kirin.domain.money import to_micro
from kirin.domain.task import Status, Task

_ACCOUNT = select(accounts.c.discount_percent, *(accounts.c[name] for name in FIELDS)).where(
    accounts.c.id == bindparam("account")
)
_OF_ACCOUNT = Prepared(_ACCOUNT)
_OF_KEY = Prepared(
    _ACCOUNT.add_columns(*(keys.c[name].label(f"key_{name}") for name in FIELDS)).join(
        keys, keys.c.id == bindparam("key")
    )
)


@dataclass(frozen=True, slots=True)
class LimitHolder:
    """An account or key with limits.

    Attributes:
        whose: ``account`` or ``key``.
        key: id of the key; ``None`` for the account.
        limits: its limits.
    """

    whose: str
    key: str | None
    limits: Limits


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms on which an account creates tasks.

    Attributes:
        discount: in percent, 0 to 100.
        limited: the account and the key, if they have limits on tasks.
    """

    discount: Decimal
    limited: tuple[LimitHolder, ...]


@dataclass(frozen=True)
class Billing:
    """Charges tasks to accounts.

    Attributes:
        prepaid: whether tasks are paid from balances; otherwise the server is free and only
            records usage.
    """

    prepaid: bool

    def terms(self, connection: Connection, account: str, key: str | None) -> Terms:
        """The terms for an account, and for one of its keys if there is one."""
        asked = {"account": account} if key is None else {"account": account, "key": key}
        found = (_OF_ACCOUNT if key is None else _OF_KEY).first(connection, asked)
        if found is None:  # accounts and keys are never deleted
            raise LookupError(account)
        percent, *values = found
        count = len(FIELDS)
        holders = [LimitHolder("account", None, Limits.of(values[:count]))]
        if key is not None:
            holders.append(LimitHolder("key", key, Limits.of(values[count:])))
        return Terms(Decimal(percent), tuple(each for each in holders if each.limits.on_tasks))

    def hold(self, connection: Connection, task: Task) -> None:
        """Hold the most that a new task may cost.

        It comes first in its transaction: it locks the row of the balance, so that the tasks of
        the account can be counted without a race.

        Raises:
            InsufficientBalance: the account has less.
        """
        amount = to_micro(task.quote)
        ledger.hold(
            connection, task.account, task.id, amount, task.created_at, granted=not self.prepaid
        )

    def settle(self, connection: Connection, task: Task, now: int) -> None:
        """Settle the hold of a finished task, and record its usage."""
        completed = task.status is Status.COMPLETED and task.cost is not None
        cost = to_micro(task.cost) if completed and task.cost is not None else None
        usage.note(connection, task, now)
        ledger.settle(connection, task.id, cost, now)
