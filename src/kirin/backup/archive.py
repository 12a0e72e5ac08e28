"""The archive: a tar file, so that any machine can look into it. Nothing is compressed twice."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Final, Generic, Protocol, TypeVar

from pydantic import BaseModel

from kirin.backup.manifest import NAME, ArchivePart, Manifest, parse_manifest
from kirin.errors import KirinError

LARGEST_MANIFEST: Final = 2**30
"""A manifest has some 200 bytes for each file."""

CHUNK: Final = 2**20


class _Hashing:
    """A file that digests what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


class Parts(Protocol):
    """A manifest, as far as reading an archive needs it."""

    @property
    def parts(self) -> dict[str, ArchivePart]:
        """Every part by the name of its member."""
        ...


M = TypeVar("M", bound=Parts)


class ArchiveWriter:
    """Writes members one after the other."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        """Set up; use :func:`new_archive`."""
        self._tar = tar

    def add(self, name: str, source: Path, rows: int | None = None) -> ArchivePart:
        """Add a file's content.

        Raises:
            FileNotFoundError: it is not there.
            OSError: it cannot be read, or the archive cannot be written.
        """
        with source.open("rb") as file:
            size = source.stat().st_size
            member = tarfile.TarInfo(name)
            member.size, member.mode = size, 0o600
            hashing = _Hashing(file)
            self._tar.addfile(member, hashing)
            return ArchivePart(size=size, sha256=hashing.digest.hexdigest(), rows=rows)

    def end(self, manifest: BaseModel) -> None:
        """Add the manifest, which makes the archive complete."""
        text = manifest.model_dump_json(indent=1).encode()
        member = tarfile.TarInfo(NAME)
        member.size, member.mode = len(text), 0o600
        self._tar.addfile(member, BytesIO(text))


@contextmanager
def new_archive(path: Path) -> Iterator[ArchiveWriter]:
    """Write an archive; nobody sees it before it is whole.

    Raises:
        KirinError: a file of that name is there already.
        OSError: it cannot be written.
    """
    if path.exists():
        raise KirinError(f"{path} is there already: name a new file")
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("xb") as file:
            part.chmod(0o600)  # prompts and secrets are in it
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield ArchiveWriter(tar)
            file.flush()
        part.rename(path)
    except FileExistsError:
        raise KirinError(f"{part} is there: another backup writes it, or has died") from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise


class Archive(Generic[M]):
    """An archive that is read."""

    def __init__(self, tar: tarfile.TarFile, parse: Callable[[bytes], M]) -> None:
        """Set up; use :func:`open_archive` or :func:`open_parts`.

        Raises:
            KirinError: it is not complete.
        """
        self._tar = tar
        self._members = {member.name: member for member in tar if member.isreg()}
        told = self._members.get(NAME)
        if told is None or told.size > LARGEST_MANIFEST:
            raise KirinError("the archive has no manifest: it is not a backup, or was not finished")
        self.manifest = parse(self._file(NAME).read())

    @contextmanager
    def member(self, name: str) -> Iterator[IO[bytes]]:
        """The content of a member of the manifest."""
        with self._file(name) as file:
            yield file

    def copy(self, name: str, target: Path) -> None:
        """Write a member to a file.

        Raises:
            KirinError: it is not what the manifest says.
            OSError: the file cannot be written.
        """
        with target.open("wb") as file:
            self._check(name, file)

    def verify(self) -> None:
        """Read every part and compare it with the manifest.

        Raises:
            KirinError: a part is missing, too many or changed; the message names it.
        """
        unknown = self._members.keys() - self.manifest.parts.keys() - {NAME}
        if unknown:
            raise KirinError(f"the archive has {min(unknown)}, which its manifest does not name")
        for name in self.manifest.parts:
            self._check(name, None)

    def _check(self, name: str, target: IO[bytes] | None) -> None:
        part, digest = self.manifest.parts[name], sha256()
        with self._file(name) as file:
            while piece := file.read(CHUNK):
                digest.update(piece)
                if target is not None:
                    target.write(piece)
        if digest.hexdigest() != part.sha256 or self._members[name].size != part.size:
            raise KirinError(f"the archive is damaged: {name} is not what was saved")

    def _file(self, name: str) -> IO[bytes]:
        member = self._members.get(name)
        file = None if member is None else self._tar.extractfile(member)
        if file is None:
            raise KirinError(f"the archive is damaged: {name} is missing")
        return file


@contextmanager
def open_archive(path: Path) -> Iterator[Archive[Manifest]]:
    """Read an archive that :class:`kirin.backup.saving.Backup` has made.

    Raises:
        KirinError: it is not there, cut off, or no archive.
    """
    with open_parts(path, parse_manifest) as archive:
        yield archive


@contextmanager
def open_parts(path: Path, parse: Callable[[bytes], M]) -> Iterator[Archive[M]]:
    """Read an archive.

    Args:
        parse: reads its manifest.

    Raises:
        KirinError: it is not there, cut off, or no archive.
    """
    try:
        with tarfile.open(path, "r:") as tar:
            yield Archive(tar, parse)
    except FileNotFoundError:
        raise KirinError(f"{path} is not there") from None
    except (tarfile.TarError, EOFError) as error:
        raise KirinError(f"{path} is damaged or no backup: {error}") from None
