"""How secrets of API keys are sealed, as the settings want it."""

from __future__ import annotations

from kirin.accounts.sealing import KeySealer
from kirin.database.engine import Database
from kirin.settings import Settings


def sealer_of(database: Database, settings: Settings) -> KeySealer | None:
    """Encrypts secrets of keys; ``None`` where the operator wants none to be stored."""
    secret = settings.token_secret
    return None if secret is None else KeySealer.of(database, secret.get_secret_value())
