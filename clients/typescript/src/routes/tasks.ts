/**
 * Tasks. Wherever one is named, its `externalTaskId` does, too.
 *
 * Written by scripts/write_wire_types.py. Do not change this file: change the routes of the server
 * and of the Python client, and run `make types`.
 */
import type { ArchiveLink, Created, Removed, Share, StreamToken, Task, TaskPage } from "../models.js";
import { type CallOptions, describe, content, contentIfAny, json, type Request } from "../requests.js";
import type { GenerationRequest, Params } from "../wire.js";

/**
 * Create a task.
 *
 * @param model id of the model.
 * @param params what the model takes; `upload` and `picture` make values of files.
 * @throws {ApiError} the server refused it.
 */
export function create(
  model: string,
  params: Params,
  options: {
    /** Whether to refuse pictures that the server's classifier objects to. */
    moderation?: boolean | undefined;
    /** Notes of your own, at most 4 KB; the task has them as `metadata.request`. */
    metadata?: Record<string, unknown> | undefined;
    /** Further parameters; those that the model lacks are named in `metadata.ignored` instead of refused. */
    parameters?: Record<string, unknown> | undefined;
    /** From 0 to 2147483647. The same request with the same seed gives the same video, and the one that is there already where the server keeps it. */
    seed?: number | undefined;
    /** `false` has it made anew all the same. */
    cache?: boolean | undefined;
    /** Makes a repetition give the same task; made if not given, so that the retries of this call create one task. */
    idempotencyKey?: string | undefined;
  } & CallOptions = {},
): Request<Created> {
  return describe("POST", "/model/v1/generation", [], json<Created>, options, {
    body: {
      model,
      input: [{ params }],
      moderation: options.moderation,
      metadata: options.metadata,
      parameters: options.parameters,
      seed: options.seed,
      cache: options.cache,
    },
    key: options.idempotencyKey ?? "",
  });
}

/**
 * Create a task by a request that is answered when it has ended, failed or not.
 *
 * The server gives up after some minutes with `SYNC_TIMEOUT`; `createAndWait` does not.
 */
export function createSync(
  model: string,
  params: Params,
  options: {
    /** Whether to refuse pictures that a classifier objects to; what became of it is in `metadata.moderation` of the task. */
    moderation?: boolean | undefined;
    /** Notes of your own, at most 4 KB; `metadata.request` of the task. */
    metadata?: Record<string, unknown> | undefined;
    /** More parameters of the model; what it does not have is named in `metadata.ignored`. */
    parameters?: Record<string, unknown> | undefined;
    /** What chance follows from; drawn if not given, and told in `metadata.seed`. */
    seed?: number | undefined;
    /** False has the video made anew, though the same request with the same seed was answered before. */
    cache?: boolean | undefined;
    /** Makes a repetition count once; made if not given. */
    idempotencyKey?: string | undefined;
  } & CallOptions = {},
): Request<Task> {
  return describe("POST", "/model/v1/generation/sync", [], json<Task>, options, {
    body: {
      model,
      input: [{ params }],
      moderation: options.moderation,
      metadata: options.metadata,
      parameters: options.parameters,
      seed: options.seed,
      cache: options.cache,
    },
    key: options.idempotencyKey ?? "",
    patience: 300000,
  });
}

/** A task as it is. */
export function task(
  taskId: string,
  options: {
    /** Seconds, at most 60, until the answer while status and stage stay as they are. */
    wait?: number | undefined;
  } & CallOptions = {},
): Request<Task> {
  return describe("GET", "/model/v1/generation/task/{task_id}", [taskId], json<Task>, options, {
    query: { wait: options.wait },
    patience: (options.wait ?? 0) * 1000,
  });
}

/** A page of the account's tasks, the newest first; `iterTasks` goes through all. */
export function tasks(
  options: {
    /** Of each page, at most 100. */
    limit?: number | undefined;
    /** Next_cursor of the page before */
    cursor?: string | undefined;
    status?: "in_progress" | "completed" | "failed" | undefined;
    /** Of tasks in progress: whether they still wait */
    stage?: "queued" | "rendering" | undefined;
    /** Id of the model */
    model?: string | undefined;
    externalTaskId?: string | undefined;
    /** Unix milliseconds. */
    createdAfter?: number | undefined;
    /** Unix milliseconds. */
    createdBefore?: number | undefined;
    /** Words that all occur in the prompt, the id or the external id. */
    q?: string | undefined;
    /** Id of a batch. */
    batch?: string | undefined;
  } & CallOptions = {},
): Request<TaskPage> {
  return describe("GET", "/model/v1/generation/task", [], json<TaskPage>, options, {
    query: {
      limit: options.limit,
      cursor: options.cursor,
      status: options.status,
      stage: options.stage,
      model: options.model,
      external_task_id: options.externalTaskId,
      created_after: options.createdAfter,
      created_before: options.createdBefore,
      q: options.q,
      batch: options.batch,
    },
  });
}

/** Cancel a task that has not ended. */
export function cancel(
  taskId: string,
  options: CallOptions = {},
): Request<Task> {
  return describe("POST", "/model/v1/generation/task/{task_id}/cancel", [taskId], json<Task>, options);
}

/** Remove a task that has ended, its files and its request. */
export function remove(
  taskId: string,
  options: CallOptions = {},
): Request<Removed> {
  return describe("POST", "/model/v1/generation/task/{task_id}/remove", [taskId], json<Removed>, options);
}

/** Cancel a task that has not ended: `cancel` by another method. */
function delete_(
  taskId: string,
  options: CallOptions = {},
): Request<Task> {
  return describe("DELETE", "/model/v1/generation/task/{task_id}", [taskId], json<Task>, options);
}

/** The request of a task, as a body that asks for the same again. */
export function request(
  taskId: string,
  options: CallOptions = {},
): Request<GenerationRequest> {
  return describe("GET", "/model/v1/generation/task/{task_id}/request", [taskId], json<GenerationRequest>, options);
}

/** The picture in the middle of a task's video, WebP. */
export function poster(
  taskId: string,
  options: CallOptions = {},
): Request<Uint8Array<ArrayBuffer>> {
  return describe("GET", "/model/v1/generation/task/{task_id}/poster", [taskId], content, options);
}

/** Eight pictures of a task's video in a grid, JPEG. */
export function contactSheet(
  taskId: string,
  options: CallOptions = {},
): Request<Uint8Array<ArrayBuffer>> {
  return describe("GET", "/model/v1/generation/task/{task_id}/contact-sheet", [taskId], content, options);
}

/** The newest frame of a task that is being rendered, JPEG; `null` if there is none. */
export function preview(
  taskId: string,
  options: CallOptions = {},
): Request<Uint8Array<ArrayBuffer> | null> {
  return describe("GET", "/model/v1/generation/task/{task_id}/preview", [taskId], contentIfAny, options);
}

/**
 * The videos of up to 100 completed tasks in one zip; `zipLink` spares the memory.
 *
 * @throws {BadRequest} one of them has no video; `problems` names each.
 */
export function zip(
  options: {
    /** Which tasks; or else */
    taskIds?: string[] | null | undefined;
    /** All of a batch that has ended. */
    batchId?: string | null | undefined;
  } & CallOptions = {},
): Request<Uint8Array<ArrayBuffer>> {
  return describe("POST", "/model/v1/generation/zip", [], content, options, {
    body: { task_ids: options.taskIds, batch_id: options.batchId },
    repeatable: true,
  });
}

/** A link to such a zip, for `download`. */
export function zipLink(
  options: {
    /** Ids or external ids of completed tasks of the account */
    taskIds?: string[] | null | undefined;
    /** Instead: id of a batch that has ended; of its tasks those with a video */
    batchId?: string | null | undefined;
  } & CallOptions = {},
): Request<ArchiveLink> {
  return describe("POST", "/model/v1/generation/zip/token", [], json<ArchiveLink>, options, {
    body: { task_ids: options.taskIds, batch_id: options.batchId },
    repeatable: true,
  });
}

/** A link to a task's video that needs no key. */
export function share(
  taskId: string,
  options: {
    /** From 60 to 604800; a day if not given. */
    expiresInSeconds?: number | undefined;
    /** Whether to link the marked copy. */
    watermark?: boolean | undefined;
  } & CallOptions = {},
): Request<Share> {
  return describe("POST", "/model/v1/generation/task/{task_id}/share", [taskId], json<Share>, options, {
    body: {
      expires_in_seconds: options.expiresInSeconds,
      watermark: options.watermark,
    },
    repeatable: true,
  });
}

/** What opens the event stream of one task for ten minutes, without a header. */
export function streamToken(
  taskId: string,
  options: CallOptions = {},
): Request<StreamToken> {
  return describe("POST", "/model/v1/generation/task/{task_id}/stream/token", [taskId], json<StreamToken>, options, {
    repeatable: true,
  });
}

/** What opens the event stream of the account for ten minutes, without a header. */
export function eventsToken(
  options: CallOptions = {},
): Request<StreamToken> {
  return describe("POST", "/model/v1/events/token", [], json<StreamToken>, options, {
    repeatable: true,
  });
}

export { delete_ as delete };
