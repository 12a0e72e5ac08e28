"""``kirin accounts``: who uses the server, at what price, within which limits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from kirin.accounts import administration, ledger, store
from kirin.accounts.limits import FIELDS, NO_LIMITS, Limits
from kirin.cli.environment import Data
from kirin.cli.output import date, out, plain_errors, print_table
from kirin.cli.tables import me, opened
from kirin.clock import now_ms
from kirin.domain.money import dollars, from_micro, parse_dollars
from kirin.errors import KirinError

MOST_ACCOUNTS = 1000
"""How many accounts a listing shows."""

NONE = "none"
"""Lifts a limit."""

Name = Annotated[str, typer.Argument(help="Id or name of the account.")]
Discount = Annotated[
    str | None, typer.Option(help="Percentage taken off every price, such as 12.5.")
]
Requests = Annotated[
    str | None, typer.Option(help="Requests of any kind in each minute; 'none' lifts the limit.")
]
Unfinished = Annotated[
    str | None, typer.Option(help="Tasks queued or running at a time; 'none' lifts the limit.")
]
Queued = Annotated[
    str | None, typer.Option(help="Tasks that wait to be begun; 'none' lifts the limit.")
]
Spend = Annotated[str | None, typer.Option(help="USD a day (UTC); 'none' lifts the limit.")]

accounts = typer.Typer(help="Accounts: create, list, change, top up.", no_args_is_help=True)


@accounts.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    discount: Discount = None,
    requests_per_minute: Requests = None,
    unfinished_tasks: Unfinished = None,
    queued_tasks: Queued = None,
    daily_spend: Spend = None,
    data: Data = None,
) -> None:
    """Make an account and print its id; 'kirin keys create --account' gives it a key."""
    given = (requests_per_minute, unfinished_tasks, queued_tasks, daily_spend)
    with plain_errors(), opened(data) as database:
        limits, percent = changed(NO_LIMITS, given), percentage(discount)
        with database.write() as connection:
            made = administration.create_account(
                connection,
                me(),
                name,
                now_ms(),
                discount_percent=percent or Decimal(0),
                limits=limits,
            )
        out.print(made.id)


@accounts.command("list")
def list_(data: Data = None) -> None:
    """Show all accounts with their balances."""
    with plain_errors(), opened(data) as database:
        table = Table("id", "name", "balance", "held", "discount", "limits", "created", box=None)
        with database.read() as connection:
            for account in store.page_of_accounts(connection, MOST_ACCOUNTS):
                money = ledger.balance(connection, account.id)
                limits = administration.told(account.limits)
                table.add_row(
                    account.id,
                    escape(account.name),
                    dollars(from_micro(money.available)),
                    dollars(from_micro(money.held)),
                    f"{account.discount_percent} %",
                    ", ".join(f"{k} {v}" for k, v in limits.items() if v is not None),
                    date(account.created_at),
                )
        print_table(table)


@accounts.command("change")
def change(
    account: Name,
    name: Annotated[str | None, typer.Option(help="What to call it from now on.")] = None,
    discount: Discount = None,
    requests_per_minute: Requests = None,
    unfinished_tasks: Unfinished = None,
    queued_tasks: Queued = None,
    daily_spend: Spend = None,
    data: Data = None,
) -> None:
    """Change an account; what is not given stays as it is."""
    given = (requests_per_minute, unfinished_tasks, queued_tasks, daily_spend)
    with plain_errors(), opened(data) as database:
        percent = percentage(discount)
        with database.write() as connection:
            old = administration.account(connection, account)
            new = replace(
                old,
                name=name or old.name,
                discount_percent=old.discount_percent if percent is None else percent,
                limits=changed(old.limits, given),
            )
            administration.change_account(connection, me(), old, new, now_ms())
        out.print(f"changed {old.id}")


@accounts.command("top-up")
def top_up(
    account: Name,
    amount: Annotated[
        str, typer.Argument(help="USD, such as 25.00; a negative amount takes some back.")
    ],
    reference: Annotated[
        str | None,
        typer.Option(help="Such as a payment's id: it counts once, so asking again adds nothing."),
    ] = None,
    note: Annotated[str, typer.Option(help="For people.")] = "",
    data: Data = None,
) -> None:
    """Add money to an account, and print its balance."""
    with plain_errors(), opened(data) as database:
        with database.write() as connection:
            owner = administration.account(connection, account)
            administration.top_up(
                connection,
                me(),
                owner,
                parse_dollars(amount),
                now_ms(),
                reference=reference,
                note=note,
            )
            balance = ledger.balance(connection, owner.id)
        out.print(f"{dollars(from_micro(balance.available))} USD")


def percentage(given: str | None) -> Decimal | None:
    """A discount as it was typed.

    Raises:
        KirinError: it is no percentage.
    """
    if given is None:
        return None
    percent = parse_dollars(given)
    if not 0 <= percent <= 100 or percent != round(percent, 2):
        raise KirinError("--discount takes 0 to 100 with at most two decimals")
    return percent


def changed(limits: Limits, given: tuple[str | None, ...]) -> Limits:
    """Limits with those that were typed, in the order of :data:`FIELDS`.

    Raises:
        KirinError: one is neither a number nor ``none``.
    """
    changes: dict[str, Any] = {}
    for name, text in zip(FIELDS, given, strict=True):
        if text is None:
            continue
        option = f"--{name.replace('_', '-')}"
        if text == NONE:
            changes[name] = None
        elif name == "daily_spend":
            changes[name] = parse_dollars(text)
        elif text.isascii() and text.isdigit() and len(text) < 10:
            changes[name] = int(text)
        else:
            raise KirinError(f"{option} takes a whole number or '{NONE}', given {text!r}")
        least = 1 if name == "requests_per_minute" else 0
        if changes[name] is not None and changes[name] < least:
            raise KirinError(f"{option} takes at least {least}, given {text!r}")
    return replace(limits, **changes)
