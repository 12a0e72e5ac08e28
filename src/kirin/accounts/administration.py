"""What an operator does to accounts and keys; each operation writes an entry into the audit.

The command line and the admin API share these functions, so neither can forget the audit or store
what the columns cannot hold. Every function works in the transaction of its caller.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from kirin.accounts import audit, checks, ledger, store
from kirin.accounts.audit import Actor
from kirin.accounts.checks import NAME_LENGTH, NOTE_LENGTH, REFERENCE_LENGTH
from kirin.accounts.keys import USUAL, Key, Scope, hint, new_secret
from kirin.accounts.limits import FIELDS, NO_LIMITS, Limits
from kirin.accounts.sealing import KeySealer
from kirin.accounts.store import Account
from kirin.domain.money import MOST, dollars, to_micro
from kirin.errors import AccountClosed, AlreadyThere, UnknownAccount, UnknownKey

PRICES_CHANGED = "prices.changed"

SERVER = Actor("server")
"""The server itself."""


def account(connection: Connection, name: str) -> Account:
    """An account by its id or name.

    Raises:
        UnknownAccount: there is none.
    """
    found = store.find_account(connection, name)
    if found is None:
        raise UnknownAccount(f"there is no account {name[:64]!r}")
    return found


def create_account(
    connection: Connection,
    actor: Actor,
    name: str,
    now: int,
    *,
    discount_percent: Decimal = Decimal(0),
    limits: Limits = NO_LIMITS,
) -> Account:
    """Create an account.

    Args:
        name: 1 to 128 characters; unique.
        discount_percent: 0 to 100, with at most two decimals.

    Raises:
        AlreadyThere: another account has that name.
        InvalidParameters: a value is out of range.
    """
    discount_percent = checks.percentage(discount_percent)
    checks.refuse(*checks.line("name", name, 1, NAME_LENGTH), *checks.limits(limits))
    if store.find_account(connection, name) is not None:
        raise AlreadyThere(f"there is an account {name!r} already")
    try:
        with connection.begin_nested():
            id = store.ensure_account(connection, name, now)
    except IntegrityError:  # made by another at this very moment
        raise AlreadyThere(f"there is an account {name!r} already") from None
    made = Account(id, name, discount_percent, limits, now)
    store.change_account(connection, made)
    details = {"name": name, "discount_percent": str(discount_percent), **limits_to_json(limits)}
    audit.note(
        connection, actor, "account.created", account=id, target=id, details=details, now=now
    )
    return made


def change_account(
    connection: Connection, actor: Actor, old: Account, new: Account, now: int
) -> Account:
    """Change the name, discount or limits of an account.

    Returns:
        The account as it is stored.

    Raises:
        AlreadyThere: another account has that name, or this one was erased.
        InvalidParameters: a value is out of range.
    """
    new = replace(new, discount_percent=checks.percentage(new.discount_percent))
    checks.refuse(*checks.line("name", new.name, 1, NAME_LENGTH), *checks.limits(new.limits))
    _refuse_erased(connection, old)
    # Accounts are found by id before name, so a name must not be the id of another account.
    found = store.find_account(connection, new.name)
    if found is not None and found.id != new.id:
        raise AlreadyThere(f"there is an account {new.name!r} already")
    try:
        with connection.begin_nested():
            store.change_account(connection, new)
    except IntegrityError:
        raise AlreadyThere(f"there is an account {new.name!r} already") from None
    before, after = (
        {"name": a.name, "discount_percent": str(a.discount_percent), **limits_to_json(a.limits)}
        for a in (old, new)
    )
    audit.note(
        connection,
        actor,
        "account.changed",
        account=old.id,
        target=old.id,
        details={"before": before, "after": after},
        now=now,
    )
    return new


def create_key(
    connection: Connection,
    actor: Actor,
    owner: Account,
    name: str,
    now: int,
    *,
    scopes: tuple[Scope, ...] = USUAL,
    expires_at: int | None = None,
    limits: Limits = NO_LIMITS,
    secret: str | None = None,
    sealer: KeySealer | None = None,
) -> tuple[Key, str]:
    """Create a key.

    Args:
        name: 1 to 128 characters.
        expires_at: Unix milliseconds; ``None`` for never.
        secret: the key itself, if somebody else made it.
        sealer: encrypts the secret, so that it may sign tokens; otherwise only its hash is stored.

    Returns:
        The key, and its secret, which can't be read again.

    Raises:
        AlreadyThere: the account was erased.
        InvalidParameters: a value is out of range.
        sqlalchemy.exc.IntegrityError: the secret is that of another key.
    """
    checks.refuse(*checks.line("name", name, 1, NAME_LENGTH), *checks.limits(limits))
    _refuse_erased(connection, owner)
    secret = secret or new_secret()
    key = Key(
        f"key_{secrets.token_hex(8)}", owner.id, name, hint(secret), now, scopes, limits, expires_at
    )
    store.write_key(connection, key, secret, sealer)
    details = {
        "name": name,
        "scopes": list(scopes),
        "expires_at": expires_at,
        **limits_to_json(limits),
    }
    audit.note(
        connection, actor, "key.created", account=owner.id, target=key.id, details=details, now=now
    )
    return key, secret


def limit_key(connection: Connection, actor: Actor, id: str, limits: Limits, now: int) -> Key:
    """Change the limits of a key.

    Raises:
        UnknownKey: there is no such key in use.
        InvalidParameters: a value is out of range.
    """
    checks.refuse(*checks.limits(limits))
    key = key_in_use(connection, id, now)
    store.limit_key(connection, id, limits)
    details = {"before": limits_to_json(key.limits), "after": limits_to_json(limits)}
    audit.note(
        connection, actor, "key.changed", account=key.account, target=id, details=details, now=now
    )
    return replace(key, limits=limits)


def rotate_key(
    connection: Connection,
    actor: Actor,
    id: str,
    now: int,
    overlap_ms: int,
    sealer: KeySealer | None = None,
) -> tuple[Key, str]:
    """Create a key with the rights and limits of another; both work until the overlap ends.

    Args:
        sealer: as for :func:`create_key`.

    Raises:
        UnknownKey: there is no such key in use.
    """
    old = key_in_use(connection, id, now)
    new, secret = store.successor(connection, old, now, now + overlap_ms, sealer)
    details = {"successor": new.id, "works_until": now + overlap_ms}
    audit.note(
        connection, actor, "key.rotated", account=old.account, target=id, details=details, now=now
    )
    return new, secret


def revoke_key(connection: Connection, actor: Actor, id: str, now: int) -> Key:
    """Revoke a key.

    Raises:
        UnknownKey: there is no such key in use.
    """
    key = store.find_key(connection, id)
    if key is None or not store.revoke_key(connection, id, now):
        raise UnknownKey(f"there is no key {id[:64]!r} in use")
    audit.note(
        connection, actor, "key.revoked", account=key.account, target=id, details={}, now=now
    )
    return replace(key, revoked_at=now)


def key_in_use(connection: Connection, id: str, now: int) -> Key:
    """A key that is neither revoked nor expired.

    Raises:
        UnknownKey: there is none with that id.
    """
    key = store.find_key(connection, id)
    ended = key is not None and (
        key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now)
    )
    if key is None or ended:
        raise UnknownKey(f"there is no key {id[:64]!r} in use")
    return key


def top_up(
    connection: Connection,
    actor: Actor,
    owner: Account,
    amount: Decimal,
    now: int,
    *,
    reference: str | None = None,
    note: str = "",
) -> str:
    """Add money to an account, or take some back with a negative amount.

    Args:
        amount: USD, with at most six decimals.
        reference: such as a payment's id, at most 128 characters; it counts once in an account.
        note: for people, at most 512 characters.

    Returns:
        Id of the ledger transaction.

    Raises:
        AlreadyThere: the reference was used before.
        InsufficientBalance: more would be taken back than there is.
        InvalidParameters: a value is out of range, or the balance would be.
    """
    checks.refuse(
        *checks.amount("amount", amount, -MOST),
        *(
            checks.line("reference", reference, 1, REFERENCE_LENGTH)
            if reference is not None
            else ()
        ),
        *checks.text("note", note, 0, NOTE_LENGTH),
    )
    try:
        with connection.begin_nested():
            id = ledger.top_up(
                connection, owner.id, to_micro(amount), now, reference=reference, note=note
            )
    except IntegrityError:
        raise AlreadyThere(
            f"the account was topped up with the reference {reference!r} before: "
            "nothing was added again"
        ) from None
    details = {"amount": dollars(amount), "reference": reference, "note": note}
    audit.note(
        connection,
        actor,
        "account.topped_up",
        account=owner.id,
        target=id,
        details=details,
        now=now,
    )
    return id


def close_account(connection: Connection, actor: Actor, owner: Account, now: int) -> int:
    """Close an account for good, with all its keys, and take its name off.

    Returns:
        How many keys were revoked.
    """
    revoked = store.close(connection, owner.id, now)
    audit.note(
        connection,
        actor,
        "account.closed",
        account=owner.id,
        target=owner.id,
        details={"keys": revoked},
        now=now,
    )
    return revoked


def note_prices(
    connection: Connection, actor: Actor, prices: Mapping[str, Mapping[str, Any]], now: int
) -> bool:
    """Write the prices into the audit if they differ from those written last.

    Args:
        prices: by model, as JSON values.

    Returns:
        Whether they differed.
    """
    last = audit.page(connection, 1, action=PRICES_CHANGED)
    if last and last[0].details == prices:
        return False
    audit.note(
        connection, actor, PRICES_CHANGED, account=None, target="prices", details=prices, now=now
    )
    return True


def limits_to_json(limits: Limits) -> Mapping[str, Any]:
    """Limits as JSON values, for the audit and the wire."""
    spend = None if limits.daily_spend is None else dollars(limits.daily_spend)
    return {**{name: getattr(limits, name) for name in FIELDS}, "daily_spend": spend}


def _refuse_erased(connection: Connection, owner: Account) -> None:
    """Check that an account was not erased.

    Raises:
        AlreadyThere: it was.
    """
    try:
        store.check_open(connection, owner.id, lock=True)
    except AccountClosed:
        raise AlreadyThere(f"the account {owner.id} was erased: create another") from None
