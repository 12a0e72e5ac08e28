"""Published clients of the API, unpatched, against a server of ours, step by step.

They are in the extra ``[dev]``. ``seaart-sdk`` is told our address; ``seacloudai-sdk`` has its
addresses built in and takes a function that sends requests, so its requests are sent here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from kirin.client import LocalServer
from support.cards import CARDS, I2V, T2V
from support.pictures import inline
from support.servers import Running, local_server

seaart = pytest.importorskip("seaart_sdk", reason="needs: pip install seaart-sdk")
seacloud = pytest.importorskip("seacloud_sdk", reason="needs: pip install seacloudai-sdk")
errors = pytest.importorskip("seacloud_sdk.core.errors")

PARAMS = {"prompt": "a tiny lake"}
BODY = {"model": T2V, "input": [{"params": PARAMS}]}


@pytest.fixture
def art(running: Running) -> Any:
    """A client of ``seaart-sdk``."""
    return art_client(running.server)


@pytest.fixture
def cloud(running: Running) -> Any:
    """A client of ``seacloudai-sdk``."""
    return cloud_client(running.server)


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    """A server whose tasks take from balances, of which there are none."""
    data = tmp_path_factory.mktemp("paid")
    with local_server(data, KIRIN_BILLING="prepaid") as server:
        yield server


def art_client(server: LocalServer, key: str | None = None) -> Any:
    config = seaart.ClientConfig(api_key=key or server.api_key, base_url=server.base_url)
    return seaart.Client(config)


def cloud_client(server: LocalServer, key: str | None = None) -> Any:
    async def fetch(url: str, options: dict[str, Any]) -> httpx.Response:
        parts = urlsplit(url)
        async with httpx.AsyncClient(base_url=server.base_url, timeout=60) as client:
            return await client.request(
                options["method"],
                f"{parts.path}?{parts.query}" if parts.query else parts.path,
                headers=options["headers"],
                content=options["body"],
            )

    return seacloud.SeaCloud(api_key=key or server.api_key, fetch=fetch)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


# seaart-sdk


def test_seaart_finds_models_and_reads_their_pages(art: Any) -> None:  # N-4
    found = art.modal.list_models(seaart.ModelSearchParams(query="video", output="video", limit=3))
    assert (found.query, found.limit) == ("video", 3)
    assert 0 < len(found.hits) <= 3 <= found.estimated_total_hits
    page = art.modal.get_model_skill(found.hits[0]["name"])
    assert found.hits[0]["id"] in page
    assert art.modal.get_model_skill("kling_v1_6_t2v").startswith("# ")


def test_seaart_creates_polls_and_waits(art: Any) -> None:  # W-2 W-3 W-4 W-5 W-6
    task = art.modal.create(BODY)
    assert (task.status, task.model, task.error) == ("in_progress", T2V, None)
    assert art.modal.get(task.id).id == task.id
    seen: list[tuple[str, float]] = []
    done = task.wait(
        seaart.WithPollInterval(0.05),
        seaart.WithPollTimeout(60.0),
        seaart.WithPollCallback(lambda status, progress: seen.append((status, progress))),
    )
    assert {status for status, _ in seen} <= {"in_progress", "completed"}
    assert [progress for _, progress in seen] == sorted(progress for _, progress in seen)
    (url,) = done.urls()
    assert httpx.get(url, timeout=60).headers["Content-Type"] == "video/mp4"
    assert done.usage.cost_float64() == 0.28


def test_seaart_sends_what_its_builder_makes(art: Any) -> None:  # W-1 N-9
    body = (
        seaart.NewTask("kling_v1_6_t2v")
        .param("prompt", "a tiny lake")
        .param("duration", 5)
        .metadata("trace_id", "trace-123")
        .build()
    )
    task = art.modal.create(body)
    assert task.model == T2V
    done = task.wait(seaart.WithPollInterval(0.05), seaart.WithPollTimeout(60.0))
    assert done.status == "completed"


def test_seaart_learns_why_a_task_failed(art: Any) -> None:  # W-7
    task = art.modal.create({"model": T2V, "input": [{"params": {"prompt": "fail"}}]})
    with pytest.raises(seaart.SeaArtError, match="told to fail") as failed:
        art.modal.wait(task.id, seaart.WithPollInterval(0.05))
    assert (failed.value.kind, failed.value.task_id) == (seaart.ERR_TASK_FAILED, task.id)


def test_seaart_tells_refusals_apart(running: Running, art: Any) -> None:  # W-9 W-10
    with pytest.raises(seaart.SeaArtError) as wrong:
        art.modal.create({"model": T2V, "input": [{"params": {}}]})
    assert (wrong.value.kind, wrong.value.status) == (seaart.ERR_GENERAL, 400)
    with pytest.raises(seaart.SeaArtError) as unknown:
        art.modal.get("no-such-task")
    assert unknown.value.status == 404
    with pytest.raises(seaart.SeaArtError) as stranger:
        art_client(running.server, "nobody").modal.create(BODY)
    assert (stranger.value.kind, stranger.value.status) == (seaart.ERR_AUTH, 401)


def test_seaart_notices_a_low_balance(paid: LocalServer) -> None:  # W-9
    with pytest.raises(seaart.SeaArtError) as low:
        art_client(paid).modal.create(BODY)
    assert (low.value.kind, low.value.status) == (seaart.ERR_AUTH, 403)


def test_seaart_passes_other_addresses_through(art: Any) -> None:  # N-6
    answer = art.passthrough.post(f"/v1/queue/{T2V}", PARAMS)
    assert answer.status_code == 200


# seacloudai-sdk


def test_seacloud_lists_models(cloud: Any) -> None:  # W-11
    found = run(cloud.models.list(keywords="image video"))
    assert found["total"] == len(found["models"])
    assert I2V in [model["id"] for model in found["models"]]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_seacloud_reads_contracts(cloud: Any, card: Any) -> None:  # N-5 N-9
    spec = run(cloud.models.get_spec(card.id.replace("kirin_", "kling_", 1)))
    assert (spec["modelId"], spec["protocol"], spec["bodyMode"]) == (card.id, "queue", "raw_json")
    assert spec["api"] == {
        "endpoint": f"/model/v1/queue/{card.id}",
        "method": "POST",
        "headers": {},
    }
    assert [each["name"] for each in spec["parameters"]] == [p.name for p in card.parameters]
    required = {p.name for p in card.parameters if p.required}
    assert {each["name"] for each in spec["parameters"] if each["required"]} == required
    assert len(spec["revision"]) == 16


def test_seacloud_plans_a_request(cloud: Any) -> None:  # N-5 N-6
    plan = run(cloud.run("kling_v1_6_t2v", PARAMS, dry_run=True, contract="strict"))
    assert (plan["modelId"], plan["method"], plan["request"]) == (T2V, "POST", PARAMS)
    assert urlsplit(plan["endpoint"]).path == f"/model/v1/queue/{T2V}"


def test_seacloud_creates_and_polls(cloud: Any) -> None:  # N-6
    task = run(cloud.run(T2V, PARAMS))
    assert (task["status"], task["model"]) == ("in_progress", T2V)
    by_url = run(cloud.tasks.get(task["id"], status_url=task["statusUrl"]))
    by_model = run(cloud.tasks.get(task["id"], endpoint=T2V))
    assert by_url["id"] == by_model["id"] == task["id"]
    assert by_url["status"] in ("in_progress", "completed")
    result = run(cloud.tasks.get_response(task["id"], endpoint=T2V))
    assert result["id"] == task["id"]
    assert result["status"] in ("in_progress", "completed")


def test_seacloud_waits_for_the_result(cloud: Any) -> None:  # N-6
    done = run(cloud.run_sync("kling_v1_i2v", {"image": inline(300, 300), **PARAMS}))
    assert (done["status"], done["model"]) == ("completed", I2V)
    (url,) = done["output"]["urls"]
    assert httpx.get(url, timeout=60).headers["Content-Type"] == "video/mp4"


def test_seacloud_learns_why_a_task_failed(cloud: Any) -> None:  # N-6 W-7
    done = run(cloud.run_sync(T2V, {"prompt": "fail"}))
    assert done["status"] == "failed"
    assert "told to fail" in done["error"]["message"]
    assert done["error"]["code"] == "002004095"


def test_seacloud_tells_refusals_apart(running: Running, cloud: Any) -> None:  # W-9 W-10 N-5
    with pytest.raises(errors.ValidationError, match='"prompt"'):
        run(cloud.run(T2V, {"mode": "std"}))  # by the contract, before anything is sent
    with pytest.raises(errors.NetworkError, match="duration") as wrong:
        run(cloud.run(T2V, {**PARAMS, "duration": "7"}))
    assert wrong.value.statusCode == 400
    with pytest.raises(errors.ModelNotFoundError) as unknown:
        run(cloud.run("kling_v9_t2v", PARAMS, contract="strict"))
    assert unknown.value.statusCode == 404
    with pytest.raises(errors.AuthError, match="API key") as stranger:
        run(cloud_client(running.server, "nobody").run(T2V, PARAMS))
    assert stranger.value.statusCode == 401


def test_seacloud_notices_a_low_balance(paid: LocalServer) -> None:  # W-9
    # It takes every 403 for a matter of the key; the message says what it is.
    with pytest.raises(errors.SeaCloudError, match="balance"):
        run(cloud_client(paid).run(T2V, PARAMS))
