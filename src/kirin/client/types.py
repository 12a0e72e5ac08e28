"""Requests and answers of the API, written by scripts/write_wire_types.py.

Do not change this file: change the models of the routes, and run ``make types``.
"""

from __future__ import annotations

import builtins
from typing import Any, Literal, NotRequired, TypedDict


class Account(TypedDict):
    """An account."""

    id: str
    name: str
    discount_percent: str
    limits: Limits
    balance: Balance
    created_at: int


class AccountChanges(TypedDict):
    """What to change of an account; what is omitted stays."""

    name: NotRequired[str | None]
    discount_percent: NotRequired[str | int | None]
    limits: NotRequired[NewLimits | None]


class AccountPage(TypedDict):
    """A page of accounts."""

    accounts: list[Account]
    next_cursor: str | None


class ArchiveLink(TypedDict):
    """What opens an archive for a while."""

    token: str
    url: str
    expires_at: int
    files: int
    size: int


class ArchiveRequest(TypedDict):
    """Which videos go into an archive."""

    task_ids: NotRequired[list[str] | None]
    batch_id: NotRequired[str | None]


class Attempt(TypedDict):
    """One attempt to deliver a webhook."""

    number: int
    sent_at: int
    milliseconds: int
    status: int | None
    outcome: str


class AuditEntry(TypedDict):
    """What somebody did."""

    id: str
    at: int
    actor: str
    action: str
    account: str | None
    target: str
    details: dict[str, Any]
    address: str
    request_id: str


class AuditPage(TypedDict):
    """A page of the audit log."""

    entries: list[AuditEntry]
    next_cursor: str | None


class Balance(TypedDict):
    """The money of an account."""

    available: str
    held: str
    currency: Literal["USD"]


class Batch(TypedDict):
    """A batch (rule N-16)."""

    id: str
    status: Status
    created_at: int
    cancelled_at: NotRequired[int]
    finished_at: NotRequired[int]
    progress: float
    counts: BatchCounts
    quote: str
    usage: Cost
    tasks: list[BatchTask]
    metadata: NotRequired[dict[str, Any]]


class BatchBody(TypedDict):
    """Up to 100 requests, or one and lists of what differs."""

    requests: NotRequired[list[dict[str, Any]] | None]
    request: NotRequired[dict[str, Any] | None]
    vary: NotRequired[dict[str, list[Any]] | None]
    callback_url: NotRequired[str | None]
    metadata: NotRequired[dict[str, Any] | None]


class BatchCounts(TypedDict):
    """How many tasks of a batch are how far; what is missing in the sum has expired."""

    total: int
    queued: int
    rendering: int
    completed: int
    failed: int
    cancelled: int


class BatchPage(TypedDict):
    """A page of batches."""

    batches: list[Batch]
    next_cursor: str | None


class BatchQuote(TypedDict):
    """What a batch would cost."""

    currency: str
    exact: bool
    least: Cost
    most: Cost
    tasks: list[QuotedTask]


class BatchTask(TypedDict):
    """A task of a batch."""

    id: str
    index: int
    status: Status
    stage: NotRequired[Stage]
    progress: float
    external_task_id: NotRequired[str]
    code: NotRequired[str]


class BookedTopUp(TypedDict):
    """A top-up that was booked."""

    transaction: str
    account: str
    balance: Balance


class Check(TypedDict):
    """What a check found."""

    good: bool
    title: str
    detail: str
    remedy: str


class Checks(TypedDict):
    """All checks of the machine of the process that answers."""

    at: int
    good: bool
    checks: list[Check]


class Constraints(TypedDict):
    """What restricts the value of a parameter."""

    enum: NotRequired[list[str]]
    default: NotRequired[Any]
    min: NotRequired[float]
    max: NotRequired[float]
    min_length: NotRequired[int]
    max_length: NotRequired[int]
    min_items: NotRequired[int]
    max_items: NotRequired[int]


class Content(TypedDict):
    """One thing that a task made."""

    type: Literal["video", "image", "element", "text"]
    url: NotRequired[str]
    text: NotRequired[str]
    element_id: NotRequired[int]
    jobId: str
    size: NotRequired[str]
    duration: NotRequired[float]
    watermark: NotRequired[bool]


class Contract(TypedDict):
    """What a model takes, for programs that check a request before they send it."""

    schema_version: Literal["model-contract.v1"]
    revision: str
    model_id: str
    display_name: str
    family: str
    kind: Literal["multimodal"]
    protocol: Literal["queue"]
    body_mode: Literal["raw_json"]
    endpoints: ContractEndpoints
    input_schema: dict[str, Any]
    examples: list[dict[str, Any]]
    prerequisites: list[Prerequisite]
    input_rules: list[InputRule]


class ContractAnswer(TypedDict):
    """The answer with the contract of a model."""

    data: Contract
    status: EnvelopeStatus


class ContractEndpoint(TypedDict):
    """Where one step of a request goes."""

    method: str
    path: str


class ContractEndpoints(TypedDict):
    """Where a request is sent, followed and cancelled."""

    submit: ContractEndpoint
    status: ContractEndpoint
    result: ContractEndpoint
    cancel: ContractEndpoint


class Cost(TypedDict):
    """What something costs (rule W-6)."""

    cost: str
    discount: float


class Created(TypedDict):
    """The answer to a request that created a task."""

    id: str
    status: Status
    model: str
    created_at: int


class CreatedKey(TypedDict):
    """An API key that was just created, with its secret."""

    id: str
    account: str
    name: str
    hint: str
    scopes: list[Scope]
    limits: Limits
    created_at: int
    expires_at: int | None
    last_used_at: int | None
    revoked_at: int | None
    secret: str


class DeletedElement(TypedDict):
    """A subject that was deleted."""

    element_id: int
    deleted: Literal[True]


class Deliveries(TypedDict):
    """Webhooks that are not delivered yet."""

    waiting: int
    complete: bool
    failing: int
    late_seconds: float


class Draining(TypedDict):
    """A worker that was told to leave."""

    id: str
    draining: bool


class Element(TypedDict):
    """A subject of the account's library."""

    element_id: int
    element_name: str
    element_description: str
    reference_type: Literal["image_refer", "video_refer"]
    tag_list: list[Tag]
    created_at: int
    thumbnail_url: NotRequired[str]
    cutout_url: NotRequired[str | None]
    joints: NotRequired[list[Joint]]


class ElementList(TypedDict):
    """All subjects of an account."""

    elements: list[Element]


class Ended(TypedDict):
    """How tasks have ended in the last 24 hours."""

    since: int
    completed_hour: int
    completed_day: int
    failures: list[FailureCount]


class Endpoint(TypedDict):
    """How to send a request for a model."""

    endpoint: str
    method: str
    headers: dict[str, str]


class EnvelopeStatus(TypedDict):
    """Whether a request of the catalogue succeeded."""

    code: int
    message: str


class ErasedAccount(TypedDict):
    """What was erased of an account."""

    account: str
    name: str
    tasks: int
    cancelled: int
    files: int
    webhooks: int
    subjects: int
    uploads: int
    keys: int
    held: int


class ErasureOrder(TypedDict):
    """The confirmation that an account is to be erased."""

    name: str


class Error(TypedDict):
    """Why a request was refused (rule W-9); some errors have further members."""

    code: str
    message: str
    request_id: str
    errors: NotRequired[list[Problem]]
    error_code: NotRequired[int]
    limit: NotRequired[dict[str, Any]]
    balance: NotRequired[dict[str, Any]]


class Failure(TypedDict):
    """A way in which tasks of a model fail."""

    code: str
    reason: str


class FailureCount(TypedDict):
    """Tasks that failed with one code."""

    code: str
    hour: int
    day: int


class FetchRequest(TypedDict):
    """A file for the server to fetch."""

    url: str


class Front(TypedDict):
    """The front of the queue, in the order in which tasks are handed out."""

    tasks: list[WaitingTask]


GenerationRequest = dict[str, Any]


class Given(TypedDict):
    """What a request may hold: a parameter, or a field of a list's entries, and its value."""

    param: str
    equals: NotRequired[Any]


class Health(TypedDict):
    """The server is up."""

    status: Literal["ok"]
    version: str


class Hit(TypedDict):
    """A model that a search has found."""

    id: str
    name: str
    display_name: str
    description: str
    provider: str
    type: str
    tags: list[str]
    input_modalities: list[str]
    output_modalities: list[str]


class InputRule(TypedDict):
    """A condition between parameters."""

    kind: Literal["one_of", "at_least_one", "requires", "mutually_exclusive"]
    fields: NotRequired[list[str]]
    when: NotRequired[dict[str, Any]]
    required: NotRequired[list[str]]
    notes: str


class Joint(TypedDict):
    """A joint of a person in a subject's picture."""

    x: float
    y: float
    visibility: float


class Key(TypedDict):
    """An API key."""

    id: str
    account: str
    name: str
    hint: str
    scopes: list[Scope]
    limits: Limits
    created_at: int
    expires_at: int | None
    last_used_at: int | None
    revoked_at: int | None


class KeyChanges(TypedDict):
    """What to change of a key."""

    limits: NewLimits


class KeyList(TypedDict):
    """All keys of an account."""

    keys: list[Key]


class KeyOfAccount(TypedDict):
    """An API key, with the name of its account."""

    id: str
    account: str
    name: str
    hint: str
    scopes: list[Scope]
    limits: Limits
    created_at: int
    expires_at: int | None
    last_used_at: int | None
    revoked_at: int | None
    account_name: str


class KeyPage(TypedDict):
    """A page of the keys of all accounts."""

    keys: list[KeyOfAccount]
    next_cursor: str | None


class Limits(TypedDict):
    """All limits; ``null`` where there is none."""

    requests_per_minute: int | None
    unfinished_tasks: int | None
    queued_tasks: int | None
    daily_spend: str | None


class MediaLimits(TypedDict):
    """What restricts the file or subject that a parameter refers to."""

    max_bytes: NotRequired[int]
    min_side: NotRequired[int]
    max_side: NotRequired[int]
    max_aspect: NotRequired[float]
    min_seconds: NotRequired[float]
    max_seconds: NotRequired[float]
    reference_types: NotRequired[list[str]]
    models: NotRequired[list[str]]


class Metadata(TypedDict):
    """What else is known of a task (rule W-8); engines add notes of their own."""

    width: NotRequired[int]
    height: NotRequired[int]
    fps: NotRequired[float]
    frames: NotRequired[int]
    duration: NotRequired[float]
    stage: NotRequired[Stage]
    engine: NotRequired[str]
    seed: NotRequired[int]
    ignored: NotRequired[list[str]]
    queue_seconds: NotRequired[float]
    render_seconds: NotRequired[float]
    queue_position: NotRequired[int]
    queue_note: NotRequired[str]
    estimated_start_at: NotRequired[int]
    estimated_finish_at: NotRequired[int]
    expired_at: NotRequired[int]
    prompt: NotRequired[str]
    request: NotRequired[dict[str, Any]]
    moderation: NotRequired[Moderation]
    batch: NotRequired[str]
    reused: NotRequired[bool]
    reused_from: NotRequired[str]


class Model(TypedDict):
    """A model in the list."""

    id: str
    name: str
    type: str
    description: str
    input_modalities: list[str]
    output_modalities: list[str]


class ModelList(TypedDict):
    """The answer with a page of models."""

    data: ModelPage
    status: EnvelopeStatus


class ModelPage(TypedDict):
    """A page of models."""

    models: list[Model]
    total: int
    page: int
    page_size: int
    total_pages: int


class ModelSearch(TypedDict):
    """The models that a search has found."""

    hits: list[Hit]
    query: str
    limit: int
    offset: int
    estimatedTotalHits: int


class Moderation(TypedDict):
    """What became of the wish that a classifier looks at the pictures."""

    requested: Literal[True]
    available: bool
    classifier: NotRequired[str]
    pictures: NotRequired[int]
    score: NotRequired[float]
    threshold: NotRequired[float]


class Moved(TypedDict):
    """A task with its new place."""

    id: str
    account: str
    engine: str | None
    priority: int
    ahead: int


class NewAccount(TypedDict):
    """An account to create."""

    name: str
    discount_percent: NotRequired[str | int]
    limits: NotRequired[NewLimits]


class NewKey(TypedDict):
    """A key to create."""

    name: str
    scopes: NotRequired[list[Literal["generate", "read", "elements", "admin"]]]
    expires_in: NotRequired[int | None]
    limits: NotRequired[NewLimits]


class NewLimits(TypedDict):
    """All limits; one that is omitted does not apply."""

    requests_per_minute: NotRequired[int | None]
    unfinished_tasks: NotRequired[int | None]
    queued_tasks: NotRequired[int | None]
    daily_spend: NotRequired[str | None]


class NewPause(TypedDict):
    """Why a queue is paused."""

    reason: NotRequired[str]


class NewPriority(TypedDict):
    """A task's new place among those that wait: one of the two."""

    priority: NotRequired[int | None]
    front: NotRequired[bool]


class Output(TypedDict):
    """All that a task made."""

    content: list[Content]
    jobId: str


class Overview(TypedDict):
    """What the server is doing."""

    at: int
    queue: Queue
    running: list[Running]
    workers: list[Worker]
    ended: Ended
    webhooks: Deliveries


class OwnBalance(TypedDict):
    """The same, with the terms of the account."""

    available: str
    held: str
    currency: Literal["USD"]
    prepaid: bool
    discount_percent: str


class OwnKey(TypedDict):
    """The key that a request was sent with."""

    id: str
    account: str
    name: str
    hint: str
    scopes: list[Scope]
    created_at: int
    expires_at: int | None


class Parameter(TypedDict):
    """A parameter of a model."""

    name: str
    path: str
    type: Literal["string", "number", "integer", "boolean", "object", "array"]
    required: bool
    description: str
    constraints: Constraints
    example: Any
    format: NotRequired[
        Literal["image", "video", "audio", "task", "element", "face_session", "face", "uri"]
    ]
    limits: NotRequired[MediaLimits]
    children: list[Parameter]


class Pause(TypedDict):
    """A queue that an operator has paused."""

    queue: str
    reason: str
    actor: str
    since: int


class Pauses(TypedDict):
    """Every queue that is paused."""

    paused: list[Pause]


class Precharge(TypedDict):
    """A quote, once more in the words of the API's own clients."""

    scene: NotRequired[dict[str, Any]]
    motion: NotRequired[dict[str, Any]]
    direction: NotRequired[dict[str, Any]]
    not_followed: NotRequired[list[str]]
    footage: NotRequired[dict[str, Any]]
    model: str
    currency: Literal["USD"]
    exact: bool
    usage: NotRequired[Cost]
    least: Cost
    most: Cost
    reused: NotRequired[Literal[True]]
    after_fetch: list[str]
    shots: NotRequired[list[QuotedShot]]
    status: Literal["success"]
    data: PrechargeData


class PrechargeData(TypedDict):
    """A quote in the words of the API's own clients (rule N-3)."""

    model: str
    billing_model: str
    currency: Literal["USD"]
    cost: str
    discount: float
    reason: NotRequired[str]


class Prerequisite(TypedDict):
    """A parameter that takes the result of another model."""

    field: str
    source_model: str
    context_kind: str
    source_path: str
    notes: str


class PriceList(TypedDict):
    """What all models cost."""

    currency: Literal["USD"]
    prices: list[PriceOfModel]


class PriceOfModel(TypedDict):
    """What a model costs."""

    model: str
    by: list[str]
    rates: list[Rate]
    seconds: int | None
    watermark: str


class Problem(TypedDict):
    """One thing that is wrong with a request."""

    param: str
    code: str
    message: str
    rules: NotRequired[list[str]]


class Proof(TypedDict):
    """What a verification of the whole ledger found."""

    at: int
    transactions: int
    settled: int
    open: int
    total: str
    problem_count: int
    problems: list[str]


class Queue(TypedDict):
    """The queue."""

    tasks: int
    complete: bool
    oldest_seconds: float | None
    engines: list[Waiting]
    paused: list[Pause]


class Queued(TypedDict):
    """The answer to a request that was queued."""

    request_id: str
    status_url: str
    response_url: str
    cancel_url: str
    status: Status
    model: str


class QueuedTask(TypedDict):
    """A queued request: the task, and where it is followed."""

    request_id: str
    status_url: str
    response_url: str
    cancel_url: str
    id: str
    status: Status
    model: str
    created_at: int
    updated_at: int
    progress: float
    output: NotRequired[list[Output]]
    usage: NotRequired[Cost]
    error: NotRequired[TaskError]
    metadata: Metadata


class Quote(TypedDict):
    """What a request would cost and show."""

    scene: NotRequired[dict[str, Any]]
    motion: NotRequired[dict[str, Any]]
    direction: NotRequired[dict[str, Any]]
    not_followed: NotRequired[list[str]]
    footage: NotRequired[dict[str, Any]]
    model: str
    currency: Literal["USD"]
    exact: bool
    usage: NotRequired[Cost]
    least: Cost
    most: Cost
    reused: NotRequired[Literal[True]]
    after_fetch: list[str]
    shots: NotRequired[list[QuotedShot]]


class QuotedShot(TypedDict):
    """What one of several shots would show."""

    scene: NotRequired[dict[str, Any]]
    motion: NotRequired[dict[str, Any]]
    direction: NotRequired[dict[str, Any]]
    not_followed: NotRequired[list[str]]
    footage: NotRequired[dict[str, Any]]


class QuotedTask(TypedDict):
    """What one request of a batch would cost."""

    model: str
    least: Cost
    most: Cost
    reused: bool


class Rate(TypedDict):
    """What one choice costs."""

    choices: list[str]
    usd: str


class Readiness(TypedDict):
    """Whether the server can work."""

    status: Literal["ready", "not_ready"]
    database: Literal["ok", "away"]
    storage: Literal["ok", "away"]


class Removed(TypedDict):
    """A task that was removed."""

    id: str
    removed: Literal[True]


class Rotation(TypedDict):
    """How to replace a key."""

    overlap_seconds: NotRequired[int]


class Rule(TypedDict):
    """A condition between parameters; what else it has depends on its kind."""

    message: str
    rules: builtins.list[str]
    kind: str
    params: NotRequired[builtins.list[str]]
    first: NotRequired[builtins.list[str]]
    second: NotRequired[builtins.list[str]]
    list: NotRequired[str]
    other: NotRequired[str]
    equals: NotRequired[Any]
    value: NotRequired[Any]
    total: NotRequired[str]
    seconds: NotRequired[dict[str, float]]
    given: NotRequired[Given]
    needs: NotRequired[Given]
    against: NotRequired[Given]
    unless: NotRequired[builtins.list[Given]]
    most: NotRequired[int]


class Running(TypedDict):
    """Tasks of one engine that workers work on."""

    engine: str | None
    tasks: int


Scope = Literal["generate", "read", "elements", "admin"]


class Setting(TypedDict):
    """A setting."""

    name: str
    value: str | None
    secret: bool
    changed: bool
    description: str


class SettingList(TypedDict):
    """All settings."""

    settings: list[Setting]


class Share(TypedDict):
    """A link that whoever has it may open for a while."""

    url: str
    expires_at: int


class ShareRequest(TypedDict):
    """How long a link is to lead to which copy of a video."""

    expires_in_seconds: NotRequired[int]
    watermark: NotRequired[bool]


class Signing(TypedDict):
    """The secret that webhooks are signed with."""

    secret: str
    earlier_valid_until: int | None


class Spec(TypedDict):
    """All that a form or a program needs to make a request for a model."""

    model_id: str
    name: str
    vendor: str
    type: str
    description: str
    api: Endpoint
    parameters: list[Parameter]
    rules: list[Rule]
    failures: list[Failure]
    examples: list[dict[str, Any]]
    agent_prompt: str


class SpecAnswer(TypedDict):
    """The answer with the spec of a model."""

    data: Spec
    status: EnvelopeStatus


Stage = Literal["queued", "rendering"]

Status = Literal["in_progress", "completed", "failed"]


class Storage(TypedDict):
    """What inputs and results take up."""

    files: int
    bytes: int
    complete: bool
    disk_free: int
    disk_total: int


class StreamToken(TypedDict):
    """What opens an event stream for a while."""

    token: str
    url: str
    expires_at: int


class Tag(TypedDict):
    """A tag of a subject."""

    tag_id: str


class Task(TypedDict):
    """A task (rule W-3)."""

    id: str
    status: Status
    model: str
    created_at: int
    updated_at: int
    progress: float
    output: NotRequired[list[Output]]
    usage: NotRequired[Cost]
    error: NotRequired[TaskError]
    metadata: Metadata


class TaskError(TypedDict):
    """Why a task failed."""

    code: str
    message: str
    error_message: str


class TaskPage(TypedDict):
    """A page of tasks."""

    tasks: list[Task]
    next_cursor: str | None


class TopUp(TypedDict):
    """Money to add to an account."""

    amount: str
    reference: NotRequired[str | None]
    note: NotRequired[str]


class Total(TypedDict):
    """Sums over tasks; the first members say of which, as far as it was asked for."""

    day: NotRequired[str]
    model: NotRequired[str]
    key: NotRequired[str]
    account: NotRequired[str]
    tasks: int
    completed: int
    seconds: float
    cost: str
    discount: str


class Transaction(TypedDict):
    """A transaction of the ledger."""

    id: str
    kind: TransactionKind
    task: str | None
    reference: str | None
    note: str
    entries: dict[str, str]
    created_at: int


TransactionKind = Literal["top_up", "hold", "capture", "release"]


class TransactionPage(TypedDict):
    """A page of the ledger."""

    transactions: list[Transaction]
    next_cursor: str | None


class Upload(TypedDict):
    """A file that was sent or fetched, and what was measured of it."""

    url: str
    type: Literal["image", "video", "audio"]
    mime: str
    size: int
    width: int
    height: int
    duration: NotRequired[float]
    fps: NotRequired[float]
    has_audio: NotRequired[bool]
    expires_at: int


class Usage(TypedDict):
    """What was used in a period."""

    first: str
    last: str
    currency: Literal["USD"]
    usage: list[Total]
    total: Total


class UserBalance(TypedDict):
    """The same money in the words of the API's own clients (rule N-8)."""

    user_id: str
    balance: str
    available_balance: str
    total_recharged: str
    currency: Literal["USD"]
    billing_mode: Literal["prepaid", "free"]
    credit_limit: str
    arrears: str


class UserBalanceAnswer(TypedDict):
    """The answer with the balance, in the envelope of the catalogue."""

    data: UserBalance
    status: EnvelopeStatus


class Waiting(TypedDict):
    """Tasks that wait for one engine."""

    engine: str | None
    tasks: int
    oldest_seconds: float
    attended: bool
    paused: bool


class WaitingTask(TypedDict):
    """A task that waits."""

    id: str
    account: str
    model: str
    engine: str | None
    priority: int
    created_at: int


class Webhook(TypedDict):
    """A webhook and its state of delivery."""

    id: str
    task: str
    batch: NotRequired[str]
    status: Status
    url: str
    state: WebhookState
    attempt_count: int
    created_at: int
    next_attempt_at: int | None
    attempts: NotRequired[list[Attempt]]
    body: NotRequired[dict[str, Any]]


class WebhookPage(TypedDict):
    """A page of webhooks."""

    webhooks: list[Webhook]
    next_cursor: str | None


WebhookState = Literal["waiting", "delivered", "given_up"]


class Worker(TypedDict):
    """A registered worker."""

    id: str
    engines: list[str]
    slots: int
    running: int
    started_at: int
    active: bool
    draining: bool
    heartbeat_seconds: float | None
