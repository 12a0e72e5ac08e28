/** The wire: names for the types that are made from the server's OpenAPI document. */

import type { components } from "./schema";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Params = { [name: string]: Json };

/** A type with JSON where the document leaves a value open. */
type Known<T> = unknown extends T
  ? Json
  : T extends object
    ? { [Name in keyof T]: Known<T[Name]> }
    : T;

type Wire<Name extends keyof components["schemas"]> = Known<components["schemas"][Name]>;

export type Account = Wire<"Account">;
export type AccountPage = Wire<"AccountPage">;
export type AuditEntry = Wire<"AuditEntry">;
export type AuditPage = Wire<"AuditPage">;
export type Balance = Wire<"OwnBalance">;
export type Checks = Wire<"Checks">;
export type Content = Wire<"Content">;
export type Created = Wire<"Created">;
export type CreatedKey = Wire<"CreatedKey">;
export type FrontOfQueue = Wire<"Front">;
export type Key = Wire<"Key">;
export type KeyList = Wire<"KeyList">;
export type KeyOfAccount = Wire<"KeyOfAccount">;
export type KeyPage = Wire<"KeyPage">;
export type Limits = Wire<"MediaLimits">;
export type LimitsOf = Wire<"Limits">;
export type Model = Wire<"Model">;
export type ModelList = Wire<"ModelList">;
export type NewKeyRequest = Wire<"NewKey">;
export type Overview = Wire<"Overview">;
export type OwnKey = Wire<"OwnKey">;
export type PauseOf = Wire<"Pause">;
export type Parameter = Wire<"Parameter">;
export type Problem = Wire<"Problem">;
export type PriceList = Wire<"PriceList">;
export type Proof = Wire<"Proof">;
export type Quote = Wire<"Quote">;
export type Rule = Wire<"Rule">;
export type Scope = Wire<"Scope">;
export type SettingList = Wire<"SettingList">;
export type Share = Wire<"Share">;
export type Signing = Wire<"Signing">;
export type Spec = Wire<"Spec">;
export type SpecAnswer = Wire<"SpecAnswer">;
export type Storage = Wire<"Storage">;
export type Subject = Wire<"Element">;
export type SubjectList = Wire<"ElementList">;
export type Task = Wire<"Task">;
export type TaskPage = Wire<"TaskPage">;
export type Total = Wire<"Total">;
export type TransactionOf = Wire<"Transaction">;
export type TransactionPage = Wire<"TransactionPage">;
export type Upload = Wire<"Upload">;
export type Usage = Wire<"Usage">;
export type WaitingTask = Wire<"WaitingTask">;
export type Webhook = Wire<"Webhook">;
export type WebhookPage = Wire<"WebhookPage">;
export type ZipLink = Wire<"ArchiveLink">;
export type WorkerOf = Wire<"Worker">;

/** A request for any model; what its parameters are, the model's spec says. */
export interface GenerationRequest {
  model: string;
  input: { params: Params }[];
}
