"""A proxy that answers for the hosts of fal, as that of an operator does."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

import httpx

from support.certificates import Authority
from support.loopback import Loopback, Quiet

HOP_BY_HOP = ("connection", "content-length", "host", "transfer-encoding")


class FalHosts(Loopback):
    """Takes connections to some hosts over, and passes requests on to a server.

    Attributes:
        targets: what the paths of each host are appended to.
        asked: requests that were passed on, as method, host and path.
    """

    def __init__(self, authority: Authority, targets: Mapping[str, str]) -> None:
        super().__init__(_Taken)
        self.targets = dict(targets)
        self.asked: list[tuple[str, str, str]] = []
        self.contexts: dict[str, ssl.SSLContext] = {}
        for host in targets:
            self.contexts[host] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.certify(self.contexts[host], host)


class _Taken(Quiet):
    protocol_version = "HTTP/1.1"
    host = ""

    def do_CONNECT(self) -> None:  # noqa: N802  the base class calls it
        owner: FalHosts = self.server.owner  # type: ignore[attr-defined]
        self.host = self.path.partition(":")[0]
        if self.host not in owner.contexts:
            self.answer(403)
            return
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        self.connection = owner.contexts[self.host].wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.close_connection = False

    def do_POST(self) -> None:  # noqa: N802  the base class calls it
        owner: FalHosts = self.server.owner  # type: ignore[attr-defined]
        owner.asked.append((self.command, self.host, self.path.partition("?")[0]))
        headers = {n: v for n, v in self.headers.items() if n.lower() not in HOP_BY_HOP}
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        url = owner.targets[self.host] + self.path
        answer = httpx.post(url, content=body, headers=headers, timeout=60, trust_env=False)
        self.answer(answer.status_code, answer.content, Content_Type=answer.headers["Content-Type"])
        self.wfile.flush()

    def finish(self) -> None:
        super().finish()
        self.connection.close()
