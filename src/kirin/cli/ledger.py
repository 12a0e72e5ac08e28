"""``kirin ledger``: verify the ledger."""

from __future__ import annotations

import typer

from kirin.accounts.verification import verify as examine
from kirin.cli.environment import Data
from kirin.cli.output import Json, out, plain_errors, print_json
from kirin.cli.tables import opened
from kirin.errors import KirinError

ledger = typer.Typer(help="The ledger: verify that it adds up.", no_args_is_help=True)


@ledger.command("verify")
def verify(data: Data = None, as_json: Json = False) -> None:
    """Add up all entries, and compare every task with its settlement; safe at any time."""
    with plain_errors(as_json), opened(data) as database:
        with database.snapshot() as connection:
            report = examine(connection)
        if as_json:
            print_json(report)
        for problem in () if as_json else report.problems:
            out.print(f"wrong: {problem}", markup=False, soft_wrap=True)
        if not as_json:
            out.print(
                f"{report.transactions} transactions, {report.settled} tasks settled, "
                f"{report.open} held, sum {report.total}"
            )
        if report.problems:
            raise KirinError(f"the ledger is wrong in {len(report.problems)} places")
