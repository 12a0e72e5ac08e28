"""The administration: it takes a key with the scope ``admin``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kirin_client.models import (
    Account,
    AccountPage,
    AuditPage,
    BookedTopUp,
    Checks,
    CreatedKey,
    Draining,
    ErasedAccount,
    Front,
    Key,
    KeyList,
    KeyPage,
    Moved,
    NewLimits,
    Overview,
    Pauses,
    PriceList,
    Proof,
    SettingList,
    Storage,
    TransactionPage,
    Usage,
)
from kirin_client.operations import Listing, Operation
from kirin_client.requests import Request, given, jsonable, model, request, text

ADMIN = "/admin/v1"
ACCOUNTS = f"{ADMIN}/accounts"
ACCOUNT = f"{ACCOUNTS}/{{account_id}}"
KEY = f"{ADMIN}/keys/{{key_id}}"

Limits = NewLimits | Mapping[str, Any]


class AdminRoutes:
    """Accounts, keys, money, the queue and the machine."""

    @Operation
    def accounts(
        self, *, limit: int | None = None, cursor: str | None = None
    ) -> Request[AccountPage]:
        """A page of all accounts."""
        return request("GET", ACCOUNTS, model(AccountPage), query=given(limit=limit, cursor=cursor))

    iter_accounts = Listing(accounts, lambda page: page.accounts, "All accounts.")

    @Operation
    def create_account(
        self,
        name: str,
        *,
        discount_percent: str | int | None = None,
        limits: Limits | None = None,
    ) -> Request[Account]:
        """Create an account.

        Args:
            discount_percent: taken off every price, such as ``"12.5"``.
        """
        body = given(name=name, discount_percent=discount_percent, limits=limits)
        return request("POST", ACCOUNTS, model(Account), body=body)

    @Operation
    def account(self, account_id: str) -> Request[Account]:
        """An account."""
        return request("GET", ACCOUNT, model(Account), account_id)

    @Operation
    def change_account(
        self,
        account_id: str,
        *,
        name: str | None = None,
        discount_percent: str | int | None = None,
        limits: Limits | None = None,
    ) -> Request[Account]:
        """Change an account; what is not given stays."""
        body = given(name=name, discount_percent=discount_percent, limits=limits)
        return request("PATCH", ACCOUNT, model(Account), account_id, body=body, repeatable=True)

    @Operation
    def top_up(
        self,
        account_id: str,
        amount: str,
        *,
        reference: str | None = None,
        note: str | None = None,
    ) -> Request[BookedTopUp]:
        """Add money to an account.

        Args:
            amount: USD; a negative amount takes some back.
            reference: such as a payment's id: it counts once, and makes this call repeatable.
            note: for people.
        """
        return request(
            "POST",
            f"{ACCOUNT}/top-ups",
            model(BookedTopUp),
            account_id,
            body=given(amount=amount, reference=reference, note=note),
            repeatable=reference is not None,
        )

    @Operation
    def erase_account(self, account_id: str, name: str) -> Request[ErasedAccount]:
        """Erase all that belongs to an account except its books, for good.

        Args:
            name: the account's, so that no other is meant.
        """
        return request(
            "POST", f"{ACCOUNT}/erase", model(ErasedAccount), account_id, body={"name": name}
        )

    @Operation
    def keys(self, account_id: str) -> Request[KeyList]:
        """The keys of an account, without their secrets."""
        return request("GET", f"{ACCOUNT}/keys", model(KeyList), account_id)

    @Operation
    def create_key(
        self,
        account_id: str,
        name: str,
        *,
        scopes: Sequence[str] | None = None,
        expires_in: int | None = None,
        limits: Limits | None = None,
    ) -> Request[CreatedKey]:
        """Create a key; its secret is told here alone.

        Args:
            scopes: of ``generate``, ``read``, ``elements`` and ``admin``; all but the last if not
                given.
            expires_in: seconds; never if not given.
        """
        body = given(name=name, scopes=scopes, expires_in=expires_in, limits=limits)
        return request("POST", f"{ACCOUNT}/keys", model(CreatedKey), account_id, body=body)

    @Operation
    def all_keys(
        self,
        *,
        account: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Request[KeyPage]:
        """A page of the keys of all accounts."""
        query = given(account=account, limit=limit, cursor=cursor)
        return request("GET", f"{ADMIN}/keys", model(KeyPage), query=query)

    iter_keys = Listing(all_keys, lambda page: page.keys, "The keys of all accounts.")

    @Operation
    def change_key(self, key_id: str, limits: Limits) -> Request[Key]:
        """Give a key other limits."""
        body = {"limits": jsonable(limits)}
        return request("PATCH", KEY, model(Key), key_id, body=body, repeatable=True)

    @Operation
    def revoke_key(self, key_id: str) -> Request[Key]:
        """Revoke a key."""
        return request("DELETE", KEY, model(Key), key_id)

    @Operation
    def rotate_key(self, key_id: str, *, overlap_seconds: int | None = None) -> Request[CreatedKey]:
        """Create a key with the rights of another, which expires after a while."""
        body = given(overlap_seconds=overlap_seconds)
        return request("POST", f"{KEY}/rotate", model(CreatedKey), key_id, body=body)

    @Operation
    def transactions(
        self, account_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> Request[TransactionPage]:
        """A page of an account's ledger."""
        return request(
            "GET",
            f"{ACCOUNT}/ledger",
            model(TransactionPage),
            account_id,
            query=given(limit=limit, cursor=cursor),
        )

    iter_transactions = Listing(
        transactions, lambda page: page.transactions, "An account's ledger."
    )

    @Operation
    def audit(
        self,
        *,
        account: str | None = None,
        action: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Request[AuditPage]:
        """A page of what was done."""
        query = given(account=account, action=action, limit=limit, cursor=cursor)
        return request("GET", f"{ADMIN}/audit", model(AuditPage), query=query)

    iter_audit = Listing(audit, lambda page: page.entries, "All that was done.")

    @Operation
    def usage(
        self,
        *,
        account: str | None = None,
        by: str | None = None,
        first: str | None = None,
        last: str | None = None,
    ) -> Request[Usage]:
        """What was used, by all accounts or one."""
        query = given(account=account, by=by, first=first, last=last)
        return request("GET", f"{ADMIN}/usage", model(Usage), query=query)

    @Operation
    def usage_csv(
        self,
        *,
        account: str | None = None,
        by: str | None = None,
        first: str | None = None,
        last: str | None = None,
    ) -> Request[str]:
        """What ``usage`` tells, as CSV."""
        query = given(account=account, by=by, first=first, last=last, format="csv")
        return request("GET", f"{ADMIN}/usage", text, query=query)

    @Operation
    def overview(self) -> Request[Overview]:
        """The server at a glance."""
        return request("GET", f"{ADMIN}/overview", model(Overview))

    @Operation
    def queue(self, *, limit: int | None = None) -> Request[Front]:
        """What waits, in the order in which it is handed out."""
        return request("GET", f"{ADMIN}/queue", model(Front), query=given(limit=limit))

    @Operation
    def pause(self, queue_name: str, *, reason: str | None = None) -> Request[Pauses]:
        """Hand out no tasks of a queue (an engine, or ``all``) until it is resumed."""
        route = f"{ADMIN}/queues/{{queue_name}}/pause"
        body = given(reason=reason)
        return request("POST", route, model(Pauses), queue_name, body=body, repeatable=True)

    @Operation
    def resume(self, queue_name: str) -> Request[Pauses]:
        """Hand out tasks of a queue again."""
        route = f"{ADMIN}/queues/{{queue_name}}/resume"
        return request("POST", route, model(Pauses), queue_name, repeatable=True)

    @Operation
    def prioritise(
        self, task_id: str, *, priority: int | None = None, front: bool | None = None
    ) -> Request[Moved]:
        """Move a task that waits: to a priority (higher is sooner), or before all others."""
        route = f"{ADMIN}/tasks/{{task_id}}/priority"
        body = given(priority=priority, front=front)
        return request("POST", route, model(Moved), task_id, body=body, repeatable=True)

    @Operation
    def drain(self, worker_id: str) -> Request[Draining]:
        """Let a worker end when it has finished what it does."""
        route = f"{ADMIN}/workers/{{worker_id}}/drain"
        return request("POST", route, model(Draining), worker_id, repeatable=True)

    @Operation
    def storage(self) -> Request[Storage]:
        """What the files take."""
        return request("GET", f"{ADMIN}/storage", model(Storage))

    @Operation
    def verify_ledger(self) -> Request[Proof]:
        """Add up the books."""
        return request("POST", f"{ADMIN}/ledger/verify", model(Proof), repeatable=True)

    @Operation
    def settings(self) -> Request[SettingList]:
        """The server's settings, without secrets."""
        return request("GET", f"{ADMIN}/settings", model(SettingList))

    @Operation
    def prices(self) -> Request[PriceList]:
        """What each model costs."""
        return request("GET", f"{ADMIN}/prices", model(PriceList))

    @Operation
    def checks(self) -> Request[Checks]:
        """Check the machine of the process that answers."""
        return request("POST", f"{ADMIN}/checks", model(Checks), repeatable=True)
