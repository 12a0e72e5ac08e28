/** Waiting until a task has completed. */

import type { Core } from "./core.js";
import { TaskFailed, WaitTimedOut } from "./errors.js";
import { sleep } from "./limits.js";
import type { Task } from "./models.js";
import type { CallOptions } from "./requests.js";
import { task as reading } from "./routes/tasks.js";

/** Seconds for which a server is asked to hold an answer back until something has changed. */
const LONGEST_POLL = 30;

/** Milliseconds between two looks at a task whose progress is shown. */
const POLL = 250;

export interface WaitOptions extends Pick<CallOptions, "signal" | "headers" | "maxRetries"> {
  /** Called with the task each time that it was read. */
  onChange?: ((task: Task) => void) | undefined;
  /**
   * Milliseconds between two looks; without it and `onChange`, the server is asked to answer when
   * something has changed.
   */
  interval?: number | undefined;
  /** Milliseconds after which to give up waiting; the task goes on. */
  timeout?: number | undefined;
}

/**
 * Reads a task until it has completed.
 *
 * @throws {TaskFailed} it failed, or was cancelled.
 * @throws {WaitTimedOut} it took too long.
 */
export async function wait(
  client: Core,
  id: string,
  { onChange, interval, timeout = Infinity, ...call }: WaitOptions = {},
): Promise<Task> {
  const polls = interval !== undefined || onChange !== undefined;
  const end = performance.now() + timeout;
  for (;;) {
    const seconds = Math.floor((end - performance.now()) / 1000);
    const hold = polls ? 0 : Math.max(Math.min(LONGEST_POLL, seconds), 0);
    const task = await client.run(reading(id, { ...(hold && { wait: hold }), ...call }));
    onChange?.(task);
    if (task.status === "completed") return task;
    if (task.status === "failed") throw new TaskFailed(task);
    const left = end - performance.now();
    if (left <= 0) throw new WaitTimedOut(task, timeout);
    if (!hold) await sleep(Math.min(interval ?? POLL, left), call.signal);
  }
}
