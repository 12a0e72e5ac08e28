"""The server itself, for those who watch it."""

from __future__ import annotations

from kirin_client.models import Health, Readiness
from kirin_client.operations import Operation
from kirin_client.requests import Request, model, request, text


class ServerRoutes:
    """The process that answers."""

    @Operation
    def health(self) -> Request[Health]:
        """Whether it answers at all."""
        return request("GET", "/healthz", model(Health))

    @Operation
    def ready(self) -> Request[Readiness]:
        """Whether it can take requests.

        Raises:
            ServerError: it can't; ``body`` says why.
        """
        return request("GET", "/readyz", model(Readiness))

    @Operation
    def metrics(self) -> Request[str]:
        """Its measurements, in the form of Prometheus."""
        return request("GET", "/metrics", text)
