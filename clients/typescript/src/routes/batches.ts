/**
 * Batches. Their tasks are tasks like any other; `iterTasks({ batch: ... })` lists them.
 *
 * Written by scripts/write_wire_types.py. Do not change this file: change the routes of the server
 * and of the Python client, and run `make types`.
 */
import type { Batch, BatchPage, BatchQuote } from "../models.js";
import { type CallOptions, describe, json, type Request } from "../requests.js";

/**
 * Create up to 100 tasks, all or none.
 *
 * @throws {BadRequest} a request is refused; `problems` names each fault by its place.
 */
export function createBatch(
  options: {
    /** Each as the server takes it for one task: a model and its `input`; or else */
    requests?: (Record<string, unknown>)[] | null | undefined;
    /** One of these, and */
    request?: Record<string, unknown> | null | undefined;
    /** Lists of values of its parameters, or of `seed`: one task for each combination. */
    vary?: Record<string, unknown[]> | null | undefined;
    /** Receives the batch once, when the last task has ended. */
    callbackUrl?: string | null | undefined;
    /** Notes of your own, at most 4 KB. */
    metadata?: Record<string, unknown> | null | undefined;
    /** Makes a repetition give the same batch; made if not given. */
    idempotencyKey?: string | undefined;
  } & CallOptions = {},
): Request<Batch> {
  return describe("POST", "/model/v1/generation/batch", [], json<Batch>, options, {
    body: {
      requests: options.requests,
      request: options.request,
      vary: options.vary,
      callback_url: options.callbackUrl,
      metadata: options.metadata,
    },
    key: options.idempotencyKey ?? "",
  });
}

/** What `createBatch` would cost with the same arguments. */
export function quoteBatch(
  options: {
    /** 1 to 100 requests, each as one task takes it; this or `request`. */
    requests?: (Record<string, unknown>)[] | null | undefined;
    /** One request, as one task takes it; `vary` says what differs. */
    request?: Record<string, unknown> | null | undefined;
    /** Lists of values of parameters, or of `seed`, beside `request`: one task for each combination, at most 100. The last list changes fastest. */
    vary?: Record<string, unknown[]> | null | undefined;
    /** Receives the batch once, when the last of its tasks has ended. */
    callbackUrl?: string | null | undefined;
    /** Notes of your own, at most 4 KB, given back with the batch. */
    metadata?: Record<string, unknown> | null | undefined;
  } & CallOptions = {},
): Request<BatchQuote> {
  return describe("POST", "/model/v1/generation/batch/quote", [], json<BatchQuote>, options, {
    body: {
      requests: options.requests,
      request: options.request,
      vary: options.vary,
      callback_url: options.callbackUrl,
      metadata: options.metadata,
    },
    repeatable: true,
  });
}

/** A batch with how far each of its tasks is. */
export function batch(
  batchId: string,
  options: CallOptions = {},
): Request<Batch> {
  return describe("GET", "/model/v1/generation/batch/{batch_id}", [batchId], json<Batch>, options);
}

/** A page of the account's batches, the newest first; `iterBatches` goes through all. */
export function batches(
  options: {
    /** Of each page, at most 100. */
    limit?: number | undefined;
    /** Next_cursor of the page before */
    cursor?: string | undefined;
  } & CallOptions = {},
): Request<BatchPage> {
  return describe("GET", "/model/v1/generation/batch", [], json<BatchPage>, options, {
    query: { limit: options.limit, cursor: options.cursor },
  });
}

/** Cancel all tasks of a batch that have not ended. */
export function cancelBatch(
  batchId: string,
  options: CallOptions = {},
): Request<Batch> {
  return describe("POST", "/model/v1/generation/batch/{batch_id}/cancel", [batchId], json<Batch>, options);
}
