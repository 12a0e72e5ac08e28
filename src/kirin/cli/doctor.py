"""``kirin doctor``: what this machine can do, what is missing, how to get it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.markup import escape

from kirin.cli.environment import Data, load_settings
from kirin.cli.output import out, plain_errors
from kirin.settings import Settings

LEAST_FREE = 2 * 1024**3
"""Bytes of disk below which a few days of videos will not fit."""


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        good: whether all is well.
        title: what was looked at.
        detail: what was seen.
        remedy: what to do about it, where something is wrong.
    """

    good: bool
    title: str
    detail: str
    remedy: str = ""


def doctor(data: Data = None) -> None:
    """Check this machine; exit status 1 where something is missing."""
    with plain_errors():
        settings = load_settings(data_dir=data)
        healthy = True
        for finding in examine(settings):
            healthy = healthy and finding.good
            mark = "[green]ok[/green]  " if finding.good else "[red]no[/red]  "
            out.print(f"{mark}{finding.title:<12} {escape(finding.detail)}", soft_wrap=True)
            if finding.remedy:
                out.print(f"    {'':<12} {escape(finding.remedy)}", soft_wrap=True)
        if not healthy:
            raise typer.Exit(1)


def examine(settings: Settings) -> Iterator[Finding]:
    """All checks, one after the other."""
    checks: tuple[Callable[[Settings], Finding], ...] = (
        machine,
        disk,
        encoder,
        weights,
        server,
        what_it_makes,
    )
    for check in checks:
        try:
            yield check(settings)
        except Exception as error:
            # A check that falls over is a finding, and the others still run.
            name = check.__name__.replace("_", " ")
            yield Finding(False, name, f"{type(error).__name__}: {error}", REINSTALL)


REINSTALL = "install again: pip install --force-reinstall kirin"


def machine(_: Settings) -> Finding:
    """Python, processor and memory."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = ".".join(map(str, sys.version_info[:3]))
    return Finding(
        True,
        "machine",
        f"Python {python}, {platform.system()} {platform.machine()}, {cores} cores, "
        f"{memory:.0f} GiB of memory",
    )


def disk(settings: Settings) -> Finding:
    """Whether the data folder can be written and has room."""
    folder = settings.data_dir
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        return Finding(
            False, "data", f"{folder} cannot be written", "choose another: --data or KIRIN_DATA_DIR"
        )
    free = shutil.disk_usage(existing).free
    text = f"{folder}, {free / 1024**3:.1f} GiB free"
    if free < LEAST_FREE:
        return Finding(False, "data", text, "free some disk, or choose another folder with --data")
    return Finding(True, "data", text)


def encoder(_: Settings) -> Finding:
    """Whether H.264 comes out, by making a little of it."""
    from fractions import Fraction

    import numpy as np

    from kirin.media.decode import facts
    from kirin.media.encode import encode

    frame = np.full((72 * 3 // 2, 128), 128, np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "probe.mp4"
        encode(iter([frame] * 12), video, width=128, height=72, fps=Fraction(24))
        found = facts(video)
    good = found.codec == "h264" and found.frame_count == 12
    return Finding(good, "encoder", f"{found.codec}, {found.pixel_format}")


def weights(_: Settings) -> Finding:
    """Whether the networks of the animatic engine are whole."""
    from kirin.engines.animatic.photo.matte import Segmenter

    Segmenter()
    return Finding(True, "networks", "subject segmentation loads")


def server(settings: Settings) -> Finding:
    """Whether a server answers where one is expected."""
    import httpx

    try:
        answer = httpx.get(f"{settings.base_url}/healthz", timeout=2)
        version = answer.json()["version"]
    except (httpx.HTTPError, ValueError, KeyError):
        return Finding(True, "server", f"none at {settings.base_url}; 'kirin serve' starts one")
    return Finding(True, "server", f"kirin {version} at {settings.base_url}")


def what_it_makes(settings: Settings) -> Finding:
    """Which models can be served by the engines that are set up, going by their first example."""
    from kirin.app import ENGINES
    from kirin.catalogue.card import Card
    from kirin.catalogue.plan import Materials
    from kirin.catalogue.references import Picture
    from kirin.catalogue.registry import built_in
    from kirin.domain.assets import Asset, AssetKind
    from kirin.domain.storyboard import Storyboard

    engines = [ENGINES[name]() for name in settings.engine_order]

    def served(card: Card) -> bool:
        values = card.check(card.examples[0]).values
        kinds = {
            place.path: AssetKind.IMAGE if isinstance(place.parameter, Picture) else AssetKind.VIDEO
            for place in card.media(values)
        }
        media = {path: Asset.announced(kind) for path, kind in kinds.items()}
        plan = card.plan(values, Materials(media), 0)
        if not isinstance(plan, Storyboard):
            return True
        return any(not engine.unsupported(plan) for engine in engines)

    names = {card.id: served(card) for card in built_in()}
    able = ", ".join(name for name, good in names.items() if good)
    unable = ", ".join(name for name, good in names.items() if not good)
    text = f"{able}, by {', '.join(settings.engine_order)}"
    return Finding(True, "models", f"{text}; not yet: {unable}" if unable else text)
