"""What answers about an account hold; the OpenAPI document drops the ``Json`` of their names."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from kirin.accounts.keys import Scope
from kirin.http.models import EnvelopeStatusJson
from kirin.http.protocols.kirin_models import Dollars, Milliseconds, Url
from kirin.http.protocols.kirin_status import TaskStatus
from kirin.webhooks.history import State

Currency = Literal["USD"]
Percent = Annotated[str, Field(description="per cent", examples=["12.5"])]


class BalanceJson(TypedDict):
    """The money of an account."""

    available: Dollars
    held: Annotated[Dollars, Field(description="USD held for unfinished tasks")]
    currency: Currency


class OwnBalanceJson(BalanceJson):
    """The same, with the terms of the account."""

    prepaid: Annotated[bool, Field(description="whether tasks need a balance")]
    discount_percent: Percent


class OwnKeyJson(TypedDict):
    """The key that a request was sent with."""

    id: str
    account: Annotated[str, Field(description="id of the account")]
    name: str
    hint: Annotated[str, Field(description="its first and last characters")]
    scopes: list[Scope]
    created_at: Milliseconds
    expires_at: Milliseconds | None


class UserBalanceJson(TypedDict):
    """The same money in the words of the API's own clients (rule N-8)."""

    user_id: Annotated[str, Field(description="id of the account")]
    balance: Annotated[Dollars, Field(description="USD, with what is held for unfinished tasks")]
    available_balance: Dollars
    total_recharged: Annotated[Dollars, Field(description="USD, all top-ups together")]
    currency: Currency
    billing_mode: Annotated[
        Literal["prepaid", "free"], Field(description="free: tasks need no balance")
    ]
    credit_limit: Annotated[Dollars, Field(description="nothing: no balance falls below 0")]
    arrears: Annotated[Dollars, Field(description="nothing, likewise")]


class UserBalanceAnswerJson(TypedDict):
    """The answer with the balance, in the envelope of the catalogue."""

    data: UserBalanceJson
    status: EnvelopeStatusJson


class TotalJson(TypedDict):
    """Sums over tasks; the first members say of which, as far as it was asked for."""

    day: NotRequired[str]
    model: NotRequired[str]
    key: NotRequired[str]
    account: NotRequired[str]
    tasks: int
    completed: int
    seconds: Annotated[float, Field(description="of video")]
    cost: Dollars
    discount: Dollars


class UsageJson(TypedDict):
    """What was used in a period."""

    first: Annotated[str, Field(description="first day, in UTC")]
    last: Annotated[str, Field(description="last day, in UTC")]
    currency: Currency
    usage: list[TotalJson]
    total: TotalJson


class AttemptJson(TypedDict):
    """One attempt to deliver a webhook."""

    number: Annotated[int, Field(description="from 1")]
    sent_at: Milliseconds
    milliseconds: Annotated[int, Field(description="until the answer, or until it was given up")]
    status: Annotated[int | None, Field(description="HTTP status")]
    outcome: Annotated[str, Field(description="the first 2 KB of the answer, or what went wrong")]


class WebhookJson(TypedDict):
    """A webhook and its state of delivery."""

    id: str
    task: Annotated[str, Field(description="id of the task")]
    batch: NotRequired[
        Annotated[
            str,
            Field(description="Only of what is told of a batch: its id; `task` has ended last."),
        ]
    ]
    status: Annotated[
        TaskStatus, Field(description="the status of the task or batch that it reports")
    ]
    url: Url
    state: State
    attempt_count: int
    created_at: Milliseconds
    next_attempt_at: Milliseconds | None
    attempts: NotRequired[
        Annotated[
            list[AttemptJson],
            Field(description="Only in the answer for one webhook."),
        ]
    ]
    body: NotRequired[
        Annotated[
            dict[str, Any],
            Field(description="What is sent; only in the answer for one webhook."),
        ]
    ]


class WebhookPageJson(TypedDict):
    """A page of webhooks."""

    webhooks: list[WebhookJson]
    next_cursor: str | None


class SigningJson(TypedDict):
    """The secret that webhooks are signed with."""

    secret: Annotated[str, Field(pattern="^whsec_")]
    earlier_valid_until: Annotated[
        Milliseconds | None, Field(description="until when the previous secret signs as well")
    ]


class TagJson(TypedDict):
    """A tag of a subject."""

    tag_id: str


class JointJson(TypedDict):
    """A joint of a person in a subject's picture."""

    x: Annotated[float, Field(description="pixels of the first view, from the left")]
    y: Annotated[float, Field(description="pixels of the first view, from the top")]
    visibility: Annotated[float, Field(ge=0, le=1)]


class ElementJson(TypedDict):
    """A subject of the account's library."""

    element_id: int
    element_name: str
    element_description: str
    reference_type: Literal["image_refer", "video_refer"]
    tag_list: list[TagJson]
    created_at: Milliseconds
    thumbnail_url: NotRequired[Url]
    cutout_url: NotRequired[
        Annotated[Url | None, Field(description="null where nothing stands out from the picture")]
    ]
    joints: NotRequired[
        Annotated[list[JointJson], Field(description="empty where there is no person")]
    ]


class ElementListJson(TypedDict):
    """All subjects of an account."""

    elements: list[ElementJson]


class DeletedElementJson(TypedDict):
    """A subject that was deleted."""

    element_id: int
    deleted: Literal[True]
