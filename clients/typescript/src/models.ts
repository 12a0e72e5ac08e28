/**
 * Requests and answers of the API.
 *
 * Written by scripts/write_wire_types.py. Do not change this file: change the routes of the server
 * and of the Python client, and run `make types`.
 */
import type { components } from "./schema.js";
import type { Open } from "./wire.js";

/** Every schema of the OpenAPI document as it stands there, by its name. */
export type Schemas = components["schemas"];

/** An account. */
export type Account = Open<Schemas["Account"]>;
/** What to change of an account; what is omitted stays. */
export type AccountChanges = Open<Schemas["AccountChanges"]>;
/** A page of accounts. */
export type AccountPage = Open<Schemas["AccountPage"]>;
/** What opens an archive for a while. */
export type ArchiveLink = Open<Schemas["ArchiveLink"]>;
/** Which videos go into an archive. */
export type ArchiveRequest = Open<Schemas["ArchiveRequest"]>;
/** One attempt to deliver a webhook. */
export type Attempt = Open<Schemas["Attempt"]>;
/** What somebody did. */
export type AuditEntry = Open<Schemas["AuditEntry"]>;
/** A page of the audit log. */
export type AuditPage = Open<Schemas["AuditPage"]>;
/** The money of an account. */
export type Balance = Open<Schemas["Balance"]>;
/** A batch (rule N-16). */
export type Batch = Open<Schemas["Batch"]>;
/** Up to 100 requests, or one and lists of what differs. */
export type BatchBody = Open<Schemas["BatchBody"]>;
/** How many tasks of a batch are how far; what is missing in the sum has expired. */
export type BatchCounts = Open<Schemas["BatchCounts"]>;
/** A page of batches. */
export type BatchPage = Open<Schemas["BatchPage"]>;
/** What a batch would cost. */
export type BatchQuote = Open<Schemas["BatchQuote"]>;
/** A task of a batch. */
export type BatchTask = Open<Schemas["BatchTask"]>;
/** A top-up that was booked. */
export type BookedTopUp = Open<Schemas["BookedTopUp"]>;
/** What a check found. */
export type Check = Open<Schemas["Check"]>;
/** All checks of the machine of the process that answers. */
export type Checks = Open<Schemas["Checks"]>;
/** What restricts the value of a parameter. */
export type Constraints = Open<Schemas["Constraints"]>;
/** One thing that a task made. */
export type Content = Open<Schemas["Content"]>;
/** What a model takes, for programs that check a request before they send it. */
export type Contract = Open<Schemas["Contract"]>;
/** The answer with the contract of a model. */
export type ContractAnswer = Open<Schemas["ContractAnswer"]>;
/** Where one step of a request goes. */
export type ContractEndpoint = Open<Schemas["ContractEndpoint"]>;
/** Where a request is sent, followed and cancelled. */
export type ContractEndpoints = Open<Schemas["ContractEndpoints"]>;
/** What something costs (rule W-6). */
export type Cost = Open<Schemas["Cost"]>;
/** The answer to a request that created a task. */
export type Created = Open<Schemas["Created"]>;
/** An API key that was just created, with its secret. */
export type CreatedKey = Open<Schemas["CreatedKey"]>;
/** A subject that was deleted. */
export type DeletedElement = Open<Schemas["DeletedElement"]>;
/** Webhooks that are not delivered yet. */
export type Deliveries = Open<Schemas["Deliveries"]>;
/** A worker that was told to leave. */
export type Draining = Open<Schemas["Draining"]>;
/** A subject of the account's library. */
export type Element = Open<Schemas["Element"]>;
/** All subjects of an account. */
export type ElementList = Open<Schemas["ElementList"]>;
/** How tasks have ended in the last 24 hours. */
export type Ended = Open<Schemas["Ended"]>;
/** How to send a request for a model. */
export type Endpoint = Open<Schemas["Endpoint"]>;
/** Whether a request of the catalogue succeeded. */
export type EnvelopeStatus = Open<Schemas["EnvelopeStatus"]>;
/** What was erased of an account. */
export type ErasedAccount = Open<Schemas["ErasedAccount"]>;
/** The confirmation that an account is to be erased. */
export type ErasureOrder = Open<Schemas["ErasureOrder"]>;
/** Why a request was refused (rule W-9); some errors have further members. */
export type Error = Open<Schemas["Error"]>;
/** A way in which tasks of a model fail. */
export type Failure = Open<Schemas["Failure"]>;
/** Tasks that failed with one code. */
export type FailureCount = Open<Schemas["FailureCount"]>;
/** A file for the server to fetch. */
export type FetchRequest = Open<Schemas["FetchRequest"]>;
/** The front of the queue, in the order in which tasks are handed out. */
export type Front = Open<Schemas["Front"]>;
/** What a request may hold: a parameter, or a field of a list's entries, and its value. */
export type Given = Open<Schemas["Given"]>;
/** The server is up. */
export type Health = Open<Schemas["Health"]>;
/** A model that a search has found. */
export type Hit = Open<Schemas["Hit"]>;
/** A condition between parameters. */
export type InputRule = Open<Schemas["InputRule"]>;
/** A joint of a person in a subject's picture. */
export type Joint = Open<Schemas["Joint"]>;
/** An API key. */
export type Key = Open<Schemas["Key"]>;
/** What to change of a key. */
export type KeyChanges = Open<Schemas["KeyChanges"]>;
/** All keys of an account. */
export type KeyList = Open<Schemas["KeyList"]>;
/** An API key, with the name of its account. */
export type KeyOfAccount = Open<Schemas["KeyOfAccount"]>;
/** A page of the keys of all accounts. */
export type KeyPage = Open<Schemas["KeyPage"]>;
/** All limits; ``null`` where there is none. */
export type Limits = Open<Schemas["Limits"]>;
/** What restricts the file or subject that a parameter refers to. */
export type MediaLimits = Open<Schemas["MediaLimits"]>;
/** What else is known of a task (rule W-8); engines add notes of their own. */
export type Metadata = Open<Schemas["Metadata"]>;
/** A model in the list. */
export type Model = Open<Schemas["Model"]>;
/** The answer with a page of models. */
export type ModelList = Open<Schemas["ModelList"]>;
/** A page of models. */
export type ModelPage = Open<Schemas["ModelPage"]>;
/** The models that a search has found. */
export type ModelSearch = Open<Schemas["ModelSearch"]>;
/** What became of the wish that a classifier looks at the pictures. */
export type Moderation = Open<Schemas["Moderation"]>;
/** A task with its new place. */
export type Moved = Open<Schemas["Moved"]>;
/** An account to create. */
export type NewAccount = Open<Schemas["NewAccount"]>;
/** A key to create. */
export type NewKey = Open<Schemas["NewKey"]>;
/** All limits; one that is omitted does not apply. */
export type NewLimits = Open<Schemas["NewLimits"]>;
/** Why a queue is paused. */
export type NewPause = Open<Schemas["NewPause"]>;
/** A task's new place among those that wait: one of the two. */
export type NewPriority = Open<Schemas["NewPriority"]>;
/** All that a task made. */
export type Output = Open<Schemas["Output"]>;
/** What the server is doing. */
export type Overview = Open<Schemas["Overview"]>;
/** The same, with the terms of the account. */
export type OwnBalance = Open<Schemas["OwnBalance"]>;
/** The key that a request was sent with. */
export type OwnKey = Open<Schemas["OwnKey"]>;
/** A parameter of a model. */
export type Parameter = Open<Schemas["Parameter"]>;
/** A queue that an operator has paused. */
export type Pause = Open<Schemas["Pause"]>;
/** Every queue that is paused. */
export type Pauses = Open<Schemas["Pauses"]>;
/** A quote, once more in the words of the API's own clients. */
export type Precharge = Open<Schemas["Precharge"]>;
/** A quote in the words of the API's own clients (rule N-3). */
export type PrechargeData = Open<Schemas["PrechargeData"]>;
/** A parameter that takes the result of another model. */
export type Prerequisite = Open<Schemas["Prerequisite"]>;
/** What all models cost. */
export type PriceList = Open<Schemas["PriceList"]>;
/** What a model costs. */
export type PriceOfModel = Open<Schemas["PriceOfModel"]>;
/** One thing that is wrong with a request. */
export type Problem = Open<Schemas["Problem"]>;
/** What a verification of the whole ledger found. */
export type Proof = Open<Schemas["Proof"]>;
/** The queue. */
export type Queue = Open<Schemas["Queue"]>;
/** The answer to a request that was queued. */
export type Queued = Open<Schemas["Queued"]>;
/** A queued request: the task, and where it is followed. */
export type QueuedTask = Open<Schemas["QueuedTask"]>;
/** What a request would cost and show. */
export type Quote = Open<Schemas["Quote"]>;
/** What one of several shots would show. */
export type QuotedShot = Open<Schemas["QuotedShot"]>;
/** What one request of a batch would cost. */
export type QuotedTask = Open<Schemas["QuotedTask"]>;
/** What one choice costs. */
export type Rate = Open<Schemas["Rate"]>;
/** Whether the server can work. */
export type Readiness = Open<Schemas["Readiness"]>;
/** A task that was removed. */
export type Removed = Open<Schemas["Removed"]>;
/** How to replace a key. */
export type Rotation = Open<Schemas["Rotation"]>;
/** A condition between parameters; what else it has depends on its kind. */
export type Rule = Open<Schemas["Rule"]>;
/** Tasks of one engine that workers work on. */
export type Running = Open<Schemas["Running"]>;
/** What a key may be used for. */
export type Scope = Open<Schemas["Scope"]>;
/** A setting. */
export type Setting = Open<Schemas["Setting"]>;
/** All settings. */
export type SettingList = Open<Schemas["SettingList"]>;
/** A link that whoever has it may open for a while. */
export type Share = Open<Schemas["Share"]>;
/** How long a link is to lead to which copy of a video. */
export type ShareRequest = Open<Schemas["ShareRequest"]>;
/** The secret that webhooks are signed with. */
export type Signing = Open<Schemas["Signing"]>;
/** All that a form or a program needs to make a request for a model. */
export type Spec = Open<Schemas["Spec"]>;
/** The answer with the spec of a model. */
export type SpecAnswer = Open<Schemas["SpecAnswer"]>;
/** What becomes of a task in progress. */
export type Stage = Open<Schemas["Stage"]>;
/** The three words of the wire; clients wait for the last two. */
export type Status = Open<Schemas["Status"]>;
/** What inputs and results take up. */
export type Storage = Open<Schemas["Storage"]>;
/** What opens an event stream for a while. */
export type StreamToken = Open<Schemas["StreamToken"]>;
/** A tag of a subject. */
export type Tag = Open<Schemas["Tag"]>;
/** A task (rule W-3). */
export type Task = Open<Schemas["Task"]>;
/** Why a task failed. */
export type TaskError = Open<Schemas["TaskError"]>;
/** A page of tasks. */
export type TaskPage = Open<Schemas["TaskPage"]>;
/** Money to add to an account. */
export type TopUp = Open<Schemas["TopUp"]>;
/** Sums over tasks; the first members say of which, as far as it was asked for. */
export type Total = Open<Schemas["Total"]>;
/** A transaction of the ledger. */
export type Transaction = Open<Schemas["Transaction"]>;
/** Kinds of transactions. */
export type TransactionKind = Open<Schemas["TransactionKind"]>;
/** A page of the ledger. */
export type TransactionPage = Open<Schemas["TransactionPage"]>;
/** A file that was sent or fetched, and what was measured of it. */
export type Upload = Open<Schemas["Upload"]>;
/** What was used in a period. */
export type Usage = Open<Schemas["Usage"]>;
/** The same money in the words of the API's own clients (rule N-8). */
export type UserBalance = Open<Schemas["UserBalance"]>;
/** The answer with the balance, in the envelope of the catalogue. */
export type UserBalanceAnswer = Open<Schemas["UserBalanceAnswer"]>;
/** Tasks that wait for one engine. */
export type Waiting = Open<Schemas["Waiting"]>;
/** A task that waits. */
export type WaitingTask = Open<Schemas["WaitingTask"]>;
/** A webhook and its state of delivery. */
export type Webhook = Open<Schemas["Webhook"]>;
/** A page of webhooks. */
export type WebhookPage = Open<Schemas["WebhookPage"]>;
/** State of a message. */
export type WebhookState = Open<Schemas["WebhookState"]>;
/** A registered worker. */
export type Worker = Open<Schemas["Worker"]>;
