"""Requests and answers of the API, written by scripts/write_wire_types.py.

Do not change this file: change the models of the routes, and run ``make types``.
"""

from __future__ import annotations

import builtins
from typing import Any, Literal

from pydantic import SkipValidation

from kirin_client.wire_model import WireModel


class Account(WireModel):
    """An account."""

    id: str
    name: str
    discount_percent: str
    """Per cent."""
    limits: Limits
    balance: Balance
    created_at: int
    """Unix milliseconds."""


class AccountChanges(WireModel):
    """What to change of an account; what is omitted stays."""

    name: str | None = None
    discount_percent: str | int | None = None
    """Taken off every price."""
    limits: NewLimits | None = None


class AccountPage(WireModel):
    """A page of accounts."""

    accounts: list[Account]
    next_cursor: str | None


class ArchiveLink(WireModel):
    """What opens an archive for a while."""

    token: str
    url: str
    """The archive, with the token."""
    expires_at: int
    """Unix milliseconds."""
    files: int
    size: int
    """Bytes of the archive."""


class ArchiveRequest(WireModel):
    """Which videos go into an archive."""

    task_ids: list[str] | None = None
    """Ids or external ids of completed tasks of the account."""
    batch_id: str | None = None
    """Instead: id of a batch that has ended; of its tasks those with a video."""


class Attempt(WireModel):
    """One attempt to deliver a webhook."""

    number: int
    """From 1."""
    sent_at: int
    """Unix milliseconds."""
    milliseconds: int
    """Until the answer, or until it was given up."""
    status: int | None
    """HTTP status."""
    outcome: str
    """The first 2 KB of the answer, or what went wrong."""


class AuditEntry(WireModel):
    """What somebody did."""

    id: str
    at: int
    """Unix milliseconds."""
    actor: str
    action: str
    account: str | None
    """Id of the account."""
    target: str
    details: dict[str, Any]
    address: str
    """IP address that it was done from."""
    request_id: str


class AuditPage(WireModel):
    """A page of the audit log."""

    entries: list[AuditEntry]
    next_cursor: str | None


class Balance(WireModel):
    """The money of an account."""

    available: str
    """USD."""
    held: str
    """USD held for unfinished tasks."""
    currency: SkipValidation[Literal["USD"]]


class Batch(WireModel):
    """A batch (rule N-16)."""

    id: str
    status: Status
    """Completed or failed once all tasks have ended; failed if all failed."""
    created_at: int
    """Unix milliseconds."""
    cancelled_at: int | None = None
    """Unix milliseconds."""
    finished_at: int | None = None
    """Unix milliseconds."""
    progress: float
    counts: BatchCounts
    quote: str
    """USD, the most that all of it may come to."""
    usage: Cost
    """What has completed so far."""
    tasks: list[BatchTask]
    """In the order of the requests."""
    metadata: dict[str, Any] | None = None


class BatchBody(WireModel):
    """Up to 100 requests, or one and lists of what differs."""

    requests: list[dict[str, Any]] | None = None
    """1 to 100 requests, each as one task takes it; this or `request`."""
    request: dict[str, Any] | None = None
    """One request, as one task takes it; `vary` says what differs."""
    vary: dict[str, list[Any]] | None = None
    """Lists of values of parameters, or of `seed`, beside `request`: one task for each combination, at most 100. The last list changes fastest."""
    callback_url: str | None = None
    """Receives the batch once, when the last of its tasks has ended."""
    metadata: dict[str, Any] | None = None
    """Notes of your own, at most 4 KB, given back with the batch."""


class BatchCounts(WireModel):
    """How many tasks of a batch are how far; what is missing in the sum has expired."""

    total: int
    queued: int
    rendering: int
    completed: int
    failed: int
    """Without those that were cancelled."""
    cancelled: int


class BatchPage(WireModel):
    """A page of batches."""

    batches: list[Batch]
    next_cursor: str | None


class BatchQuote(WireModel):
    """What a batch would cost."""

    currency: str
    exact: bool
    least: Cost
    most: Cost
    """What is held until its tasks have ended."""
    tasks: list[QuotedTask]


class BatchTask(WireModel):
    """A task of a batch."""

    id: str
    index: int
    """Its place among the requests, from 0."""
    status: Status
    stage: Stage | None = None
    progress: float
    external_task_id: str | None = None
    code: str | None = None
    """Of its failure."""


class BookedTopUp(WireModel):
    """A top-up that was booked."""

    transaction: str
    """Its id."""
    account: str
    """Id of the account."""
    balance: Balance


class Check(WireModel):
    """What a check found."""

    good: bool
    title: str
    """What was checked."""
    detail: str
    """What was found."""
    remedy: str
    """What to do about it, where something is wrong."""


class Checks(WireModel):
    """All checks of the machine of the process that answers."""

    at: int
    """Unix milliseconds."""
    good: bool
    """Whether every check is."""
    checks: list[Check]


class Constraints(WireModel):
    """What restricts the value of a parameter."""

    enum: list[str] | None = None
    default: Any = None
    min: float | None = None
    max: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None


class Content(WireModel):
    """One thing that a task made."""

    type: SkipValidation[Literal["video", "image", "element", "text"]]
    url: str | None = None
    text: str | None = None
    """Kirin_identify_face only: JSON, see its reference."""
    element_id: int | None = None
    """Kirin_custom_elements only."""
    jobId: str
    size: str | None = None
    """Kirin_v1_i2v only."""
    duration: float | None = None
    """Kirin_v3_i2v only."""
    watermark: bool | None = None
    """True for the marked copy."""


class Contract(WireModel):
    """What a model takes, for programs that check a request before they send it."""

    schema_version: SkipValidation[Literal["model-contract.v1"]]
    revision: str
    """Another one whenever anything in it is different."""
    model_id: str
    display_name: str
    family: str
    kind: SkipValidation[Literal["multimodal"]]
    protocol: SkipValidation[Literal["queue"]]
    body_mode: SkipValidation[Literal["raw_json"]]
    endpoints: ContractEndpoints
    input_schema: dict[str, Any]
    """JSON Schema of the parameters."""
    examples: list[dict[str, Any]]
    prerequisites: list[Prerequisite]
    input_rules: list[InputRule]


class ContractAnswer(WireModel):
    """The answer with the contract of a model."""

    data: Contract
    status: EnvelopeStatus


class ContractEndpoint(WireModel):
    """Where one step of a request goes."""

    method: str
    path: str
    """On this server; {request_id} is to be replaced."""


class ContractEndpoints(WireModel):
    """Where a request is sent, followed and cancelled."""

    submit: ContractEndpoint
    status: ContractEndpoint
    result: ContractEndpoint
    cancel: ContractEndpoint


class Cost(WireModel):
    """What something costs (rule W-6)."""

    cost: str
    """USD."""
    discount: float
    """USD that the account's discount took off."""


class Created(WireModel):
    """The answer to a request that created a task."""

    id: str
    status: Status
    model: str
    created_at: int
    """Unix milliseconds."""


class CreatedKey(WireModel):
    """An API key that was just created, with its secret."""

    id: str
    account: str
    """Id of the account."""
    name: str
    hint: str
    """Its first and last characters."""
    scopes: list[Scope]
    limits: Limits
    created_at: int
    """Unix milliseconds."""
    expires_at: int | None
    last_used_at: int | None
    revoked_at: int | None
    secret: str
    """Shown this once."""


class DeletedElement(WireModel):
    """A subject that was deleted."""

    element_id: int
    deleted: SkipValidation[Literal[True]]


class Deliveries(WireModel):
    """Webhooks that are not delivered yet."""

    waiting: int
    complete: bool
    """False: there are more than were counted."""
    failing: int
    """Those that were tried in vain before."""
    late_seconds: float
    """How long the first one is overdue."""


class Draining(WireModel):
    """A worker that was told to leave."""

    id: str
    draining: bool


class Element(WireModel):
    """A subject of the account's library."""

    element_id: int
    element_name: str
    element_description: str
    reference_type: SkipValidation[Literal["image_refer", "video_refer"]]
    tag_list: list[Tag]
    created_at: int
    """Unix milliseconds."""
    thumbnail_url: str | None = None
    cutout_url: str | None = None
    """Null where nothing stands out from the picture."""
    joints: list[Joint] | None = None
    """Empty where there is no person."""


class ElementList(WireModel):
    """All subjects of an account."""

    elements: list[Element]


class Ended(WireModel):
    """How tasks have ended in the last 24 hours."""

    since: int
    """What ended before is not counted; later than 24 hours ago where too many have ended to count them all."""
    completed_hour: int
    completed_day: int
    failures: list[FailureCount]
    """The most frequent first."""


class Endpoint(WireModel):
    """How to send a request for a model."""

    endpoint: str
    method: str
    headers: dict[str, str]


class EnvelopeStatus(WireModel):
    """Whether a request of the catalogue succeeded."""

    code: int
    """HTTP status."""
    message: str


class ErasedAccount(WireModel):
    """What was erased of an account."""

    account: str
    """Its id, which stays in the books."""
    name: str
    """What it is called now."""
    tasks: int
    """Tasks that it has had."""
    cancelled: int
    """Tasks that had not ended."""
    files: int
    """Files that were removed from storage."""
    webhooks: int
    subjects: int
    uploads: int
    keys: int
    """Keys that worked until now."""
    held: int
    """Tasks that a worker has not put down yet: ask again until it is 0."""


class ErasureOrder(WireModel):
    """The confirmation that an account is to be erased."""

    name: str
    """The account's name, so that no other is meant."""


class Error(WireModel):
    """Why a request was refused (rule W-9); some errors have further members."""

    code: str
    """Stable identifier of the error."""
    message: str
    request_id: str
    errors: list[Problem] | None = None
    """All that is wrong with the parameters."""
    error_code: int | None = None
    """40201 if the balance is too low."""
    limit: dict[str, Any] | None = None
    """The limit that was reached."""
    balance: dict[str, Any] | None = None
    """What is needed and what is there, in USD."""


class Failure(WireModel):
    """A way in which tasks of a model fail."""

    code: str
    reason: str


class FailureCount(WireModel):
    """Tasks that failed with one code."""

    code: str
    hour: int
    """In the last hour."""
    day: int
    """In the last 24 hours."""


class FetchRequest(WireModel):
    """A file for the server to fetch."""

    url: str
    """URL of a picture, a video or a sound."""


class Front(WireModel):
    """The front of the queue, in the order in which tasks are handed out."""

    tasks: list[WaitingTask]


GenerationRequest = dict[str, Any]


class Given(WireModel):
    """What a request may hold: a parameter, or a field of a list's entries, and its value."""

    param: str
    equals: Any = None


class Health(WireModel):
    """The server is up."""

    status: SkipValidation[Literal["ok"]]
    version: str


class Hit(WireModel):
    """A model that a search has found."""

    id: str
    name: str
    """The id once more: clients read the page by it."""
    display_name: str
    description: str
    provider: str
    type: str
    """Such as image-to-video."""
    tags: list[str]
    """The type in short, such as i2v."""
    input_modalities: list[str]
    output_modalities: list[str]


class InputRule(WireModel):
    """A condition between parameters."""

    kind: SkipValidation[Literal["one_of", "at_least_one", "requires", "mutually_exclusive"]]
    fields: list[str] | None = None
    when: dict[str, Any] | None = None
    """Values with which the rule applies."""
    required: list[str] | None = None
    notes: str


class Joint(WireModel):
    """A joint of a person in a subject's picture."""

    x: float
    """Pixels of the first view, from the left."""
    y: float
    """Pixels of the first view, from the top."""
    visibility: float


class Key(WireModel):
    """An API key."""

    id: str
    account: str
    """Id of the account."""
    name: str
    hint: str
    """Its first and last characters."""
    scopes: list[Scope]
    limits: Limits
    created_at: int
    """Unix milliseconds."""
    expires_at: int | None
    last_used_at: int | None
    revoked_at: int | None


class KeyChanges(WireModel):
    """What to change of a key."""

    limits: NewLimits


class KeyList(WireModel):
    """All keys of an account."""

    keys: list[Key]


class KeyOfAccount(WireModel):
    """An API key, with the name of its account."""

    id: str
    account: str
    """Id of the account."""
    name: str
    hint: str
    """Its first and last characters."""
    scopes: list[Scope]
    limits: Limits
    created_at: int
    """Unix milliseconds."""
    expires_at: int | None
    last_used_at: int | None
    revoked_at: int | None
    account_name: str


class KeyPage(WireModel):
    """A page of the keys of all accounts."""

    keys: list[KeyOfAccount]
    next_cursor: str | None


class Limits(WireModel):
    """All limits; ``null`` where there is none."""

    requests_per_minute: int | None
    unfinished_tasks: int | None
    queued_tasks: int | None
    daily_spend: str | None


class MediaLimits(WireModel):
    """What restricts the file or subject that a parameter refers to."""

    max_bytes: int | None = None
    min_side: int | None = None
    """Pixels."""
    max_side: int | None = None
    """Pixels."""
    max_aspect: float | None = None
    """Long side over short side."""
    min_seconds: float | None = None
    max_seconds: float | None = None
    reference_types: list[str] | None = None
    models: list[str] | None = None
    """Whose videos apply."""


class Metadata(WireModel):
    """What else is known of a task (rule W-8); engines add notes of their own."""

    width: int | None = None
    height: int | None = None
    fps: float | None = None
    frames: int | None = None
    duration: float | None = None
    """Seconds."""
    stage: Stage | None = None
    """Only while in progress."""
    engine: str | None = None
    seed: int | None = None
    ignored: list[str] | None = None
    """Parameters that had no effect."""
    queue_seconds: float | None = None
    render_seconds: float | None = None
    queue_position: int | None = None
    """1 is next."""
    queue_note: str | None = None
    estimated_start_at: int | None = None
    """Unix milliseconds."""
    estimated_finish_at: int | None = None
    """Unix milliseconds."""
    expired_at: int | None = None
    """Unix milliseconds."""
    prompt: str | None = None
    """Only in listings: how it begins."""
    request: dict[str, Any] | None = None
    """The metadata of the request."""
    moderation: Moderation | None = None
    """Only where the request asked for it."""
    batch: str | None = None
    """The batch that it was made in."""
    reused: bool | None = None
    """Only where an earlier task's result is the answer."""
    reused_from: str | None = None
    """That task, if it is of the same account."""


class Model(WireModel):
    """A model in the list."""

    id: str
    name: str
    type: str
    """Such as image-to-video."""
    description: str
    input_modalities: list[str]
    output_modalities: list[str]


class ModelList(WireModel):
    """The answer with a page of models."""

    data: ModelPage
    status: EnvelopeStatus


class ModelPage(WireModel):
    """A page of models."""

    models: list[Model]
    total: int
    page: int
    page_size: int
    total_pages: int


class ModelSearch(WireModel):
    """The models that a search has found."""

    hits: list[Hit]
    query: str
    limit: int
    offset: int
    estimatedTotalHits: int


class Moderation(WireModel):
    """What became of the wish that a classifier looks at the pictures."""

    requested: SkipValidation[Literal[True]]
    available: bool
    """Whether the server has a classifier."""
    classifier: str | None = None
    pictures: int | None = None
    """How many it has looked at."""
    score: float | None = None
    """Its highest score of them, 0 to 1."""
    threshold: float | None = None
    """What is refused from."""


class Moved(WireModel):
    """A task with its new place."""

    id: str
    account: str
    engine: str | None
    """Null: tasks that need none."""
    priority: int
    ahead: int
    """Tasks of the same engine that come before it."""


class NewAccount(WireModel):
    """An account to create."""

    name: str
    """What to call it."""
    discount_percent: str | int | None = None
    """Taken off every price."""
    limits: NewLimits | None = None


class NewKey(WireModel):
    """A key to create."""

    name: str
    """What to call it."""
    scopes: list[SkipValidation[Literal["generate", "read", "elements", "admin"]]] | None = None
    """What it may be used for."""
    expires_in: int | None = None
    """Seconds until it expires; never if omitted."""
    limits: NewLimits | None = None


class NewLimits(WireModel):
    """All limits; one that is omitted does not apply."""

    requests_per_minute: int | None = None
    """Requests of any kind in each minute."""
    unfinished_tasks: int | None = None
    """Tasks queued or running at a time."""
    queued_tasks: int | None = None
    """Tasks at a time that no worker has started."""
    daily_spend: str | None = None
    """USD in each day of UTC, counting unfinished tasks at their highest price."""


class NewPause(WireModel):
    """Why a queue is paused."""

    reason: str | None = None
    """For other operators; customers do not see it."""


class NewPriority(WireModel):
    """A task's new place among those that wait: one of the two."""

    priority: int | None = None
    """Higher is sooner; tasks have 0 from the start."""
    front: bool | None = None
    """Before all others that wait now."""


class Output(WireModel):
    """All that a task made."""

    content: list[Content]
    jobId: str


class Overview(WireModel):
    """What the server is doing."""

    at: int
    """Unix milliseconds."""
    queue: Queue
    running: list[Running]
    workers: list[Worker]
    ended: Ended
    webhooks: Deliveries


class OwnBalance(WireModel):
    """The same, with the terms of the account."""

    available: str
    """USD."""
    held: str
    """USD held for unfinished tasks."""
    currency: SkipValidation[Literal["USD"]]
    prepaid: bool
    """Whether tasks need a balance."""
    discount_percent: str
    """Per cent."""


class OwnKey(WireModel):
    """The key that a request was sent with."""

    id: str
    account: str
    """Id of the account."""
    name: str
    hint: str
    """Its first and last characters."""
    scopes: list[Scope]
    created_at: int
    """Unix milliseconds."""
    expires_at: int | None


class Parameter(WireModel):
    """A parameter of a model."""

    name: str
    path: str
    """JSON path in the request."""
    type: SkipValidation[Literal["string", "number", "integer", "boolean", "object", "array"]]
    required: bool
    description: str
    constraints: Constraints
    example: Any
    format: (
        SkipValidation[
            Literal["image", "video", "audio", "task", "element", "face_session", "face", "uri"]
        ]
        | None
    ) = None
    limits: MediaLimits | None = None
    children: list[Parameter]


class Pause(WireModel):
    """A queue that an operator has paused."""

    queue: str
    """Name of an engine, or all."""
    reason: str
    actor: str
    """Who did it, as the audit names them."""
    since: int
    """Unix milliseconds."""


class Pauses(WireModel):
    """Every queue that is paused."""

    paused: list[Pause]


class Precharge(WireModel):
    """A quote, once more in the words of the API's own clients."""

    scene: dict[str, Any] | None = None
    """What the prompt is understood to show, as metadata.scene will have it: place, light, cast, and what is missing; absent where given pictures are shown."""
    motion: dict[str, Any] | None = None
    """What is understood to move in a given picture, where it acts (a box in the first frame), and which words are missing, as the task's metadata.motion will have it. Pictures that are here are looked at: inline ones, uploads and results. Behind other URLs, of very large ones, and while too many are being looked at, words alone are told, with "found": "when rendered". Motion control has its warnings here, as metadata.warnings will have them."""
    direction: dict[str, Any] | None = None
    """How the camera moves, where words or numbers ask for it; what of that a given picture can show is found when it is rendered."""
    not_followed: list[str] | None = None
    """Words of the prompt that a camera in numbers overrules."""
    footage: dict[str, Any] | None = None
    """What a given video is used for; the rest is found when rendered."""
    model: str
    currency: SkipValidation[Literal["USD"]]
    exact: bool
    usage: Cost | None = None
    """What the task's usage will be, where exact."""
    least: Cost
    most: Cost
    """What is held until the task has ended."""
    reused: SkipValidation[Literal[True]] | None = None
    """Where the result of an earlier task would be the answer."""
    after_fetch: list[str]
    """Parameters that must be fetched before the cost is known."""
    shots: list[QuotedShot] | None = None
    """The same for each shot, where there are several."""
    status: SkipValidation[Literal["success"]]
    data: PrechargeData


class PrechargeData(WireModel):
    """A quote in the words of the API's own clients (rule N-3)."""

    model: str
    billing_model: str
    currency: SkipValidation[Literal["USD"]]
    cost: str
    """USD."""
    discount: float
    reason: str | None = None


class Prerequisite(WireModel):
    """A parameter that takes the result of another model."""

    field: str
    source_model: str
    context_kind: str
    source_path: str
    """Where it stands in the other model's task."""
    notes: str


class PriceList(WireModel):
    """What all models cost."""

    currency: SkipValidation[Literal["USD"]]
    prices: list[PriceOfModel]


class PriceOfModel(WireModel):
    """What a model costs."""

    model: str
    by: list[str]
    """What the price goes by, such as mode."""
    rates: list[Rate]
    seconds: int | None
    """Of video, that a rate is for; null: it is for a task."""
    watermark: str
    """USD for a second, watermarked file."""


class Problem(WireModel):
    """One thing that is wrong with a request."""

    param: str
    """JSON path of the parameter."""
    code: str
    message: str
    rules: list[str] | None = None
    """Rules of the contract it breaks."""


class Proof(WireModel):
    """What a verification of the whole ledger found."""

    at: int
    """Unix milliseconds."""
    transactions: int
    settled: int
    """Tasks that were charged or released."""
    open: int
    """Tasks with money held."""
    total: str
    """All entries together; 0 where they add up."""
    problem_count: int
    problems: list[str]
    """The first 100 of them; none: all is well."""


class Queue(WireModel):
    """The queue."""

    tasks: int
    complete: bool
    """False: there are more than were counted."""
    oldest_seconds: float | None
    """Age of the oldest."""
    engines: list[Waiting]
    paused: list[Pause]
    """Queues that hand out no tasks."""


class Queued(WireModel):
    """The answer to a request that was queued."""

    request_id: str
    status_url: str
    response_url: str
    cancel_url: str
    status: Status
    model: str


class QueuedTask(WireModel):
    """A queued request: the task, and where it is followed."""

    request_id: str
    status_url: str
    response_url: str
    cancel_url: str
    id: str
    status: Status
    model: str
    created_at: int
    """Unix milliseconds."""
    updated_at: int
    """Unix milliseconds."""
    progress: float
    output: list[Output] | None = None
    """Only when completed."""
    usage: Cost | None = None
    """Only when completed."""
    error: TaskError | None = None
    """Only when failed."""
    metadata: Metadata


class Quote(WireModel):
    """What a request would cost and show."""

    scene: dict[str, Any] | None = None
    """What the prompt is understood to show, as metadata.scene will have it: place, light, cast, and what is missing; absent where given pictures are shown."""
    motion: dict[str, Any] | None = None
    """What is understood to move in a given picture, where it acts (a box in the first frame), and which words are missing, as the task's metadata.motion will have it. Pictures that are here are looked at: inline ones, uploads and results. Behind other URLs, of very large ones, and while too many are being looked at, words alone are told, with "found": "when rendered". Motion control has its warnings here, as metadata.warnings will have them."""
    direction: dict[str, Any] | None = None
    """How the camera moves, where words or numbers ask for it; what of that a given picture can show is found when it is rendered."""
    not_followed: list[str] | None = None
    """Words of the prompt that a camera in numbers overrules."""
    footage: dict[str, Any] | None = None
    """What a given video is used for; the rest is found when rendered."""
    model: str
    currency: SkipValidation[Literal["USD"]]
    exact: bool
    usage: Cost | None = None
    """What the task's usage will be, where exact."""
    least: Cost
    most: Cost
    """What is held until the task has ended."""
    reused: SkipValidation[Literal[True]] | None = None
    """Where the result of an earlier task would be the answer."""
    after_fetch: list[str]
    """Parameters that must be fetched before the cost is known."""
    shots: list[QuotedShot] | None = None
    """The same for each shot, where there are several."""


class QuotedShot(WireModel):
    """What one of several shots would show."""

    scene: dict[str, Any] | None = None
    """What the prompt is understood to show, as metadata.scene will have it: place, light, cast, and what is missing; absent where given pictures are shown."""
    motion: dict[str, Any] | None = None
    """What is understood to move in a given picture, where it acts (a box in the first frame), and which words are missing, as the task's metadata.motion will have it. Pictures that are here are looked at: inline ones, uploads and results. Behind other URLs, of very large ones, and while too many are being looked at, words alone are told, with "found": "when rendered". Motion control has its warnings here, as metadata.warnings will have them."""
    direction: dict[str, Any] | None = None
    """How the camera moves, where words or numbers ask for it; what of that a given picture can show is found when it is rendered."""
    not_followed: list[str] | None = None
    """Words of the prompt that a camera in numbers overrules."""
    footage: dict[str, Any] | None = None
    """What a given video is used for; the rest is found when rendered."""


class QuotedTask(WireModel):
    """What one request of a batch would cost."""

    model: str
    least: Cost
    most: Cost
    reused: bool


class Rate(WireModel):
    """What one choice costs."""

    choices: list[str]
    """Values of what the price goes by, in order."""
    usd: str
    """USD, as exact as it was set."""


class Readiness(WireModel):
    """Whether the server can work."""

    status: SkipValidation[Literal["ready", "not_ready"]]
    database: SkipValidation[Literal["ok", "away"]]
    storage: SkipValidation[Literal["ok", "away"]]


class Removed(WireModel):
    """A task that was removed."""

    id: str
    removed: SkipValidation[Literal[True]]


class Rotation(WireModel):
    """How to replace a key."""

    overlap_seconds: int | None = None
    """How long the earlier key works beside the new one."""


class Rule(WireModel):
    """A condition between parameters; what else it has depends on its kind."""

    message: str
    rules: builtins.list[str]
    """Rules of the contract."""
    kind: str
    params: builtins.list[str] | None = None
    first: builtins.list[str] | None = None
    second: builtins.list[str] | None = None
    list: str | None = None
    """Name of the list that it refers to."""
    other: str | None = None
    equals: Any = None
    value: Any = None
    total: str | None = None
    seconds: dict[str, float] | None = None
    given: Given | None = None
    needs: Given | None = None
    against: Given | None = None
    unless: builtins.list[Given] | None = None
    most: int | None = None


class Running(WireModel):
    """Tasks of one engine that workers work on."""

    engine: str | None
    """Null: tasks that need none."""
    tasks: int


Scope = SkipValidation[Literal["generate", "read", "elements", "admin"]]


class Setting(WireModel):
    """A setting."""

    name: str
    """Its environment variable."""
    value: str | None
    """Null: it is not set."""
    secret: bool
    """Whether the value is never shown."""
    changed: bool
    """Whether it is not the default."""
    description: str


class SettingList(WireModel):
    """All settings."""

    settings: list[Setting]


class Share(WireModel):
    """A link that whoever has it may open for a while."""

    url: str
    """The file, without a key."""
    expires_at: int
    """Unix milliseconds; earlier than asked for if the file goes before."""


class ShareRequest(WireModel):
    """How long a link is to lead to which copy of a video."""

    expires_in_seconds: int | None = None
    """How long the link works."""
    watermark: bool | None = None
    """Whether it leads to the watermarked copy."""


class Signing(WireModel):
    """The secret that webhooks are signed with."""

    secret: str
    earlier_valid_until: int | None
    """Until when the previous secret signs as well."""


class Spec(WireModel):
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


class SpecAnswer(WireModel):
    """The answer with the spec of a model."""

    data: Spec
    status: EnvelopeStatus


Stage = SkipValidation[Literal["queued", "rendering"]]

Status = SkipValidation[Literal["in_progress", "completed", "failed"]]


class Storage(WireModel):
    """What inputs and results take up."""

    files: int
    bytes: int
    complete: bool
    """False: there are more than were counted."""
    disk_free: int
    """Bytes, where the data folder of the answering process is."""
    disk_total: int
    """Bytes, likewise."""


class StreamToken(WireModel):
    """What opens an event stream for a while."""

    token: str
    url: str
    """The stream, with the token."""
    expires_at: int
    """Unix milliseconds."""


class Tag(WireModel):
    """A tag of a subject."""

    tag_id: str


class Task(WireModel):
    """A task (rule W-3)."""

    id: str
    status: Status
    model: str
    created_at: int
    """Unix milliseconds."""
    updated_at: int
    """Unix milliseconds."""
    progress: float
    output: list[Output] | None = None
    """Only when completed."""
    usage: Cost | None = None
    """Only when completed."""
    error: TaskError | None = None
    """Only when failed."""
    metadata: Metadata


class TaskError(WireModel):
    """Why a task failed."""

    code: str
    message: str
    error_message: str
    """The same as message."""


class TaskPage(WireModel):
    """A page of tasks."""

    tasks: list[Task]
    next_cursor: str | None


class TopUp(WireModel):
    """Money to add to an account."""

    amount: str
    """What to add; a negative amount takes some back."""
    reference: str | None = None
    """Such as a payment's id. It is booked once: a repeated request adds nothing."""
    note: str | None = None
    """For people."""


class Total(WireModel):
    """Sums over tasks; the first members say of which, as far as it was asked for."""

    day: str | None = None
    model: str | None = None
    key: str | None = None
    account: str | None = None
    tasks: int
    completed: int
    seconds: float
    """Of video."""
    cost: str
    """USD."""
    discount: str
    """USD."""


class Transaction(WireModel):
    """A transaction of the ledger."""

    id: str
    kind: TransactionKind
    task: str | None
    """Id of the task."""
    reference: str | None
    note: str
    entries: dict[str, str]
    """Amounts by ledger account."""
    created_at: int
    """Unix milliseconds."""


TransactionKind = SkipValidation[Literal["top_up", "hold", "capture", "release"]]


class TransactionPage(WireModel):
    """A page of the ledger."""

    transactions: list[Transaction]
    next_cursor: str | None


class Upload(WireModel):
    """A file that was sent or fetched, and what was measured of it."""

    url: str
    """Stands for the file in requests."""
    type: SkipValidation[Literal["image", "video", "audio"]]
    mime: str
    size: int
    """Bytes."""
    width: int
    """Pixels; 0 of sounds."""
    height: int
    """Pixels; 0 of sounds."""
    duration: float | None = None
    """Seconds; of videos and sounds."""
    fps: float | None = None
    """Of videos."""
    has_audio: bool | None = None
    """Of videos."""
    expires_at: int
    """Unix milliseconds."""


class Usage(WireModel):
    """What was used in a period."""

    first: str
    """First day, in UTC."""
    last: str
    """Last day, in UTC."""
    currency: SkipValidation[Literal["USD"]]
    usage: list[Total]
    total: Total


class UserBalance(WireModel):
    """The same money in the words of the API's own clients (rule N-8)."""

    user_id: str
    """Id of the account."""
    balance: str
    """USD, with what is held for unfinished tasks."""
    available_balance: str
    """USD."""
    total_recharged: str
    """USD, all top-ups together."""
    currency: SkipValidation[Literal["USD"]]
    billing_mode: SkipValidation[Literal["prepaid", "free"]]
    """Free: tasks need no balance."""
    credit_limit: str
    """Nothing: no balance falls below 0."""
    arrears: str
    """Nothing, likewise."""


class UserBalanceAnswer(WireModel):
    """The answer with the balance, in the envelope of the catalogue."""

    data: UserBalance
    status: EnvelopeStatus


class Waiting(WireModel):
    """Tasks that wait for one engine."""

    engine: str | None
    """Null: tasks that need none."""
    tasks: int
    oldest_seconds: float
    """Age of the oldest."""
    attended: bool
    """Whether an active worker takes them."""
    paused: bool
    """Whether an operator has paused this queue."""


class WaitingTask(WireModel):
    """A task that waits."""

    id: str
    account: str
    model: str
    engine: str | None
    """Null: tasks that need none."""
    priority: int
    created_at: int
    """Unix milliseconds."""


class Webhook(WireModel):
    """A webhook and its state of delivery."""

    id: str
    task: str
    """Id of the task."""
    batch: str | None = None
    """Only of what is told of a batch: its id; `task` has ended last."""
    status: Status
    """The status of the task or batch that it reports."""
    url: str
    state: WebhookState
    attempt_count: int
    created_at: int
    """Unix milliseconds."""
    next_attempt_at: int | None
    attempts: list[Attempt] | None = None
    """Only in the answer for one webhook."""
    body: dict[str, Any] | None = None
    """What is sent; only in the answer for one webhook."""


class WebhookPage(WireModel):
    """A page of webhooks."""

    webhooks: list[Webhook]
    next_cursor: str | None


WebhookState = SkipValidation[Literal["waiting", "delivered", "given_up"]]


class Worker(WireModel):
    """A registered worker."""

    id: str
    engines: list[str]
    slots: int
    """Tasks at a time."""
    running: int
    started_at: int
    """Unix milliseconds."""
    active: bool
    """Whether its heartbeat moves."""
    draining: bool
    """It takes nothing new, and then leaves."""
    heartbeat_seconds: float | None
    """Since this process saw its heartbeat move; null: it has not yet."""
