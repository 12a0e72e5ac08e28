"""What a machine can do, what is missing, and how to get it: one check each.

``kirin doctor`` and operators ask the same checks (:mod:`kirin.composition.examination`).
"""

from __future__ import annotations

import os
import platform
import secrets
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from kirin.errors import KirinError
from kirin.settings import Settings, unknown_variables

BUCKET_SECONDS = 5.0
"""Seconds for which requests to a bucket that does not answer are retried."""

LEAST_FREE = 2 * 1024**3
"""Bytes of disk below which a few days of videos will not fit."""


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        good: whether all is well.
        title: what was checked.
        detail: what was found.
        remedy: what to do about it, if something is wrong.
    """

    good: bool
    title: str
    detail: str
    remedy: str = ""


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


def variables(_: Settings) -> Finding:
    """Whether every environment variable that looks like a setting is one."""
    unknown = unknown_variables(Settings.model_fields)
    if unknown:
        return Finding(False, "settings", "; ".join(unknown), "correct or unset the variables")
    return Finding(True, "settings", "every KIRIN_ variable is known")


def database(settings: Settings) -> Finding:
    """Whether the database answers, and its tables have the revision of this version."""
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    from kirin.database.engine import Database
    from kirin.database.schema import NewerDatabase, check, revision

    if settings.embedded and not (settings.data_dir / "kirin.db").exists():
        return Finding(True, "database", "SQLite, in the data folder; made on the first start")
    opened = Database(settings.tables_url)
    name = "SQLite, in the data folder"
    try:
        if not settings.embedded:
            with opened.read() as connection:
                version = connection.execute(text("SHOW server_version")).scalar()
            name = f"PostgreSQL {version}"
        check(opened)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        remedy = "is it a database of kirin, and whole?"
        if not settings.embedded:
            remedy = "check KIRIN_DATABASE_URL: is PostgreSQL running there?"
        return Finding(False, "database", reason, remedy)
    except NewerDatabase as error:
        return Finding(False, "database", name, error.message)
    except KirinError as error:
        if settings.embedded:
            found = revision(opened) or "none"
            detail = f"{name}, schema revision {found}; the next start migrates it"
            return Finding(True, "database", detail)
        return Finding(False, "database", name, error.message)
    finally:
        opened.close()
    return Finding(True, "database", f"{name}, with the tables of this version")


def storage(settings: Settings) -> Finding:
    """Whether the bucket can be written, read and cleaned up, where one is set up."""
    from kirin.composition.resources import open_storage

    if settings.storage_url is None:
        return Finding(True, "storage", "files, in the data folder")
    name = settings.storage_url.partition("?")[0]
    with tempfile.TemporaryDirectory() as folder:
        there = open_storage(settings.model_copy(update={"data_dir": Path(folder)}), BUCKET_SECONDS)
        key = f"probe/{secrets.token_hex(8)}"
        try:
            there.put_bytes(key, key.encode())
            same = there.path(key).read_bytes() == key.encode()
            there.delete(key)
        except OSError as error:
            reason = str(error).strip().splitlines()[0]
            remedy = "check KIRIN_STORAGE_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            return Finding(False, "storage", f"{name}: {reason}", remedy)
    return Finding(same, "storage", f"{name} can be written, read and cleaned up")


def encoder(_: Settings) -> Finding:
    """Whether H.264 can be encoded, by encoding half a second of it."""
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


def weights(settings: Settings) -> Finding:
    """Whether the animatic engine's neural networks load, and which optional ones are there."""
    from kirin.vision.matting.segmenter import Segmenter
    from kirin.vision.networks.optional import OPTIONAL_NETWORKS
    from kirin.vision.networks.store import DamagedWeights, NetworkStore

    Segmenter()
    store = NetworkStore(settings.network_dir)
    try:
        found = [each.name for each in OPTIONAL_NETWORKS.values() if store.path(each)]
    except DamagedWeights as error:
        return Finding(False, "networks", error.message, "kirin weights list")
    added = f"; optional: {', '.join(found)}" if found else "; none of 'kirin weights list' added"
    return Finding(True, "networks", f"subject segmentation loads{added}")


def gpu(settings: Settings) -> Finding:
    """Which models the diffusion engine can serve on this machine's GPU or CPU, and how."""
    from kirin.catalogue.probes import provisional
    from kirin.catalogue.registry import installed
    from kirin.composition.engines import open_models, open_runtime, open_weight_store
    from kirin.domain.storyboard import Storyboard
    from kirin.engines.diffusion.gpu import CPU, device_gb
    from kirin.engines.diffusion.support import model_support

    wanted = "diffusion" in settings.engine_order
    memory = settings.gpu_memory_gb or device_gb(settings.device)
    if memory is None:
        remedy = (
            "install NVIDIA's driver, remove diffusion from KIRIN_ENGINES, or try it on the CPU, "
            "where a video takes hours: KIRIN_DEVICE=cpu"
            if wanted
            else ""
        )
        return Finding(not wanted, "gpu", "none found; the diffusion engine needs one", remedy)
    store = open_weight_store(settings)
    plans = {card.id: provisional(card, card.examples[0]) for card in installed()}
    boards = {name: plan for name, plan in plans.items() if isinstance(plan, Storyboard)}
    runtime = open_runtime(settings)
    models = open_models(settings, runtime)
    supported: list[str] = []
    missing = {}
    for each in model_support(boards, models, store, memory):
        if each.model is None or each.placement is None:
            continue
        state = each.placement.value + ("" if each.is_downloaded else ", weights missing")
        supported.append(f"{each.name} by {each.model.id} ({state})")
        if not each.is_downloaded:
            missing[each.model.id] = each.model
    remedy = "; ".join(store.download_command(model) for model in missing.values())
    kind = "main" if runtime.device == CPU else "GPU"
    models_text = ", ".join(supported) or "too little for any open model"
    text = f"{memory:.0f} GB of {kind} memory; {models_text}"
    return Finding(bool(not wanted or (supported and not missing)), "gpu", text, remedy)


def plugins(_: Settings) -> Finding:
    """Which plug-ins there are, and what is wrong with them."""
    from kirin.composition.plugins import plugin_problems, registries
    from kirin.plugins.registry import a

    names = [f"{a(each.kind)} {point}" for each in registries() for point in each.points().values()]
    text = ", ".join(names) or "none"
    if problems := plugin_problems():
        detail = "; ".join(problem.message for problem in problems)
        return Finding(False, "plug-ins", detail, f"the others: {text}")
    return Finding(True, "plug-ins", text)


def providers(settings: Settings) -> Finding:
    """Whether the remote engines answer, and accept our keys."""
    from kirin.composition.engines import open_router
    from kirin.engines.base import RemoteEngine

    remote = [each for each in open_router(settings).engines if isinstance(each, RemoteEngine)]
    if not remote:
        return Finding(True, "providers", "none; all videos are rendered locally")
    health = {engine.name: engine.check_health() for engine in remote}
    problems = [f"{name}: {problem}" for name, problem in health.items() if problem]
    if problems:
        remedy = "check the addresses and keys in KIRIN_ENGINE_FILE"
        return Finding(False, "providers", "; ".join(problems), remedy)
    return Finding(True, "providers", f"{', '.join(health)}: reachable, and the keys are accepted")


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
    """Which models the configured engines can serve, judging by each model's first example."""
    from kirin.catalogue.card import Card
    from kirin.catalogue.probes import provisional
    from kirin.catalogue.registry import installed
    from kirin.composition.engines import open_router
    from kirin.domain.storyboard import Storyboard

    router = open_router(settings)

    def served(card: Card) -> bool:
        plan = provisional(card, card.examples[0])
        return not isinstance(plan, Storyboard) or not router.refusals(plan)

    names = {card.id: served(card) for card in installed()}
    able = ", ".join(name for name, good in names.items() if good)
    unable = ", ".join(name for name, good in names.items() if not good)
    text = f"{able}, by {', '.join(settings.engine_order)}"
    return Finding(True, "models", f"{text}; not yet: {unable}" if unable else text)
