"""Webhooks: what is believed, and what is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from kirin_client import InvalidSignature, Kirin, unwrap
from support.client_server import task

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + "YQ" * 16
NOW = 1_900_000_000
BODY = json.dumps(task("completed", metadata={"prompt": "雪"}), ensure_ascii=False).encode()


def signed(body: bytes = BODY, *secrets: str, at: int = NOW, **changes: Any) -> dict[str, str]:
    """Headers as another library makes them."""
    time = datetime.fromtimestamp(at, tz=UTC)
    signatures = [Webhook(each).sign("msg_1", time, body.decode()) for each in secrets or (SECRET,)]
    headers = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(at),
        "Webhook-Signature": " ".join(signatures),
    }
    return {**headers, **changes}


@pytest.mark.parametrize("body", [BODY, BODY.decode()])
@pytest.mark.parametrize("secret", [SECRET, [OTHER, SECRET]])
def test_a_webhook_is_the_task_that_it_tells_of(body: Any, secret: Any) -> None:
    assert unwrap(body, signed(), secret, now=NOW).to_dict() == json.loads(BODY)


def test_while_a_secret_is_rotated_both_sign() -> None:
    for secret in (SECRET, OTHER):
        assert unwrap(BODY, signed(BODY, OTHER, SECRET), secret, now=NOW).id == "t1"


@pytest.mark.parametrize("age", [-300, 0, 300])
def test_clocks_may_differ(age: int) -> None:
    assert unwrap(BODY, signed(), SECRET, now=NOW + age).id == "t1"


@pytest.mark.parametrize(
    ("body", "headers", "secret", "now"),
    [
        (BODY, signed(), OTHER, NOW),
        (BODY + b" ", signed(), SECRET, NOW),
        (BODY, signed(), SECRET, NOW + 301),
        (BODY, signed(), SECRET, NOW - 301),
        (BODY, signed(at=NOW + 5, **{"Webhook-Timestamp": str(NOW)}), SECRET, NOW),
        (BODY, signed(**{"Webhook-Id": "msg_2"}), SECRET, NOW),
        (BODY, signed(**{"Webhook-Id": ""}), SECRET, NOW),
        (BODY, signed(**{"Webhook-Timestamp": "soon"}), SECRET, NOW),
        (BODY, signed(**{"Webhook-Timestamp": "٣"}), SECRET, NOW),
        (BODY, signed(**{"Webhook-Signature": "v1,"}), SECRET, NOW),
        (BODY, signed(**{"Webhook-Signature": "v2,AAAA v1,é"}), SECRET, NOW),
        (BODY, {}, SECRET, NOW),
        (b"{}", signed(b"{}"), SECRET, NOW),
    ],
)
def test_what_is_not_believed(body: bytes, headers: Any, secret: str, now: int) -> None:
    with pytest.raises(InvalidSignature):
        unwrap(body, headers, secret, now=now)


def test_a_client_knows_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kirin_client.webhooks.time.time", lambda: NOW)
    with Kirin("http://kirin.test", "k", webhook_secret=SECRET) as kirin:
        assert kirin.unwrap(BODY, signed()).status == "completed"
    with Kirin("http://kirin.test", "k") as kirin:
        with pytest.raises(ValueError, match="KIRIN_WEBHOOK_SECRET"):
            kirin.unwrap(BODY, signed())
        monkeypatch.setenv("KIRIN_WEBHOOK_SECRET", SECRET)
        assert kirin.unwrap(BODY, signed()).status == "completed"
        with pytest.raises(ValueError, match="webhook_secret tells"):
            kirin.unwrap(BODY, signed(), "whsec_???")
