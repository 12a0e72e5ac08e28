"""A server whose catalogue takes a key as well (KIRIN_CATALOGUE_KEY), beside rule W-11."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kirin.accounts.keys import Scope
from kirin.app import App
from kirin.settings import Settings
from support.api import MODELS, Api, InProcess
from support.cards import T2V

CATALOGUE = (
    MODELS,
    f"{MODELS}/{T2V}/spec",
    f"/api/v1/skill/model-contracts/{T2V}",
    "/model/v1/models/skill/search",
    f"/model/v1/models/skill/{T2V}",
)


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Api]:
    """A server that shows its models to nobody without a key."""
    app = App.open(Settings(data_dir=tmp_path, engines="scripted", catalogue_key=True))
    transport = InProcess(app.http())
    yield Api(app, transport)
    transport.end()
    app.close()


def got(api: Api, path: str, key: str | None = None) -> httpx.Response:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return api.stranger.get(path, headers=headers)


@pytest.mark.parametrize("path", CATALOGUE)
def test_reading_takes_a_key(closed: Api, path: str) -> None:
    refused = got(closed, path)
    assert (refused.status_code, refused.json()["code"]) == (401, "invalid_api_key")
    assert got(closed, path, "kr-nothing").status_code == 401
    assert got(closed, path, closed.key).status_code == 200
    maker = closed.holder(Scope.GENERATE)
    assert maker.get(path).status_code == 403
    assert closed.holder(Scope.READ).get(path).status_code == 200


def test_health_takes_none(closed: Api) -> None:
    assert got(closed, "/healthz").status_code == 200
    assert got(closed, "/openapi.json").status_code == 200


@pytest.mark.parametrize("path", CATALOGUE)
def test_without_the_setting_it_takes_none(api: Api, path: str) -> None:  # W-11
    assert got(api, path).status_code == 200
