"""What the routes of operators work with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kirin.accounts.keys import Scope
from kirin.accounts.sealing import KeySealer
from kirin.catalogue.registry import Catalogue
from kirin.database.engine import Database
from kirin.http.admin.settings_models import CheckJson, SettingJson
from kirin.http.authentication import Authenticator
from kirin.http.bodies import BodyLimits
from kirin.http.query_parameters import PathParameter
from kirin.http.thread_pool import ThreadPool
from kirin.storage.base import Storage

ADMIN = "/admin/v1"
ACCOUNTS = f"{ADMIN}/accounts"
KEYS = f"{ADMIN}/keys"

SCOPE = Scope.ADMIN

ACCOUNT_ID = PathParameter("account_id", "id or name of the account")
KEY_ID = PathParameter("key_id", "id of the key")


@dataclass(frozen=True, kw_only=True)
class AdminDependencies:
    """What the routes of operators work with.

    Attributes:
        checks: checks this machine; takes some seconds.
        sealer: encrypts the secrets of new keys, where they may sign tokens.
    """

    authenticator: Authenticator
    database: Database
    threads: ThreadPool
    body_limits: BodyLimits
    sealer: KeySealer | None = None
    storage: Storage
    data_dir: Path
    catalogue: Catalogue
    settings: Sequence[SettingJson]
    checks: Callable[[], list[CheckJson]]
