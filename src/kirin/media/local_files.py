"""Files under folders that the operator allows, read where they are (rule N-17).

A path is walked from its folder one name at a time, and no link is followed, so that nothing that
changes meanwhile leads out. What is opened is read through its descriptor: a name that is given to
another file later does not matter.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote_to_bytes, urlsplit

from kirin.media.refusal import MediaRefused

_FILE: Final = re.compile(r"\s*file:", re.IGNORECASE)
_RULE: Final = "N-17"
_BLOCK: Final = 1 << 20
_WALK: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK a FIFO that takes a file's place just now would hold us up for ever.
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY

_State = tuple[int, int, int, int, int]


def is_file_url(text: str) -> bool:
    """Whether an input is given as a file of the server's own disk. Looks at the beginning only."""
    return bool(_FILE.match(text))


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file that is open.

    Attributes:
        descriptor: open for as long as this is used.
        url: as the request named it.
        state: device, inode, size and times when it was opened.
    """

    descriptor: int
    url: str
    state: _State

    @property
    def path(self) -> Path:
        """Where this process and those that it starts read what is open."""
        return Path(f"/proc/{os.getpid()}/fd/{self.descriptor}")

    @property
    def size(self) -> int:
        """Bytes, when it was opened."""
        return self.state[2]

    def changed(self) -> bool:
        """Whether it was written to since it was opened."""
        return _state(os.fstat(self.descriptor)) != self.state

    def digest(self) -> str:
        """The sha256 of as many bytes as it had when it was opened."""
        found, left = hashlib.sha256(), self.size
        with self.path.open("rb") as file:
            while left > 0 and (block := file.read(min(_BLOCK, left))):
                found.update(block)
                left -= len(block)
        return found.hexdigest()


class LocalFiles:
    """Opens files under the allowed folders, and no others."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Set up; nothing is opened.

        Args:
            folders: absolute; empty where no file may be read. Links on the way to a folder itself
                are the operator's own, and are followed.
        """
        self._folders = tuple(folders)

    @contextmanager
    def open(self, url: str) -> Iterator[LocalFile]:
        """Open a file for reading.

        Raises:
            MediaRefused: files are not read here (``file_inputs_off``), this one is not under an
                allowed folder (``file_refused``), is not there (``file_gone``) or is no regular
                file that can be read (``file_refused``).
        """
        if not self._folders:
            raise MediaRefused(
                "file_inputs_off",
                "this server reads no files of its own disk: send the file, or ask the operator "
                "for KIRIN_INPUT_DIRS.",
                _RULE,
            )
        folder, names = self._placed(_path_of(url))
        descriptor = _walk(folder, names)
        try:
            yield LocalFile(descriptor, url, _state(os.fstat(descriptor)))
        finally:
            os.close(descriptor)

    def _placed(self, path: bytes) -> tuple[Path, list[bytes]]:
        """The allowed folder that a path is under, and the names from there."""
        names = path.split(b"/")[1:]
        if any(name in (b"", b".", b"..") for name in names):
            raise _refused("the path must be absolute, without '.', '..' and empty names.")
        for folder in sorted(self._folders, key=lambda each: -len(each.parts)):
            within = [os.fsencode(part) for part in folder.parts[1:]]
            if names[: len(within)] == within and len(names) > len(within):
                return folder, names[len(within) :]
        # The same whether it exists or not, and without the folders' names.
        raise _refused("this is not under a folder that the operator allows.")


def _path_of(url: str) -> bytes:
    try:
        parts = urlsplit(url.strip())
        path = unquote_to_bytes(parts.path)
    except ValueError:
        raise _refused("it takes file:///FOLDER/NAME.") from None
    if parts.netloc not in ("", "localhost") or parts.query or parts.fragment:
        raise _refused(
            "it takes file:///FOLDER/NAME; '?', '#' and '%' of a name are written %3F, %23 and %25."
        )
    if not path.startswith(b"/") or b"\0" in path:
        raise _refused("it takes file:///FOLDER/NAME, with an absolute path.")
    return path


def _walk(folder: Path, names: Sequence[bytes]) -> int:
    """Open what is at the end of a path, one directory after the other."""
    held = -1
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for name in names[:-1]:
            below = os.open(name, _WALK, dir_fd=held)
            os.close(held)
            held = below
        # To open a device may do something, so it is looked at first, and again when it is open.
        _check_regular(os.stat(names[-1], dir_fd=held, follow_symlinks=False))
        descriptor = os.open(names[-1], _READ, dir_fd=held)
    except FileNotFoundError:
        raise MediaRefused("file_gone", "there is no such file.", _RULE) from None
    except OSError as error:
        raise _refused(f"it cannot be read ({error.strerror}); links are not followed.") from None
    finally:
        if held >= 0:
            os.close(held)
    try:
        _check_regular(os.fstat(descriptor))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _check_regular(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise _refused("it is not a regular file; links are not followed.")


def _state(found: os.stat_result) -> _State:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _refused(message: str) -> MediaRefused:
    return MediaRefused("file_refused", message, _RULE)
