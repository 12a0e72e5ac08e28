"""The manager of the protocol's package: made with the first message, kept until the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from anyio import TASK_STATUS_IGNORED, Lock, create_task_group, sleep_forever
from anyio.abc import TaskGroup, TaskStatus
from starlette.types import Receive, Scope, Send

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager


class Sessions:
    """Hands messages to the protocol's server.

    Each message is served by itself and by the key that it came with: the manager keeps nothing of
    it. Where the application's lifespan is not run, as in tests, each message has a manager of its
    own.
    """

    def __init__(self, server: Callable[[], Awaitable[Server[Any]]], most_bytes: int) -> None:
        """Prepare.

        Args:
            server: gives the protocol's server.
            most_bytes: of a message; whoever hands them over has looked at that.
        """
        self._server = server
        self._most_bytes = most_bytes
        self._group: TaskGroup | None = None
        self._manager: StreamableHTTPSessionManager | None = None
        self._starting = Lock()

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Keep the manager as long as the context lasts."""
        async with create_task_group() as group:
            self._group = group
            try:
                yield
            finally:
                self._group = self._manager = None
                group.cancel_scope.cancel()

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a message."""
        manager = self._manager or await self._started()
        if manager is not None:
            await manager.handle_request(scope, receive, send)
            return
        own = await self._new()
        async with own.run():
            await own.handle_request(scope, receive, send)

    async def _started(self) -> StreamableHTTPSessionManager | None:
        async with self._starting:
            if self._manager is None and self._group is not None:
                self._manager = await self._group.start(self._run)
        return self._manager

    async def _run(
        self, *, task_status: TaskStatus[StreamableHTTPSessionManager] = TASK_STATUS_IGNORED
    ) -> None:
        manager = await self._new()
        async with manager.run():
            task_status.started(manager)
            await sleep_forever()

    async def _new(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        server = await self._server()
        return StreamableHTTPSessionManager(
            server, stateless=True, max_request_body_size=self._most_bytes + 1
        )
