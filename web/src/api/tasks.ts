import { useCallback } from "react";
import { type Polled, usePoll } from "../parts/usePoll";
import { useSession } from "./session";
import type { Task } from "./types";

export const TASKS = "/model/v1/generation/task";
const SOON_MS = 900;
const SELDOM_MS = 8000;

export function isOver(task: Task): boolean {
  return task.status === "completed" || task.status === "failed";
}

/** One task, read until it has ended. */
export function useTask(id: string): Polled<Task> {
  const { client } = useSession();
  const read = useCallback(
    (signal: AbortSignal) => client.get<Task>(`${TASKS}/${encodeURIComponent(id)}`, signal),
    [client, id],
  );
  return usePoll(read, (task) => (task && isOver(task) ? 0 : SOON_MS));
}

export interface Filters {
  status: string;
  model: string;
}

export interface TaskPage {
  tasks: Task[];
  next_cursor: string | null;
}

export function pathOf(filters: Filters, limit: number, cursor?: string | null): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (filters.status) query.set("status", filters.status);
  if (filters.model) query.set("model", filters.model);
  if (cursor) query.set("cursor", cursor);
  return `${TASKS}?${query}`;
}

/** The newest tasks, read often while one of them is unfinished. */
export function useNewest(filters: Filters, limit: number): Polled<TaskPage> {
  const { client } = useSession();
  const { status, model } = filters;
  const read = useCallback(
    (signal: AbortSignal) => client.get<TaskPage>(pathOf({ status, model }, limit), signal),
    [client, status, model, limit],
  );
  return usePoll(read, (page) => (page?.tasks.some((t) => !isOver(t)) ? SOON_MS : SELDOM_MS));
}
