"""``kirin migrate``: create or upgrade the tables."""

from __future__ import annotations

from kirin.cli.environment import Data, load_settings
from kirin.cli.output import Json, plain_errors, tell


def migrate(data: Data = None, as_json: Json = False) -> None:
    """Migrate the database to this version; tasks may be in flight.

    'kirin serve' does so by itself. With KIRIN_DATABASE_URL, run it once before 'kirin api' and
    'kirin worker' of a new version start; several at once wait for each other.
    """
    from kirin.composition.migration import migrate as bring_up_to_date

    with plain_errors(as_json):
        bring_up_to_date(load_settings(data_dir=data))
        tell(as_json, lambda: {"migrated": True}, "the database is up to date")
