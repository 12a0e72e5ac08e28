"""The OpenAPI document's part about money and about operators."""

from __future__ import annotations

from collections.abc import Sequence

from kirin.accounts.keys import Scope
from kirin.accounts.usage import By
from kirin.catalogue.parameters import Parameter
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.structures import object_schema
from kirin.errors import (
    AlreadyThere,
    ApiError,
    BodyTooLarge,
    InsufficientBalance,
    InvalidKey,
    InvalidParameters,
    RequestTimeout,
    UnknownAccount,
    UnknownKey,
    UnknownModel,
)
from kirin.http.admin import ACCOUNTS
from kirin.http.admin_bodies import (
    CHANGED_ACCOUNT,
    CHANGED_KEY,
    NEW_ACCOUNT,
    NEW_KEY,
    ROTATION,
    TOP_UP,
)
from kirin.http.admin_keys import KEYS
from kirin.http.books import ALL_USAGE, AUDIT
from kirin.http.describe import body, errors, operation, parameter, ref, responses
from kirin.http.listing import PAGE_LIMIT
from kirin.http.quote import QUOTE
from kirin.http.schemas import MILLISECONDS, STRING, Schema
from kirin.http.usage import BALANCE, FORMATS, OF_ACCOUNT, USAGE

MAYBE_STRING: Schema = {"type": ["string", "null"]}
MAYBE_TIME: Schema = {"type": ["integer", "null"], "description": "Unix milliseconds"}
DOLLARS: Schema = {"type": "string", "description": "USD", "pattern": r"^-?\d+\.\d{4}$"}
COST: Schema = {
    "type": "object",
    "properties": {"cost": DOLLARS, "discount": {"type": "number", "description": "USD"}},
    "required": ["cost", "discount"],
}


def whole(properties: Schema, *optional: str) -> Schema:
    """An object that has all of these properties, but for the optional ones."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


MONEY = whole({"available": DOLLARS, "held": DOLLARS, "currency": {"const": "USD"}})
LIMITS = whole(
    {
        "requests_per_minute": {"type": ["integer", "null"]},
        "unfinished_tasks": {"type": ["integer", "null"]},
        "queued_tasks": {"type": ["integer", "null"]},
        "daily_spend": {"type": ["string", "null"], "description": "USD"},
    }
)


def account_schemas() -> Schema:
    """What answers about accounts look like, by name."""
    return {
        "Quote": whole(
            {
                "model": STRING,
                "currency": {"const": "USD"},
                "exact": {"type": "boolean"},
                "usage": {**COST, "description": "What the task's usage will be, where exact."},
                "least": COST,
                "most": {**COST, "description": "What is held until the task has ended."},
                "after_fetch": {
                    "type": "array",
                    "description": "Parameters that must be fetched before the cost is known.",
                    "items": STRING,
                },
            },
            "usage",
        ),
        "Usage": whole(
            {
                "first": STRING,
                "last": STRING,
                "currency": {"const": "USD"},
                "usage": {"type": "array", "items": ref("Total")},
                "total": ref("Total"),
            }
        ),
        "Total": whole(
            {
                **{by.value: STRING for by in By},
                "tasks": {"type": "integer"},
                "completed": {"type": "integer"},
                "seconds": {"type": "number"},
                "cost": DOLLARS,
                "discount": DOLLARS,
            },
            *(by.value for by in By),
        ),
        "Account": whole(
            {
                "id": STRING,
                "name": STRING,
                "discount_percent": STRING,
                "limits": LIMITS,
                "balance": MONEY,
                "created_at": MILLISECONDS,
            }
        ),
        "Key": whole(
            {
                "id": STRING,
                "account": STRING,
                "name": STRING,
                "hint": {"type": "string", "description": "its first and last characters"},
                "scopes": {"type": "array", "items": {"enum": [scope.value for scope in Scope]}},
                "limits": LIMITS,
                "created_at": MILLISECONDS,
                "expires_at": MAYBE_TIME,
                "last_used_at": MAYBE_TIME,
                "revoked_at": MAYBE_TIME,
                "secret": {"type": "string", "description": "only where it was just made"},
            },
            "secret",
        ),
        "Transaction": whole(
            {
                "id": STRING,
                "kind": {"enum": ["top_up", "hold", "capture", "release"]},
                "task": MAYBE_STRING,
                "reference": MAYBE_STRING,
                "note": STRING,
                "entries": {"type": "object", "additionalProperties": DOLLARS},
                "created_at": MILLISECONDS,
            }
        ),
        "AuditEntry": whole(
            {
                "id": STRING,
                "at": MILLISECONDS,
                "actor": STRING,
                "action": STRING,
                "account": MAYBE_STRING,
                "target": STRING,
                "details": {"type": "object"},
                "address": STRING,
                "request_id": STRING,
            }
        ),
    }


def account_paths(catalogue: Catalogue) -> Schema:
    """The paths of an account's money."""
    requests: Schema = {"oneOf": [ref(card.id) for card in catalogue]}
    balance = {**MONEY["properties"], "prepaid": {"type": "boolean"}, "discount_percent": STRING}
    return {
        QUOTE: {
            "post": {
                **operation("quote", "What a request would cost"),
                "requestBody": body(requests),
                "responses": responses(
                    ref("Quote"),
                    InvalidParameters,
                    InvalidKey,
                    UnknownModel,
                    RequestTimeout,
                    BodyTooLarge,
                ),
            }
        },
        USAGE: {"get": usage("readUsage", "What the account has used", OF_ACCOUNT)},
        BALANCE: {
            "get": {
                **operation("readBalance", "What the account has"),
                "responses": responses(whole(balance), InvalidKey),
            }
        },
    }


def admin_paths() -> Schema:
    """The paths of operators."""
    account_id = parameter("account_id", "path", STRING, "id or name of the account")
    key_id = parameter("key_id", "path", STRING, "id of the key")
    one_account, one_key = f"{ACCOUNTS}/{{account_id}}", f"{KEYS}/{{key_id}}"
    return {
        ACCOUNTS: {
            "get": listing("listAccounts", "Accounts, the newest first", "accounts", "Account"),
            "post": act(
                "createAccount", "Make an account", ref("Account"), (), NEW_ACCOUNT, AlreadyThere
            ),
        },
        one_account: {
            "get": {
                **operation("readAccount", "An account"),
                "parameters": [account_id],
                "responses": responses(ref("Account"), InvalidKey, UnknownAccount),
            },
            "patch": act(
                "changeAccount",
                "Change an account: what is left out stays",
                ref("Account"),
                (account_id,),
                CHANGED_ACCOUNT,
                UnknownAccount,
                AlreadyThere,
            ),
        },
        f"{one_account}/top-ups": {
            "post": act(
                "topUp",
                "Add money to an account",
                whole({"transaction": STRING, "account": STRING, "balance": MONEY}),
                (account_id,),
                TOP_UP,
                UnknownAccount,
                AlreadyThere,
                InsufficientBalance,
            )
        },
        f"{one_account}/keys": {
            "get": {
                **operation("listKeys", "An account's keys, the oldest first"),
                "parameters": [account_id],
                "responses": responses(
                    whole({"keys": {"type": "array", "items": ref("Key")}}),
                    InvalidKey,
                    UnknownAccount,
                ),
            },
            "post": act(
                "createKey", "Make a key", ref("Key"), (account_id,), NEW_KEY, UnknownAccount
            ),
        },
        f"{one_account}/ledger": {
            "get": listing(
                "listTransactions",
                "An account's transactions, the newest first",
                "transactions",
                "Transaction",
                account_id,
                failures=(UnknownAccount,),
            )
        },
        one_key: {
            "patch": act(
                "changeKey", "Hold a key to limits", ref("Key"), (key_id,), CHANGED_KEY, UnknownKey
            ),
            "delete": {
                **operation("revokeKey", "Make a key useless"),
                "parameters": [key_id],
                "responses": responses(ref("Key"), InvalidKey, UnknownKey),
            },
        },
        f"{one_key}/rotate": {
            "post": act(
                "rotateKey",
                "Make a key that follows another; both work for a while",
                ref("Key"),
                (key_id,),
                ROTATION,
                UnknownKey,
            )
        },
        AUDIT: {
            "get": listing(
                "listAudit",
                "Who did what, the newest first",
                "entries",
                "AuditEntry",
                parameter("account", "query", STRING, "id or name of an account"),
                parameter("action", "query", STRING, "such as key.revoked"),
                failures=(UnknownAccount,),
            )
        },
        ALL_USAGE: {
            "get": usage(
                "readAllUsage",
                "What all accounts, or one, have used",
                tuple(By),
                parameter("account", "query", STRING, "id or name of an account"),
                failures=(UnknownAccount,),
            )
        },
    }


def act(
    id: str,
    summary: str,
    answer: Schema,
    parameters: Sequence[Schema],
    fields: Sequence[Parameter],
    *failures: type[ApiError],
) -> Schema:
    """An operation with a body of named fields."""
    schema = object_schema(fields)
    return {
        **operation(id, summary),
        "parameters": list(parameters),
        "requestBody": body(schema, required=bool(schema["required"])),
        "responses": responses(
            answer, InvalidParameters, InvalidKey, RequestTimeout, BodyTooLarge, *failures
        ),
    }


def listing(
    id: str,
    summary: str,
    name: str,
    of: str,
    *parameters: Schema,
    failures: Sequence[type[ApiError]] = (),
) -> Schema:
    """An operation that gives a page."""
    limit = {"type": "integer", "minimum": 1, "maximum": PAGE_LIMIT, "default": 20}
    page = whole({name: {"type": "array", "items": ref(of)}, "next_cursor": MAYBE_STRING})
    return {
        **operation(id, summary),
        "parameters": [
            *parameters,
            parameter("limit", "query", limit),
            parameter("cursor", "query", STRING, "next_cursor of the page before"),
        ],
        "responses": responses(page, InvalidParameters, InvalidKey, *failures),
    }


def usage(
    id: str,
    summary: str,
    by: Sequence[By],
    *parameters: Schema,
    failures: Sequence[type[ApiError]] = (),
) -> Schema:
    """An operation that adds up usage."""
    day = {"type": "string", "format": "date"}
    return {
        **operation(id, summary),
        "parameters": [
            *parameters,
            parameter("by", "query", STRING, f"some of {','.join(by)}; day without"),
            parameter("first", "query", day, "first day in UTC; 29 days before the last without"),
            parameter("last", "query", day, "last day in UTC; today without"),
            parameter("format", "query", {"type": "string", "enum": list(FORMATS)}),
        ],
        "responses": {
            "200": {
                "description": "sums in the order of what they are by",
                "content": {"application/json": {"schema": ref("Usage")}, "text/csv": {}},
            },
            **errors(InvalidParameters, InvalidKey, *failures),
        },
    }
