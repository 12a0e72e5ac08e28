"""Every route of the API, described once."""

from kirin_client.routes.account import AccountRoutes
from kirin_client.routes.admin import AdminRoutes
from kirin_client.routes.batches import BatchRoutes
from kirin_client.routes.catalogue import CatalogueRoutes
from kirin_client.routes.files import FileRoutes
from kirin_client.routes.queue import QueueRoutes
from kirin_client.routes.quotes import QuoteRoutes
from kirin_client.routes.server import ServerRoutes
from kirin_client.routes.tasks import TaskRoutes


class Routes(
    TaskRoutes,
    BatchRoutes,
    QuoteRoutes,
    FileRoutes,
    AccountRoutes,
    CatalogueRoutes,
    QueueRoutes,
    ServerRoutes,
):
    """All but the administration."""


__all__ = ["AdminRoutes", "Routes"]
