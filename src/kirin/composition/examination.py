"""All checks of a machine and its server, each in a thread and for a bounded time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import monotonic

from pydantic import SecretStr

from kirin.composition import checks, state_checks
from kirin.composition.checks import Finding
from kirin.composition.shown_settings import CREDENTIALS, HIDDEN
from kirin.errors import KirinError
from kirin.http.admin.settings_models import CheckJson
from kirin.settings import Settings

Check = Callable[[Settings], Finding | None]
"""``None`` where there is nothing to tell."""

LONGEST_SECONDS = 20.0
"""How long all checks together may take; one that takes longer is a finding."""

LEAST_SECRET = 4
"""Characters below which a secret is no secret, and may be part of any word."""

FIX = "fix what the message names"

REINSTALL = "install again: pip install --force-reinstall kirin"

CHECKS: tuple[Check, ...] = (
    checks.machine,
    checks.variables,
    state_checks.versions,
    state_checks.clock,
    checks.disk,
    checks.database,
    checks.storage,
    state_checks.backlog,
    state_checks.backups,
    checks.encoder,
    checks.weights,
    checks.gpu,
    checks.plugins,
    checks.providers,
    checks.server,
    checks.what_it_makes,
)


class Examiner:
    """Asks all checks. One that hangs is not asked again until it has come back, so that a machine
    that is asked often keeps a bounded number of threads."""

    def __init__(
        self,
        settings: Settings,
        checks: Sequence[Check] = CHECKS,
        seconds: float | None = None,
    ) -> None:
        self._settings = settings
        self._checks = tuple(checks)
        self._seconds = LONGEST_SECONDS if seconds is None else seconds
        self._secrets = secrets_of(settings)
        self._hanging: dict[str, threading.Thread] = {}
        self._alone = threading.Lock()

    def examine(self) -> Iterator[Finding]:
        """What each check found, in their order, as soon as it is known."""
        with self._alone:
            asked = [(check, self._ask(check)) for check in self._checks]
            end = monotonic() + self._seconds
            for check, (thread, found) in asked:
                thread.join(max(0.0, end - monotonic()))
                finding = found[0] if found else self._late(check, thread)
                if finding is not None:
                    yield self._without_secrets(finding)

    def _ask(self, check: Check) -> tuple[threading.Thread, list[Finding | None]]:
        name = check.__name__
        found: list[Finding | None] = []
        if (hanging := self._hanging.get(name)) is not None and hanging.is_alive():
            return hanging, found
        thread = threading.Thread(
            target=lambda: found.append(outcome(check, self._settings)), name=name, daemon=True
        )
        self._hanging[name] = thread
        thread.start()
        return thread, found

    def _late(self, check: Check, thread: threading.Thread) -> Finding:
        title = check.__name__.replace("_", " ")
        if not thread.is_alive():  # one that had hung before has just come back
            return Finding(False, title, "it took too long the last time", "check again")
        detail = f"no answer within {self._seconds:g} s"
        return Finding(False, title, detail, "is what it needs away, or is the machine too busy?")

    def _without_secrets(self, finding: Finding) -> Finding:
        def clean(text: str) -> str:
            for secret in self._secrets:
                text = text.replace(secret, HIDDEN)
            return CREDENTIALS.sub(f"{HIDDEN}@", text)

        return replace(finding, detail=clean(finding.detail), remedy=clean(finding.remedy))


def checks_of(settings: Settings) -> Callable[[], list[CheckJson]]:
    """All checks of a process, as operators see them."""
    examiner = Examiner(settings)

    def ask() -> list[CheckJson]:
        return [
            CheckJson(good=each.good, title=each.title, detail=each.detail, remedy=each.remedy)
            for each in examiner.examine()
        ]

    return ask


def outcome(check: Check, settings: Settings) -> Finding | None:
    """What a check found; one that fails is a finding, and the others still run."""
    try:
        return check(settings)
    except KirinError as error:
        return Finding(False, check.__name__.replace("_", " "), error.message, FIX)
    except Exception as error:
        name = check.__name__.replace("_", " ")
        return Finding(False, name, f"{type(error).__name__}: {error}", REINSTALL)


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """The values of settings that are secret, the longest first."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    found = {each.get_secret_value() for each in values if isinstance(each, SecretStr)}
    return tuple(sorted((s for s in found if len(s) >= LEAST_SECRET), key=len, reverse=True))
