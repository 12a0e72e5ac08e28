"""``kirin accounts``: the accounts of a server, with discounts, limits and balances."""

from __future__ import annotations

from dataclasses import asdict, replace
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from kirin.accounts import administration, ledger, store
from kirin.accounts.limits import FIELDS, NO_LIMITS, Limits
from kirin.cli.environment import Data
from kirin.cli.exits import Misused
from kirin.cli.output import Json, date, plain_errors, print_json, print_table, tell
from kirin.cli.tables import me, opened
from kirin.clock import now_ms
from kirin.domain.money import dollars, from_micro, parse_dollars

MOST_ACCOUNTS = 1000
"""How many accounts a listing shows."""

NONE = "none"
"""Lifts a limit."""

MOST_DIGITS = 18

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
    str | None, typer.Option(help="Tasks in the queue at a time; 'none' lifts the limit.")
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
    as_json: Json = False,
) -> None:
    """Create an account and print its id; 'kirin keys create --account' gives it a key."""
    given = (requests_per_minute, unfinished_tasks, queued_tasks, daily_spend)
    with plain_errors(as_json), opened(data) as database:
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
        tell(as_json, lambda: made, made.id)


@accounts.command("list")
def list_(data: Data = None, as_json: Json = False) -> None:
    """List all accounts with their balances."""
    with plain_errors(as_json), opened(data) as database:
        listed: list[dict[str, Any]] = []
        table = Table("id", "name", "balance", "held", "discount", "limits", "created", box=None)
        with database.read() as connection:
            for account in store.page_of_accounts(connection, MOST_ACCOUNTS):
                money = ledger.balance(connection, account.id)
                limits = administration.limits_to_json(account.limits)
                free, held = dollars(from_micro(money.available)), dollars(from_micro(money.held))
                listed.append({**asdict(account), "balance": free, "held": held})
                table.add_row(
                    account.id,
                    escape(account.name),
                    free,
                    held,
                    f"{account.discount_percent} %",
                    ", ".join(f"{k} {v}" for k, v in limits.items() if v is not None),
                    date(account.created_at),
                )
        if as_json:
            print_json({"accounts": listed})
        else:
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
    as_json: Json = False,
) -> None:
    """Change an account; options that are not given change nothing."""
    given = (requests_per_minute, unfinished_tasks, queued_tasks, daily_spend)
    with plain_errors(as_json), opened(data) as database:
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
        tell(as_json, lambda: new, f"changed {old.id}")


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
    as_json: Json = False,
) -> None:
    """Add money to an account, and print its balance."""
    with plain_errors(as_json), opened(data) as database:
        with database.write() as connection:
            owner = administration.account(connection, account)
            administration.top_up(
                connection,
                me(),
                owner,
                amount_of(amount, "AMOUNT"),
                now_ms(),
                reference=reference,
                note=note,
            )
            balance = ledger.balance(connection, owner.id)
        money = dollars(from_micro(balance.available))
        tell(as_json, lambda: {"account": owner.id, "balance": money}, f"{money} USD")


def percentage(given: str | None) -> Decimal | None:
    """A discount as it was typed; its range is checked when it is stored.

    Raises:
        Misused: it is not a decimal number.
    """
    return None if given is None else amount_of(given, "--discount")


def amount_of(text: str, name: str) -> Decimal:
    """An amount of money, or a percentage, as it was typed.

    Args:
        name: of the option or argument.

    Raises:
        Misused: it is none.
    """
    try:
        return parse_dollars(text)
    except ValueError as error:
        raise Misused(f"{name}: {error}") from None


def changed(limits: Limits, given: tuple[str | None, ...]) -> Limits:
    """Limits with those that were typed, in the order of :data:`FIELDS`.

    Raises:
        Misused: one is neither a number nor ``none``.
    """
    changes: dict[str, Any] = {}
    for name, text in zip(FIELDS, given, strict=True):
        if text is None:
            continue
        if text == NONE:
            changes[name] = None
        elif name == "daily_spend":
            changes[name] = amount_of(text, "--daily-spend")
        elif text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS:
            changes[name] = int(text)
        else:
            option = f"--{name.replace('_', '-')}"
            raise Misused(f"{option} takes a whole number or '{NONE}', given {text[:40]!r}")
    return replace(limits, **changes)
