"""The names of environment variables: which are ours, and which look as if they were."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches

PREFIX = "KIRIN_"
"""What the names of all our environment variables start with."""

CLIENT_VARIABLES = ("SERVER", "API_KEY")
"""Variables of the commands that talk to a server."""

SERVICE_LINKS = re.compile(r"SERVICE_(HOST|PORT)(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?")
"""What Kubernetes puts into every container when a Service is named ``kirin``."""


def unknown_variables(
    settings: Collection[str], environment: Mapping[str, str] | None = None
) -> list[str]:
    """Environment variables that look like settings and are none, each with the nearest setting.

    Args:
        settings: names of all settings.
        environment: the process's own by default.

    Returns:
        One sentence for each, such as ``KIRIN_PROT is not a setting: did you mean KIRIN_PORT?``
    """
    known = [name.upper() for name in settings] + list(CLIENT_VARIABLES)
    found = []
    for name in sorted(os.environ if environment is None else environment):
        rest = name.upper().removeprefix(PREFIX)
        if rest == name.upper() or rest in known or SERVICE_LINKS.fullmatch(rest):
            continue
        near = get_close_matches(rest, known, n=1)
        hint = f": did you mean {PREFIX}{near[0]}?" if near else ""
        found.append(f"{name} is not a setting{hint}")
    return found
