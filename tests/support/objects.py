"""A real server of the S3 protocol, in a process of its own: moto's."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec

import httpx
import pytest

from support.ports import TRIES, reserved_port
from support.waiting import until

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
}


class ObjectServer:
    """Has buckets; forgets all at the end."""

    def __init__(self) -> None:
        """Start it, and wait until it answers; the test is skipped where it is not installed."""
        if find_spec("moto") is None or find_spec("flask") is None:
            pytest.skip("NO S3 SERVER: install the development group (moto)")
        for _ in range(TRIES):
            self._process = self._launched()
            until(lambda: self._process.poll() is not None or self._answers(), seconds=120)
            if self._process.poll() is None:
                return
        raise AssertionError("the server of the S3 protocol ends at once")

    def _launched(self) -> subprocess.Popen[bytes]:
        port = reserved_port()
        self.endpoint = f"http://127.0.0.1:{port}"
        return subprocess.Popen(  # noqa: S603  a module of ours to run
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def bucket(self, prefix: str = "a/prefix") -> str:
        """Make a bucket, and tell the setting that leads there."""
        name = f"kirin-{secrets.token_hex(4)}"
        # Any signature will do for this server.
        headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/x"}
        httpx.put(f"{self.endpoint}/{name}", headers=headers).raise_for_status()
        return f"s3://{name}/{prefix}?endpoint={self.endpoint}"

    def stop(self) -> None:
        """Stop it."""
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(self.endpoint).status_code < 500
        return False
