"""The models of the server: none of these routes needs a key."""

from __future__ import annotations

from kirin_client.models import Contract, ModelPage, ModelSearch, Spec
from kirin_client.operations import Operation
from kirin_client.requests import Request, data_of, given, model, request, text

MODELS = "/api/v1/skill/models"
SKILL = "/model/v1/models/skill"


class CatalogueRoutes:
    """Models."""

    @Operation
    def models(
        self,
        *,
        page: int | None = None,
        page_size: int | None = None,
        type: str | None = None,
        keywords: str | None = None,
    ) -> Request[ModelPage]:
        """A page of the models; the first has up to 100."""
        query = given(page=page, page_size=page_size, type=type, keywords=keywords)
        return request("GET", MODELS, data_of(ModelPage), query=query)

    @Operation
    def spec(self, model_id: str) -> Request[Spec]:
        """Everything that a model accepts."""
        return request("GET", f"{MODELS}/{{model_id}}/spec", data_of(Spec), model_id)

    @Operation
    def contract(self, model_id: str) -> Request[Contract]:
        """What a model takes, as JSON Schema with rules, for programs that check before sending."""
        route = "/api/v1/skill/model-contracts/{model_id}"
        return request("GET", route, data_of(Contract), model_id)

    @Operation
    def search_models(
        self,
        q: str | None = None,
        *,
        input: str | None = None,
        output: str | None = None,
        type: str | None = None,
        provider: str | None = None,
        limit: int | None = None,
    ) -> Request[ModelSearch]:
        """Models that fit some words, the kind of their input or that of their output."""
        query = given(q=q, input=input, output=output, type=type, provider=provider, limit=limit)
        return request("GET", f"{SKILL}/search", model(ModelSearch), query=query)

    @Operation
    def model_page(self, model_id: str) -> Request[str]:
        """A model's page, in Markdown."""
        return request("GET", f"{SKILL}/{{model_id}}", text, model_id)
