"""A hub on loopback that serves one file, for the hub's own library."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "c0ffee0123456789c0ffee0123456789c0ffee01"


@dataclass
class Hub:
    """What the hub has.

    Attributes:
        repository, file, content, licence: of the only file.
        announced: the sha256 that it states; by default the true one.
        url: its address.
        asked: the paths of all requests.
    """

    repository: str
    file: str
    content: bytes
    licence: str
    announced: str | None = None
    url: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        return self.announced or hashlib.sha256(self.content).hexdigest()


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Serve it until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, *, body: bool) -> None:
            hub.asked.append(self.path)
            path = self.path.partition("?")[0]
            if path.startswith(f"/api/models/{hub.repository}"):
                content, kind = _facts(hub), "application/json"
            elif path == f"/{hub.repository}/resolve/{COMMIT}/{hub.file}":
                content, kind = hub.content, "application/octet-stream"
            else:
                content, kind = b"", ""
            self.send_response(200 if kind else 404)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{hub.sha256}"')
            self.end_headers()
            if body:
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _facts(hub: Hub) -> bytes:
    facts = {
        "id": hub.repository,
        "modelId": hub.repository,
        "sha": COMMIT,
        "private": False,
        "tags": [],
        "cardData": {"license": hub.licence},
        "siblings": [
            {
                "rfilename": hub.file,
                "size": len(hub.content),
                "blobId": "0" * 40,
                "lfs": {"sha256": hub.sha256, "size": len(hub.content), "pointerSize": 134},
            }
        ],
    }
    return json.dumps(facts).encode()
