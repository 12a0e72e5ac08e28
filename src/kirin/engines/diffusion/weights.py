"""Weights: which open models lie on this machine, and how to get the others.

Nothing is ever downloaded here: a video that waits for 100 GB is a video that failed.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from kirin.engines.diffusion.facts import Lora, OpenModel

_INDEX: Final = "model_index.json"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A cache of Hugging Face's hub.

    Attributes:
        folder: where it lies; it need not exist.
        usual: whether that is where the hub's own tools put it.
    """

    folder: Path
    usual: bool = True

    def find(self, model: OpenModel) -> Path | None:
        """The folder with the whole of a model's files, or ``None``."""
        snapshot = self._snapshot(model.weights.repository)
        if snapshot is None:
            return None
        swapped = self.swapped(model)
        if len(swapped) < len(model.weights.swapped):
            return None
        if model.lora and len(self.adapters(model.lora)) < len(model.lora.files):
            return None
        return None if any(True for _ in missing(snapshot, swapped)) else snapshot

    def swapped(self, model: OpenModel) -> dict[str, Path]:
        """By component, the folders with those of a model's files that other repositories have."""
        found = {}
        for name, repository in model.weights.swapped.items():
            folder = self._snapshot(repository)
            if folder is None:
                continue
            files = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
            whole = any(file.endswith(".safetensors") for file in files)
            if whole and not any(True for _ in _shards(folder, files)):
                found[name] = folder
        return found

    def adapters(self, lora: Lora) -> dict[str, Path]:
        """By component, the files of a LoRA that are here."""
        folder = self._snapshot(lora.repository)
        found = {name: folder / file for name, file in lora.files.items()} if folder else {}
        return {name: path for name, path in found.items() if path.is_file()}

    def command(self, model: OpenModel) -> str:
        """The command that downloads a model's files, and how large they are."""
        place = "" if self.usual else f" --cache-dir {self.folder}"
        extra = model.lora.download_gb if model.lora else 0
        size = f"{model.weights.download_gb + extra:.0f} GB"
        commands = [f"hf download {model.weights.repository}"]
        for name, repository in model.weights.swapped.items():
            commands[0] += f" --exclude '{name}/*.safetensors'"
            commands.append(f"hf download {repository} --include '*.safetensors*'")
        if lora := model.lora:
            commands.append(f"hf download {lora.repository} {' '.join(lora.files.values())}")
        return f"{' && '.join(command + place for command in commands)} (about {size})"

    def lack(self, model: OpenModel) -> str:
        """What is wrong with a model that :meth:`find` does not find, and how to mend it."""
        begun = self._home(model.weights.repository).exists()
        state = "are not complete" if begun else "are not on this machine"
        return f"the weights of {model.name} {state}; get them with: {self.command(model)}"

    def _snapshot(self, repository: str) -> Path | None:
        home = self._home(repository)
        try:
            return home / "snapshots" / (home / "refs" / "main").read_text("ascii").strip()
        except OSError:
            return None

    def _home(self, repository: str) -> Path:
        return self.folder / f"models--{repository.replace('/', '--')}"


def missing(snapshot: Path, elsewhere: Container[str] = ()) -> Iterator[str]:
    """What a model's folder lacks, by relative path; nothing if it is whole.

    Args:
        snapshot: a folder in the layout of diffusers: an index, and a folder for each component
            with its configuration and its weights, perhaps in several files that an index lists.
        elsewhere: components of which the configuration is enough.
    """
    try:
        index = json.loads((snapshot / _INDEX).read_text("utf-8"))
    except (OSError, ValueError):
        yield _INDEX
        return
    for name, entry in index.items():
        if name.startswith("_") or not isinstance(entry, list) or entry[0] is None:
            continue
        folder = snapshot / name
        files = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        if not files:
            yield name
        if name in elsewhere:
            continue
        yield from (f"{name}/{shard}" for shard in _shards(folder, files))
        if "config.json" in files and not any(".safetensors" in file for file in files):
            yield f"{name}/*.safetensors"


def _shards(folder: Path, files: set[str]) -> Iterator[str]:
    """What an index of weights lists and is not there."""
    for file in sorted(files):
        if file.endswith(".index.json"):
            path = folder / file
            yield from sorted(_listed(path, path.stat().st_mtime_ns) - files)


@lru_cache(maxsize=128)  # an index of thousands of tensors takes a millisecond to read
def _listed(index: Path, changed: int) -> frozenset[str]:  # noqa: ARG001  it is the cache's key
    """The files that an index of weights lists, as it was when it was changed last."""
    return frozenset(json.loads(index.read_text("utf-8"))["weight_map"].values())
