"""What answers to operators hold; the OpenAPI document drops the ``Json`` of their names."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from kirin.accounts.keys import Scope
from kirin.accounts.ledger import TransactionKind
from kirin.http.accounts.models import BalanceJson, Percent
from kirin.http.protocols.kirin_models import Dollars, Milliseconds


class LimitsJson(TypedDict):
    """All limits; ``null`` where there is none."""

    requests_per_minute: int | None
    unfinished_tasks: int | None
    queued_tasks: int | None
    daily_spend: Dollars | None


class AccountJson(TypedDict):
    """An account."""

    id: str
    name: str
    discount_percent: Percent
    limits: LimitsJson
    balance: BalanceJson
    created_at: Milliseconds


class AccountPageJson(TypedDict):
    """A page of accounts."""

    accounts: list[AccountJson]
    next_cursor: str | None


class BookedTopUpJson(TypedDict):
    """A top-up that was booked."""

    transaction: Annotated[str, Field(description="its id")]
    account: Annotated[str, Field(description="id of the account")]
    balance: BalanceJson


class KeyJson(TypedDict):
    """An API key."""

    id: str
    account: Annotated[str, Field(description="id of the account")]
    name: str
    hint: Annotated[str, Field(description="its first and last characters")]
    scopes: list[Scope]
    limits: LimitsJson
    created_at: Milliseconds
    expires_at: Milliseconds | None
    last_used_at: Milliseconds | None
    revoked_at: Milliseconds | None


class CreatedKeyJson(KeyJson):
    """An API key that was just created, with its secret."""

    secret: Annotated[str, Field(description="shown this once")]


class KeyListJson(TypedDict):
    """All keys of an account."""

    keys: list[KeyJson]


class KeyOfAccountJson(KeyJson):
    """An API key, with the name of its account."""

    account_name: str


class KeyPageJson(TypedDict):
    """A page of the keys of all accounts."""

    keys: list[KeyOfAccountJson]
    next_cursor: str | None


class ProofJson(TypedDict):
    """What a verification of the whole ledger found."""

    at: Milliseconds
    transactions: int
    settled: Annotated[int, Field(description="tasks that were charged or released")]
    open: Annotated[int, Field(description="tasks with money held")]
    total: Annotated[Dollars, Field(description="all entries together; 0 where they add up")]
    problem_count: int
    problems: Annotated[list[str], Field(description="the first 100 of them; none: all is well")]


class TransactionJson(TypedDict):
    """A transaction of the ledger."""

    id: str
    kind: TransactionKind
    task: Annotated[str | None, Field(description="id of the task")]
    reference: str | None
    note: str
    entries: Annotated[dict[str, Dollars], Field(description="amounts by ledger account")]
    created_at: Milliseconds


class TransactionPageJson(TypedDict):
    """A page of the ledger."""

    transactions: list[TransactionJson]
    next_cursor: str | None


class AuditEntryJson(TypedDict):
    """What somebody did."""

    id: str
    at: Milliseconds
    actor: str
    action: str
    account: Annotated[str | None, Field(description="id of the account")]
    target: str
    details: dict[str, Any]
    address: Annotated[str, Field(description="IP address that it was done from")]
    request_id: str


class AuditPageJson(TypedDict):
    """A page of the audit log."""

    entries: list[AuditEntryJson]
    next_cursor: str | None
