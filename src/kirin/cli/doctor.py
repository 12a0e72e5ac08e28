"""``kirin doctor``: what this machine can do, what is missing, and how to get it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from typing import Annotated

import typer
from rich.markup import escape

from kirin.cli.environment import Data, read_settings
from kirin.cli.output import out, plain_errors
from kirin.composition.checks import Finding
from kirin.composition.examination import Examiner


def doctor(
    data: Data = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, for programs.")
    ] = False,
) -> None:
    """Check this machine; exit status 1 where something is missing."""
    with plain_errors():
        settings, problems = read_settings(data_dir=data)
        findings = chain(wrong(problems), Examiner(settings).examine())
        healthy = _as_json(findings) if as_json else _as_text(findings)
        if not healthy:
            raise typer.Exit(1)


def wrong(problems: list[str]) -> Iterator[Finding]:
    """The settings that are not valid; the other checks go on with their defaults."""
    for problem in problems:
        yield Finding(False, "settings", problem, "correct or unset the variable")


def _as_text(findings: Iterator[Finding]) -> bool:
    healthy = True
    for finding in findings:
        healthy = healthy and finding.good
        mark = "[green]ok[/green]  " if finding.good else "[red]no[/red]  "
        out.print(f"{mark}{finding.title:<12} {escape(finding.detail)}", soft_wrap=True)
        if finding.remedy:
            out.print(f"    {'':<12} {escape(finding.remedy)}", soft_wrap=True)
    return healthy


def _as_json(findings: Iterator[Finding]) -> bool:
    found = list(findings)
    healthy = all(finding.good for finding in found)
    told = {"good": healthy, "checks": [asdict(finding) for finding in found]}
    sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    return healthy
