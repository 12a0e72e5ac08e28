"""What an account sees of itself: money, key, usage, webhooks, subjects."""

from __future__ import annotations

from kirin_client.models import (
    DeletedElement,
    Element,
    ElementList,
    OwnBalance,
    OwnKey,
    Signing,
    Usage,
    UserBalance,
    Webhook,
    WebhookPage,
)
from kirin_client.operations import Listing, Operation
from kirin_client.requests import Request, data_of, given, model, request, text

WEBHOOKS = "/model/v1/webhooks"
WEBHOOK = f"{WEBHOOKS}/{{webhook_id}}"
ELEMENTS = "/model/v1/elements"
ELEMENT = f"{ELEMENTS}/{{element_id}}"


class AccountRoutes:
    """The account that the key belongs to."""

    @Operation
    def balance(self) -> Request[OwnBalance]:
        """The account's money."""
        return request("GET", "/model/v1/balance", model(OwnBalance))

    @Operation
    def user_balance(self) -> Request[UserBalance]:
        """The account's money, as clients of the family ask for it."""
        return request("GET", "/api/v1/user/balance", data_of(UserBalance))

    @Operation
    def key(self) -> Request[OwnKey]:
        """The key that is used: its account, rights and limits."""
        return request("GET", "/model/v1/key", model(OwnKey))

    @Operation
    def usage(
        self, *, by: str | None = None, first: str | None = None, last: str | None = None
    ) -> Request[Usage]:
        """What was used, added up.

        Args:
            by: what to group by, such as ``day,model``.
            first: day, as 2026-11-29.
            last: day, included.
        """
        return request(
            "GET", "/model/v1/usage", model(Usage), query=given(by=by, first=first, last=last)
        )

    @Operation
    def usage_csv(
        self, *, by: str | None = None, first: str | None = None, last: str | None = None
    ) -> Request[str]:
        """What ``usage`` tells, as CSV."""
        query = given(by=by, first=first, last=last, format="csv")
        return request("GET", "/model/v1/usage", text, query=query)

    @Operation
    def webhooks(
        self, *, task: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> Request[WebhookPage]:
        """A page of the account's webhooks, the newest first; ``iter_webhooks`` goes through all.

        Args:
            task: only those of this task, by its id or external id.
        """
        query = given(task=task, limit=limit, cursor=cursor)
        return request("GET", WEBHOOKS, model(WebhookPage), query=query)

    iter_webhooks = Listing(
        webhooks, lambda page: page.webhooks, "All webhooks that ``webhooks`` lists."
    )

    @Operation
    def webhook(self, webhook_id: str) -> Request[Webhook]:
        """A webhook and every attempt at it."""
        return request("GET", WEBHOOK, model(Webhook), webhook_id)

    @Operation
    def redeliver(self, webhook_id: str) -> Request[Webhook]:
        """Send a webhook once more, at once."""
        return request("POST", f"{WEBHOOK}/redeliver", model(Webhook), webhook_id)

    @Operation
    def webhook_secret(self) -> Request[Signing]:
        """The secret that webhooks are signed with, for ``unwrap``."""
        return request("GET", f"{WEBHOOKS}/secret", model(Signing))

    @Operation
    def rotate_webhook_secret(self) -> Request[Signing]:
        """Create a new secret; for a while webhooks carry the signatures of both."""
        return request("POST", f"{WEBHOOKS}/secret/rotate", model(Signing))

    @Operation
    def elements(self) -> Request[ElementList]:
        """The account's subjects."""
        return request("GET", ELEMENTS, model(ElementList))

    @Operation
    def element(self, element_id: int) -> Request[Element]:
        """A subject."""
        return request("GET", ELEMENT, model(Element), str(element_id))

    @Operation
    def delete_element(self, element_id: int) -> Request[DeletedElement]:
        """Delete a subject; tasks that use it go on."""
        return request("DELETE", ELEMENT, model(DeletedElement), str(element_id))
