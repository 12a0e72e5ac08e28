import * as routes from "@kirin/client/routes";
import { useCallback } from "react";
import { type Polled, usePoll } from "../parts/usePoll";
import { ApiError, type Client } from "./client";
import type { News } from "./Live";
import { useLive, useNews } from "./news";
import { useSession } from "./session";
import type { Created, GenerationRequest, Params, Share, Task, TaskPage } from "./types";

/** Events report changes of state only; progress and the place in the queue have to be polled. */
const SOON_MS = 900;
const SELDOM_MS = 8000;
const RARELY_MS = 60_000;

export function isOver(task: Task): boolean {
  return task.status === "completed" || task.status === "failed";
}

/** What a task does: waits, is rendered, or has ended. */
export type State = "queued" | "rendering" | "completed" | "failed";

/** The state of a task: its stage while it is in progress, then its status. */
export function stateOf(task: Task): State {
  if (task.status !== "in_progress") return task.status;
  return task.metadata.stage === "queued" ? "queued" : "rendering";
}

/** The newer of two readings of a task, whichever way each of them came. */
export function newer(old: Task, found: Task): Task {
  if ((isOver(old) && !isOver(found)) || found.updated_at < old.updated_at) return old;
  // Listings alone tell the prompt.
  const { prompt } = old.metadata;
  if (!prompt || found.metadata.prompt) return found;
  return { ...found, metadata: { ...found.metadata, prompt } };
}

/** One task, read until it has ended. */
export function useTask(id: string): Polled<Task> {
  const { client } = useSession();
  const read = useCallback(
    (signal: AbortSignal) => client.run(routes.task(id, { signal })),
    [client, id],
  );
  const polled = usePoll(read, (task) => (task && isOver(task) ? 0 : SOON_MS), newer);
  useNews(({ task }) => {
    if (task?.id === id) polled.put((old) => newer(old, task));
    if (!task || task.id === id) polled.refreshSoon();
  });
  return polled;
}

/** The request of a task: sent again, it makes the same again. */
export interface Asked {
  model: string;
  params: Params;
}

/** Requests of tasks that were made here: the stage has their shape at once. */
const made = new Map<string, Asked>();

/** Characters of a request that is kept: one with files in it is read anew. */
const KEPT = 20_000;

/** The request of a task as the server has it; read once, because it does not change. */
export function useAsked(id: string): Polled<Asked> {
  const { client } = useSession();
  const read = useCallback(
    async (signal: AbortSignal) => {
      const { model, input } = await client.run(routes.request(id, { signal }));
      return { model, params: input[0]?.params ?? {} };
    },
    [client, id],
  );
  const polled = usePoll(read, () => 0);
  return { ...polled, data: polled.data ?? made.get(id) };
}

/** Makes a link to a task's video that works without a key for some seconds. */
export function shareTask(client: Client, id: string, seconds: number): Promise<Share> {
  return client.run(routes.share(id, { expiresInSeconds: seconds }));
}

/** The whole request of a task, to send it once more. */
export function requestOf(client: Client, id: string): Promise<GenerationRequest> {
  return client.run(routes.request(id));
}

interface Sending {
  /** The share that has gone, from 0 to 1. */
  progress: (share: number) => void;
  signal: AbortSignal;
}

/**
 * Creates a task, once for each key, however often the same is sent.
 *
 * @param body as text: what is sent again is the same to the last character.
 * @param path of the model's own address, where it has one.
 */
export async function createTask(
  client: Client,
  body: string,
  key: string,
  { progress, signal }: Sending,
  path?: string,
): Promise<Created> {
  const asked = routes.create("", {}, { idempotencyKey: key, signal });
  const created = await client.send({ ...asked, path: path ?? asked.path, body }, progress);
  if (body.length < KEPT) {
    const { model, input } = JSON.parse(body) as GenerationRequest;
    made.set(created.id, { model, params: input[0]?.params ?? {} });
  }
  return created;
}

/** Requests at a time: a browser has six connections. */
const AT_ONCE = 3;

/** Does something to each of some tasks, a few at a time; stops at the first that fails. */
export async function each(ids: string[], act: (id: string) => Promise<unknown>): Promise<void> {
  const left = [...ids];
  const some = async () => {
    for (let id = left.pop(); id; id = left.pop()) await act(id);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
}

/** Removes tasks that have ended, with their files and requests. */
export function useRemoveTasks(): (ids: string[]) => Promise<void> {
  const { client } = useSession();
  const live = useLive();
  return async (ids) => {
    const gone: string[] = [];
    try {
      await each(ids, async (id) => {
        await client.run(routes.remove(id));
        gone.push(id);
      });
    } finally {
      live.changed({ gone });
    }
  };
}

/** Cancels tasks; those that have ended a moment ago stay as they are. */
export function useCancelTasks(): (ids: string[]) => Promise<void> {
  const { client } = useSession();
  const live = useLive();
  return (ids) =>
    each(ids, async (id) => {
      try {
        live.changed({ task: await client.run(routes.cancel(id)) });
      } catch (error) {
        if (!(error instanceof ApiError && error.code === "task_finished")) throw error;
      }
    });
}

export interface Filters {
  /** A {@link State}; empty for all. */
  state: string;
  model: string;
  /** Words that all occur in a task's prompt, id or external id. */
  q?: string;
}

/** The request for a page of the tasks that fit. */
export function pageOf(
  filters: Filters,
  limit: number,
  more: { cursor?: string | null; signal?: AbortSignal } = {},
) {
  const { state, model, q } = filters;
  const staged = state === "queued" || state === "rendering";
  return routes.tasks({
    limit,
    // The address of the page may say anything; the server refuses what is no state.
    ...(state && { [staged ? "stage" : "status"]: state }),
    model: model || undefined,
    q: q || undefined,
    cursor: more.cursor || undefined,
    signal: more.signal,
  });
}

/** The same tasks as they are now. */
export function withNews(tasks: Task[], { task, gone = [] }: News): Task[] {
  return tasks
    .filter((old) => !gone.includes(old.id))
    .map((old) => (old.id === task?.id ? newer(old, task) : old));
}

/** The newest tasks: changes of status show at once, progress within a second. */
export function useNewest(filters: Filters, limit: number): Polled<TaskPage> {
  const { client } = useSession();
  const live = useLive();
  const { state, model, q = "" } = filters;
  const read = useCallback(
    (signal: AbortSignal) => client.run(pageOf({ state, model, q }, limit, { signal })),
    [client, state, model, q, limit],
  );
  const pause = (page: TaskPage | undefined) => {
    if (page?.tasks.some((task) => !isOver(task))) return SOON_MS;
    return live.alive ? RARELY_MS : SELDOM_MS;
  };
  const polled = usePoll(read, pause, (old, found) => ({
    ...found,
    tasks: found.tasks.map((task) => {
      const before = old.tasks.find((each) => each.id === task.id);
      return before ? newer(before, task) : task;
    }),
  }));
  useNews((news) => {
    polled.put((page) => ({ ...page, tasks: withNews(page.tasks, news) }));
    // New tasks, and those that no longer fit the filters.
    polled.refreshSoon();
  });
  return polled;
}
