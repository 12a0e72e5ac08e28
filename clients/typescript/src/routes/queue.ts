/**
 * Tasks by their model and id; `create` and `task` are the plainer way.
 *
 * Written by scripts/write_wire_types.py. Do not change this file: change the routes of the server
 * and of the Python client, and run `make types`.
 */
import type { Queued, QueuedTask } from "../models.js";
import { type CallOptions, describe, json, type Request } from "../requests.js";
import type { Params } from "../wire.js";

/** Create a task from the bare parameters. */
export function queueRequest(
  model: string,
  params: Params,
  options: {
    /** Makes a repetition count once; made if not given. */
    idempotencyKey?: string | undefined;
  } & CallOptions = {},
): Request<Queued> {
  return describe("POST", "/model/v1/queue/{model}", [model], json<Queued>, options, {
    body: params,
    key: options.idempotencyKey ?? "",
  });
}

/** A task with its links. */
export function queuedStatus(
  model: string,
  requestId: string,
  options: CallOptions = {},
): Request<QueuedTask> {
  return describe("GET", "/model/v1/queue/{model}/requests/{request_id}/status", [model, requestId], json<QueuedTask>, options);
}

/** A task with its links and, once completed, its output. */
export function queuedResponse(
  model: string,
  requestId: string,
  options: CallOptions = {},
): Request<QueuedTask> {
  return describe("GET", "/model/v1/queue/{model}/requests/{request_id}/response", [model, requestId], json<QueuedTask>, options);
}

/** Cancel a task. */
export function cancelQueued(
  model: string,
  requestId: string,
  options: CallOptions = {},
): Request<QueuedTask> {
  return describe("PUT", "/model/v1/queue/{model}/requests/{request_id}/cancel", [model, requestId], json<QueuedTask>, options);
}
