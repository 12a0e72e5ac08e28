"""The weight store: which open models are downloaded, and how to download the others.

Nothing is ever downloaded here: a task that waited for 100 GB would have failed anyway.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from kirin.engines.diffusion.model_spec import Lora, ModelSpec

_MODEL_INDEX: Final = "model_index.json"


@dataclass(frozen=True, slots=True)
class WeightStore:
    """A cache folder of the Hugging Face Hub.

    Attributes:
        folder: the cache; it need not exist.
        is_default: whether the hub's own tools use that folder by default.
    """

    folder: Path
    is_default: bool = True

    def find(self, model: ModelSpec) -> Path | None:
        """The snapshot folder of a model, or ``None`` if any of its files are missing."""
        snapshot = self._snapshot(model.weights.repository)
        if snapshot is None:
            return None
        overrides = self.overrides(model)
        if len(overrides) < len(model.weights.overrides):
            return None
        if model.lora and len(self.lora_files(model.lora)) < len(model.lora.files):
            return None
        return None if any(True for _ in missing_files(snapshot, overrides)) else snapshot

    def overrides(self, model: ModelSpec) -> dict[str, Path]:
        """By component, the folders of a model's component overrides that are complete."""
        found = {}
        for name, repository in model.weights.overrides.items():
            folder = self._snapshot(repository)
            if folder is None:
                continue
            files = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
            has_weights = any(file.endswith(".safetensors") for file in files)
            if has_weights and not any(True for _ in _missing_shards(folder, files)):
                found[name] = folder
        return found

    def lora_files(self, lora: Lora) -> dict[str, Path]:
        """By component, the files of a LoRA that are downloaded."""
        folder = self._snapshot(lora.repository)
        found = {name: folder / file for name, file in lora.files.items()} if folder else {}
        return {name: path for name, path in found.items() if path.is_file()}

    def download_command(self, model: ModelSpec) -> str:
        """The shell command that downloads a model's files, with their size."""
        cache_option = "" if self.is_default else f" --cache-dir {self.folder}"
        lora_gb = model.lora.download_gb if model.lora else 0
        size = f"{model.weights.download_gb + lora_gb:.0f} GB"
        commands = [f"hf download {model.weights.repository}"]
        for name, repository in model.weights.overrides.items():
            commands[0] += f" --exclude '{name}/*.safetensors'"
            commands.append(f"hf download {repository} --include '*.safetensors*'")
        if lora := model.lora:
            commands.append(f"hf download {lora.repository} {' '.join(lora.files.values())}")
        return f"{' && '.join(command + cache_option for command in commands)} (about {size})"

    def missing_message(self, model: ModelSpec) -> str:
        """What is wrong with a model that :meth:`find` does not find, and what to do."""
        started = self._home(model.weights.repository).exists()
        state = "incomplete" if started else "not on this machine"
        command = self.download_command(model)
        return f"the weights of {model.name} are {state}; download them with: {command}"

    def _snapshot(self, repository: str) -> Path | None:
        home = self._home(repository)
        try:
            return home / "snapshots" / (home / "refs" / "main").read_text("ascii").strip()
        except OSError:
            return None

    def _home(self, repository: str) -> Path:
        return self.folder / f"models--{repository.replace('/', '--')}"


def missing_files(snapshot: Path, overridden: Container[str] = ()) -> Iterator[str]:
    """What a model's folder lacks, as relative paths; nothing if it is complete.

    Args:
        snapshot: a folder in the layout of diffusers: ``model_index.json``, and a folder for each
            component with its configuration and its weights, which may be sharded.
        overridden: components of which only the configuration is needed.
    """
    try:
        index = json.loads((snapshot / _MODEL_INDEX).read_text("utf-8"))
    except (OSError, ValueError):
        yield _MODEL_INDEX
        return
    for name, entry in index.items():
        if name.startswith("_") or not isinstance(entry, list) or entry[0] is None:
            continue
        folder = snapshot / name
        files = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        if not files:
            yield name
        if name in overridden:
            continue
        yield from (f"{name}/{shard}" for shard in _missing_shards(folder, files))
        if "config.json" in files and not any(".safetensors" in file for file in files):
            yield f"{name}/*.safetensors"


def _missing_shards(folder: Path, files: set[str]) -> Iterator[str]:
    """The shards that an index lists and the folder lacks."""
    for file in sorted(files):
        if file.endswith(".index.json"):
            path = folder / file
            yield from sorted(_shards(path, path.stat().st_mtime_ns) - files)


@lru_cache(maxsize=128)  # an index of thousands of tensors takes a millisecond to read
def _shards(index: Path, modified_ns: int) -> frozenset[str]:  # noqa: ARG001  part of the cache key
    """The shards that an index lists."""
    return frozenset(json.loads(index.read_text("utf-8"))["weight_map"].values())
