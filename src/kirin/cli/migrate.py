"""``kirin migrate``: makes the tables, or brings them up to date."""

from __future__ import annotations

from kirin.cli.environment import Data, load_settings
from kirin.cli.output import out, plain_errors


def migrate(data: Data = None) -> None:
    """Bring the database to the shape that this version needs, with tasks in flight or not.

    'kirin serve' does it by itself. With KIRIN_DATABASE_URL, run it once before 'kirin api' and
    'kirin worker' of a new version start; several at once do it one after the other.
    """
    from kirin.app import migrate as bring_up_to_date

    with plain_errors():
        bring_up_to_date(load_settings(data_dir=data))
        out.print("the database is up to date")
