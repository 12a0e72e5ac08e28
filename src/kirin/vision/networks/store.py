"""The store of optional networks: a folder for each, and a record of where its weights are from."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from kirin.errors import KirinError
from kirin.vision.networks.optional import OPTIONAL_NETWORKS, OptionalNetwork
from kirin.vision.networks.signature import check_signature

_RECORD: Final = "record.json"


class WeightsRecord(BaseModel):
    """Where installed weights are from: written when they are first fetched.

    Attributes:
        id: of the network.
        source: the page that they were fetched from, or "file" for a local one.
        revision: the commit of that repository; empty for a local file.
        file: file name in the network's folder.
        licence: that their page states; the one expected for a local file.
        size: in bytes.
        sha256: lower-case hex digest.
        added: when, ISO 8601, UTC.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    source: str
    revision: str
    file: str
    licence: str
    size: int
    sha256: str
    added: str


class DamagedWeights(KirinError):
    """The weights of an optional network are not the bytes that were fetched."""


class ChangedWeights(KirinError):
    """The weights differ from those that were fetched under the same name before."""


@dataclass(frozen=True, slots=True)
class FetchedWeights:
    """Weights that lie somewhere else, to be installed.

    Attributes:
        path: the file; it is moved where ``temporary``, else copied.
        source, revision, licence: as in :class:`WeightsRecord`.
        temporary: whether nobody else needs the file.
    """

    path: Path
    source: str
    revision: str
    licence: str
    temporary: bool = False


@dataclass(frozen=True, slots=True)
class NetworkStore:
    """The optional networks of one data folder. Nothing is ever downloaded here.

    Attributes:
        folder: where they are; it need not exist.
    """

    folder: Path

    def record(self, network: OptionalNetwork) -> WeightsRecord | None:
        """What is recorded of a network's weights; also of ones that were removed."""
        try:
            text = (self.folder / network.id / _RECORD).read_text("utf-8")
            return WeightsRecord.model_validate_json(text)
        except (FileNotFoundError, ValidationError):
            return None

    def installed(self, network: OptionalNetwork) -> WeightsRecord | None:
        """The record of a network whose weights are here, with the size that they should have."""
        record = self.record(network)
        if record is None:
            return None
        path = self._path(network, record)
        return record if path.is_file() and path.stat().st_size == record.size else None

    def path(self, network: OptionalNetwork) -> Path | None:
        """The weights, verified; ``None`` if they are not installed.

        Raises:
            DamagedWeights: the file is not what was fetched.
        """
        record = self.record(network)
        if record is None or not (path := self._path(network, record)).is_file():
            return None
        if path.stat().st_size != record.size or digest(path) != record.sha256:
            raise DamagedWeights(
                f"{path} is damaged: its sha256 is not the {record.sha256} that was recorded on "
                f"{record.added[:10]}; 'kirin weights add {network.id}' fetches it again"
            )
        return path

    def add(
        self,
        network: OptionalNetwork,
        fetched: FetchedWeights,
        *,
        accept_change: bool = False,
    ) -> WeightsRecord:
        """Install weights, and record where they are from.

        Args:
            network: whose they are.
            fetched: the weights.
            accept_change: whether other bytes than the recorded ones of that revision will do.

        Raises:
            KirinError: the file is no such network.
            ChangedWeights: it is not what was fetched first under this name.
        """
        check_signature(network, fetched.path)
        record = WeightsRecord(
            id=network.id,
            source=fetched.source,
            revision=fetched.revision,
            file=Path(network.file).name,
            licence=fetched.licence,
            size=fetched.path.stat().st_size,
            sha256=digest(fetched.path),
            added=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        earlier = self.record(network)
        if earlier and earlier.sha256 != record.sha256 and not accept_change:
            raise ChangedWeights(
                f"the weights of {network.name} have the sha256 {record.sha256}; on "
                f"{earlier.added[:10]} {earlier.sha256} was fetched. Nothing was changed; "
                "--accept-change takes the new ones"
            )
        home = self.folder / network.id
        home.mkdir(parents=True, exist_ok=True)
        partial = home / f"{record.file}.partial"
        move: Callable[[str, str], object] = shutil.move if fetched.temporary else shutil.copyfile
        move(str(fetched.path), str(partial))
        partial.replace(home / record.file)
        # The record comes last: weights without one are not used.
        note = home / f"{_RECORD}.partial"
        note.write_text(record.model_dump_json(indent=2) + "\n", "utf-8")
        note.replace(home / _RECORD)
        return record

    def remove(self, network: OptionalNetwork) -> bool:
        """Delete the weights; their record stays, to know them again.

        Returns:
            whether there were any.
        """
        record = self.record(network)
        if record is None or not (path := self._path(network, record)).is_file():
            return False
        path.unlink()
        return True

    def _path(self, network: OptionalNetwork, record: WeightsRecord) -> Path:
        return self.folder / network.id / record.file


def find_network(id: str) -> OptionalNetwork:
    """The optional network of an id.

    Raises:
        KirinError: there is none.
    """
    if id not in OPTIONAL_NETWORKS:
        raise KirinError(f"there is no network {id!r}; there are: {', '.join(OPTIONAL_NETWORKS)}")
    return OPTIONAL_NETWORKS[id]


def digest(path: Path) -> str:
    """The sha256 of a file, in lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
