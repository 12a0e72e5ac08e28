"""What is checked of the settings before a process starts: everything wrong, at once."""

from __future__ import annotations

import os
from collections.abc import Callable

from kirin.accounts import keys as api_keys
from kirin.composition.resources import open_catalogue
from kirin.database.engine import parse_url
from kirin.errors import KirinError
from kirin.settings import Settings


def startup_problems(settings: Settings) -> list[str]:
    """Everything in the settings that would stop a process of the server, without connecting to
    anything: one sentence each, empty if all is well."""
    from kirin.composition.engines import open_outgoing, open_router

    checks: tuple[Callable[[Settings], object], ...] = (
        check_data_dir,
        check_database_url,
        check_storage_url,
        check_bootstrap_key,
        check_plugin_names,
        check_dialects,
        open_catalogue,
        open_outgoing,
        open_router,
    )
    problems = []
    for check in checks:
        try:
            check(settings)
        except KirinError as error:
            problems.append(error.message)
    return list(dict.fromkeys(problems))


def check_data_dir(settings: Settings) -> None:
    """Raise :class:`KirinError` if the data folder cannot be made or written."""
    folder = settings.data_dir
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not existing.is_dir():
        raise KirinError(f"KIRIN_DATA_DIR: {existing} is not a folder")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise KirinError(f"KIRIN_DATA_DIR: {existing} cannot be written")


def check_database_url(settings: Settings) -> None:
    """Raise :class:`KirinError` if the database's URL is malformed."""
    try:
        parse_url(settings.tables_url)
    except KirinError as error:
        raise KirinError(f"KIRIN_DATABASE_URL: {error.message}") from None


def check_storage_url(settings: Settings) -> None:
    """Raise :class:`KirinError` if the bucket's URL is malformed."""
    if settings.storage_url is not None:
        from kirin.storage.objects import parse_bucket_url

        parse_bucket_url(settings.storage_url)


def check_bootstrap_key(settings: Settings) -> None:
    """Raise :class:`KirinError` if the key of the settings cannot be one."""
    wanted = settings.bootstrap_key
    if wanted is not None and not api_keys.acceptable(wanted.get_secret_value()):
        raise KirinError(
            "KIRIN_BOOTSTRAP_KEY is not a usable key: it takes 16 to 128 letters, digits and any "
            "of -._~ (with a valid checksum if it starts with kirin_sk_)"
        )


def check_dialects(settings: Settings) -> None:
    """Raise :class:`KirinError` if the settings name a dialect that there is not, or a plug-in's
    cannot be used."""
    from kirin.composition.plugins import check_documents
    from kirin.http.dialects.registry import chosen

    check_documents(chosen(settings.spoken_dialects))


def check_plugin_names(_: Settings) -> None:
    """Raise :class:`KirinError` if a plug-in has a name that is taken, used or not."""
    from kirin.composition.plugins import registries

    clashes = [problem for each in registries() for problem in each.clashes()]
    if clashes:
        raise KirinError("; ".join(problem.message for problem in clashes))
