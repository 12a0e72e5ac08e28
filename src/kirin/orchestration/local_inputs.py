"""Inputs that are read where they lie on the disk, and not from storage (rule N-17).

A worker opens them anew, with its own allowed folders, makes sure that they are what was measured
when the task was created, and looks once more when it is done.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from kirin.catalogue.card import Card
from kirin.domain.assets import Asset
from kirin.domain.callbacks import LinkAsset
from kirin.domain.task import Task
from kirin.errors import InputsRefused
from kirin.media.local_files import LocalFile, LocalFiles, is_file_url
from kirin.media.refusal import MediaRefused
from kirin.storage.base import Storage
from kirin.storage.keys import input_key


@dataclass(frozen=True, slots=True)
class LocalInputs:
    """The inputs of one attempt that lie on the disk.

    Attributes:
        paths: by storage key, where to read them.
        files: what is open, by the path of the parameter.
    """

    paths: Mapping[str, Path]
    files: Mapping[str, LocalFile]

    def check(self) -> None:
        """Make sure that nothing has changed while it was read.

        Raises:
            InputsRefused: something has; the message names the parameter.
        """
        for place, file in self.files.items():
            if file.changed():
                raise InputsRefused(f"{place}: the file was changed while the task was made")


def open_local(
    local: LocalFiles, card: Card, task: Task, folder: Path, opened: ExitStack
) -> LocalInputs:
    """Open what a task names on the disk.

    Args:
        folder: scratch space, for names that no other task has.
        opened: closes them.

    Raises:
        InputsRefused: something is gone, is not allowed here, or has changed since the task was
            created; the message names the parameter.
    """
    paths: dict[str, Path] = {}
    files: dict[str, LocalFile] = {}
    for place in card.media(dict(task.params)):
        asset = task.assets.get(place.path)
        if asset is None or not is_file_url(place.value):
            continue
        try:
            file = opened.enter_context(local.open(place.value))
        except MediaRefused as refusal:
            raise InputsRefused(f"{place.path}: {refusal.message}") from refusal
        if file.size != asset.size or file.digest() != asset.sha256:
            message = "the file has changed since the task was created"
            raise InputsRefused(f"{place.path}: {message}")
        name = folder / f"local-{asset.sha256}"
        if not name.is_symlink():
            name.symlink_to(file.path)
        paths[input_key(asset.sha256)] = name
        files[place.path] = file
    return LocalInputs(paths, files)


@dataclass(frozen=True)
class StorageBesideDisk:
    """A :class:`~kirin.storage.base.Storage` that reads some keys from the disk.

    Attributes:
        storage: has everything else, and takes everything in.
        local: by key, what lies elsewhere.
    """

    storage: Storage
    local: Mapping[str, Path] = field(default_factory=dict)

    def put(self, key: str, source: Path, *, move: bool = False) -> None:
        """Store a file's content."""
        self.storage.put(key, source, move=move)

    def put_bytes(self, key: str, data: bytes) -> None:
        """Store bytes."""
        self.storage.put_bytes(key, data)

    def copy(self, source: str, target: str) -> None:
        """Store under a second key what is stored under a first."""
        self.storage.copy(source, target)

    def path(self, key: str) -> Path:
        """The file on the disk, or a local file with the content."""
        return self.local.get(key) or self.storage.path(key)

    def exists(self, key: str) -> bool:
        """Whether something is there."""
        return key in self.local or self.storage.exists(key)

    def size(self, key: str) -> int:
        """Bytes there."""
        return self.local[key].stat().st_size if key in self.local else self.storage.size(key)

    def delete(self, key: str) -> None:
        """Remove what is stored there; what lies on the disk stays."""
        self.storage.delete(key)

    def keys(self, prefix: str = "") -> Iterator[str]:
        """The keys that start with a text, sorted."""
        return self.storage.keys(prefix)


def linked(link: LinkAsset, storage: StorageBesideDisk, folder: Path) -> LinkAsset:
    """How machines elsewhere read inputs: those from the disk by a copy in storage."""

    def give(asset: Asset) -> str:
        key = input_key(asset.sha256)
        if key in storage.local and not storage.storage.exists(key):
            copy = folder / f"copy-{asset.sha256}"
            shutil.copyfile(storage.local[key], copy)
            storage.put(key, copy, move=True)
        return link(asset)

    return give
