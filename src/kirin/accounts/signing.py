"""All SQL about the signing secrets of an account's webhooks: one, or two after a rotation."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from kirin.accounts.store import new_webhook_secret
from kirin.database.account_tables import accounts


@dataclass(frozen=True, slots=True)
class Secrets:
    """The signing secrets of an account.

    Attributes:
        current: ``whsec_...``.
        earlier: the previous one, while it is used as well.
        earlier_until: when that ends, Unix milliseconds.
    """

    current: str
    earlier: str | None = None
    earlier_until: int | None = None

    @property
    def all(self) -> tuple[str, ...]:
        """All secrets in use, the current one first."""
        return (self.current, self.earlier) if self.earlier else (self.current,)


def secrets_of(connection: Connection, account: str, now: int) -> Secrets:
    """The secrets that sign an account's webhooks at a time."""
    row = connection.execute(
        select(
            accounts.c.webhook_secret,
            accounts.c.earlier_webhook_secret,
            accounts.c.earlier_webhook_secret_until,
        ).where(accounts.c.id == account)
    ).one()
    if row.earlier_webhook_secret_until is None or row.earlier_webhook_secret_until <= now:
        return Secrets(row.webhook_secret)
    return Secrets(row.webhook_secret, row.earlier_webhook_secret, row.earlier_webhook_secret_until)


def rotate(connection: Connection, account: str, until: int) -> None:
    """Generate a new secret; the previous one is used as well until ``until``, Unix milliseconds.

    Older ones are dropped: two signatures are enough for receivers to switch in between.
    """
    connection.execute(
        update(accounts)
        .where(accounts.c.id == account)
        .values(
            earlier_webhook_secret=accounts.c.webhook_secret,
            earlier_webhook_secret_until=until,
            webhook_secret=new_webhook_secret(),
        )
    )
