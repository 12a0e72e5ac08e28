"""Tokens that API keys sign, in place of the keys themselves."""

from __future__ import annotations

import base64
import hmac
import json
import math
import time
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from kirin.accounts import administration
from kirin.accounts.audit import Actor
from kirin.accounts.keys import Key, Scope
from kirin.accounts.sealing import KeySealer
from kirin.accounts.tokens import LEEWAY_SECONDS, LONGEST, is_token
from kirin.app import App
from kirin.clock import now_ms
from kirin.database.account_tables import keys
from kirin.settings import Settings
from kirin.wire.kling import TEXT
from support.api import Api, InProcess

OPERATORS = "a secret of the operator's own, long enough"


@pytest.fixture(scope="module")
def _signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, InProcess]]:
    data = tmp_path_factory.mktemp("signing")
    app = App.open(Settings(data_dir=data, engines="scripted", token_secret=SecretStr(OPERATORS)))
    transport = InProcess(app.http())
    yield app, transport
    transport.end()
    app.close()


@pytest.fixture
def signing(_signing: tuple[App, InProcess]) -> Api:
    """A fresh account on a server that takes signed tokens."""
    return Api(*_signing)


def key_of(api: Api, **facts: Any) -> tuple[Key, str]:
    sealer = api.app.sealer()
    with api.app.database.write() as connection:
        owner = administration.account(connection, api.account)
        return administration.create_key(
            connection, Actor("test"), owner, "signs", now_ms(), sealer=sealer, **facts
        )


def claims(key: Key, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    return {"iss": key.id, "exp": now + 1800, "nbf": now - 5} | changes


def signed(key: Key, secret: str, **changes: Any) -> str:
    told = {name: value for name, value in claims(key, **changes).items() if value is not None}
    return jwt.encode(told, secret, algorithm="HS256")


def sent(api: Api, token: str) -> httpx.Response:
    return api.client({"Authorization": f"Bearer {token}"}).get(TEXT)


def refused(answer: httpx.Response, code: int) -> str:
    assert answer.status_code == 401, answer.text
    assert answer.json()["code"] == code, answer.text
    message: str = answer.json()["message"]
    return message


def test_a_token_stands_for_the_key_that_has_signed_it(signing: Api) -> None:
    key, secret = key_of(signing)
    client = signing.client({"Authorization": f"Bearer {signed(key, secret)}"})
    made = client.post(TEXT, json={"prompt": "a lake"})
    assert made.status_code == 200, made.text
    row = signing.row(made.json()["data"]["task_id"])
    assert (row.account, row.key) == (signing.account, key.id)
    # Without a beginning it is as good.
    assert sent(signing, signed(key, secret, nbf=None)).status_code == 200


def test_a_token_has_the_scopes_of_its_key(signing: Api) -> None:
    key, secret = key_of(signing, scopes=(Scope.GENERATE,))
    answer = sent(signing, signed(key, secret))
    assert (answer.status_code, answer.json()["code"]) == (403, 1103)


def test_clocks_may_differ_a_little(signing: Api) -> None:
    key, secret = key_of(signing)
    now = int(time.time())
    near, far = LEEWAY_SECONDS - 5, LEEWAY_SECONDS + 5
    # Time goes on meanwhile: what is barely good must not end, nor what is barely early begin.
    assert sent(signing, signed(key, secret, exp=now - 1)).status_code == 200
    refused(sent(signing, signed(key, secret, exp=now - far)), 1004)
    assert sent(signing, signed(key, secret, nbf=now + near)).status_code == 200
    refused(sent(signing, signed(key, secret, nbf=now + 10 * far)), 1003)


def test_a_revoked_key_signs_no_more(signing: Api) -> None:
    key, secret = key_of(signing)
    token = signed(key, secret)
    assert sent(signing, token).status_code == 200
    with signing.app.database.write() as connection:
        administration.revoke_key(connection, Actor("test"), key.id, now_ms())
    refused(sent(signing, token), 1002)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unsigned(key: Key, algorithm: str, signature: str = "") -> str:
    parts = [{"alg": algorithm, "typ": "JWT"}, claims(key)]
    return ".".join([*(base64url(json.dumps(part).encode()) for part in parts), signature])


def forged(secret: str, payload: object, **header: object) -> str:
    """A token that no library would make, signed as it should be."""
    parts = [{"alg": "HS256", "typ": "JWT", **header}, payload]
    text = ".".join(base64url(json.dumps(part).encode()) for part in parts)
    return f"{text}.{base64url(hmac.digest(secret.encode(), text.encode(), 'sha256'))}"


def test_what_is_not_signed_as_it_should_be_is_refused(signing: Api) -> None:
    key, secret = key_of(signing)
    other, _ = key_of(signing)
    tokens = [
        signed(key, "another secret of thirty-two characters"),
        signed(other, secret),
        jwt.encode(claims(key), secret * 2, algorithm="HS512"),
        unsigned(key, "none"),
        unsigned(key, "none", "AAAA"),
        unsigned(key, "HS256", "AAAA"),
        signed(key, secret, exp=None),
        signed(key, secret, exp="soon"),
        signed(key, secret, iss=None),
        *(forged(secret, claims(key, iss=iss)) for iss in (7, [key.id], {}, None, True)),
        *(forged(secret, claims(key, exp=exp)) for exp in ([], {}, None, math.inf, math.nan)),
        *(forged(secret, claims(key, nbf=nbf)) for nbf in ([], {}, math.inf, "now")),
        *(forged(secret, claims(key, iat=iat)) for iat in ([], math.inf, "now")),
        *(forged(secret, payload) for payload in ([], "text", 1, None)),
        *(forged(secret, claims(key), alg=alg) for alg in (None, 1, [], {}, "hs256")),
        *(forged(secret, claims(key), **more) for more in ({"kid": 1}, {"crit": ["b64"]})),
        signed(key, secret, iss="key_0000000000000000"),
        signed(key, secret, iss="key_' OR 1=1 --"),
        signed(key, secret, iss="\\0"),
        jwt.encode(claims(key), secret, algorithm="HS256") + "x",
    ]
    for token in tokens:
        refused(sent(signing, token), 1002)
    assert sent(signing, forged(secret, claims(key))).status_code == 200


def test_hostile_tokens_are_not_even_read(signing: Api) -> None:
    key, secret = key_of(signing)
    long = signed(key, secret, more="x" * LONGEST)
    assert not is_token(long)
    refused(sent(signing, long), 1002)
    deep = base64.urlsafe_b64encode(b'{"a":' + b"[" * 400).decode().rstrip("=")
    refused(sent(signing, f"{deep}.{deep}.AAAA"), 1002)
    refused(sent(signing, "eyJ.eyJ.eyJ"), 1002)
    assert not is_token("kirin_sk_" + "a" * 38)


def test_other_dialects_take_no_tokens(signing: Api) -> None:
    key, secret = key_of(signing)
    client = signing.client({"Authorization": f"Bearer {signed(key, secret)}"})
    assert client.get("/v1/videos").status_code == 401
    assert client.get("/model/v1/generation/task").status_code == 401


def test_what_cannot_be_checked_is_told_apart(signing: Api, api: Api) -> None:
    key, secret = key_of(signing)
    with signing.app.database.write() as connection:
        connection.execute(update(keys).where(keys.c.id == key.id).values(sealed=None))
    assert "after KIRIN_TOKEN_SECRET was set" in refused(sent(signing, signed(key, secret)), 1002)
    assert sent(signing, secret).status_code == 200  # the key itself is as good as before
    key, secret = key_of(api)
    assert "not taken here" in refused(sent(api, signed(key, secret)), 1002)


def test_secrets_are_stored_only_where_the_operator_wants_them(signing: Api, api: Api) -> None:
    def stored(of: Api, id: str) -> bytes | None:
        with of.app.database.read() as connection:
            found: bytes | None = connection.execute(
                select(keys.c.sealed).where(keys.c.id == id)
            ).scalar()
            return found

    key, secret = key_of(signing)
    sealed = stored(signing, key.id)
    assert sealed
    assert secret.encode() not in sealed
    sealer = signing.app.sealer()
    assert sealer
    assert sealer.open(key.id, sealed) == secret
    assert sealer.open("key_of_another", sealed) is None
    assert KeySealer.of(signing.app.database, OPERATORS + "?").open(key.id, sealed) is None
    key, _ = key_of(api)
    assert stored(api, key.id) is None


def test_every_way_to_a_key_seals_it(signing: Api) -> None:
    admin = signing.holder(Scope.ADMIN)
    first = admin.post(f"/admin/v1/accounts/{signing.account}/keys", json={"name": "a"}).json()
    rotated = admin.post(f"/admin/v1/keys/{first['id']}/rotate", json={}).json()
    for made in (first, rotated):
        token = jwt.encode(
            {"iss": made["id"], "exp": int(time.time()) + 60}, made["secret"], algorithm="HS256"
        )
        assert sent(signing, token).status_code == 200
    # A key of somebody else's making, too short for HS256, is as good as it ever was.
    key, secret = key_of(signing, secret="sixteen-letters-" + signing.account[-6:])
    assert sent(signing, secret).status_code == 200
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = signed(key, secret)
    assert "make" not in refused(sent(signing, token), 1002)
