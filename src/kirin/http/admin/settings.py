"""The routes that show an operator what was set, and what the models cost."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from kirin.catalogue.card import Card
from kirin.http.admin.dependencies import ADMIN, SCOPE, AdminDependencies
from kirin.http.admin.settings_models import PriceListJson, PriceOfModelJson, SettingListJson
from kirin.http.responses import json_response
from kirin.http.route import Route

LIST = Route(
    method="GET",
    path=f"{ADMIN}/settings",
    id="listSettings",
    summary="The settings of the process that answers, without secrets",
    scope=SCOPE,
    answer=SettingListJson,
)
PRICES = Route(
    method="GET",
    path=f"{ADMIN}/prices",
    id="listPrices",
    summary="What the models cost, before discounts",
    scope=SCOPE,
    answer=PriceListJson,
)
ROUTES = (LIST, PRICES)


def add_setting_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the routes ``/admin/v1/settings`` and ``/admin/v1/prices``."""

    async def list_settings(request: Request) -> Response:
        await deps.authenticator.admit_operator(request, LIST)
        return json_response(SettingListJson(settings=list(deps.settings)))

    async def list_prices(request: Request) -> Response:
        await deps.authenticator.admit_operator(request, PRICES)
        prices = [price_json(card) for card in deps.catalogue]
        return json_response(PriceListJson(currency="USD", prices=prices))

    LIST.add_to(router, list_settings)
    PRICES.add_to(router, list_prices)


def price_json(card: Card) -> PriceOfModelJson:
    """The price of a model as the wire shows it."""
    price = card.price
    return {
        "model": card.id,
        "by": list(price.by),
        "rates": [
            {"choices": list(choices), "usd": str(rate)} for choices, rate in price.rates.items()
        ],
        "seconds": price.unit,
        "watermark": str(price.watermark),
    }
