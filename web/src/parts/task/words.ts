import { stateOf } from "../../api/tasks";
import type { Task } from "../../api/types";
import type { Translate } from "../../i18n";

const MINUTE = 60;

/** A task's progress in whole percent. */
export function percentOf(task: Task): number {
  return Math.round((task.progress ?? 0) * 100);
}

/** Where a waiting task is in the queue. */
export function queueWords(task: Task, t: Translate): string {
  const position = Number(task.metadata.queue_position) || 0;
  return position > 1
    ? t("Waiting, number {n} in the queue", { n: position })
    : t("Waiting for a worker");
}

/** From which share of the work on frames are drawn, and from which the file is finished. */
const DRAWS_FROM = 0.06;
const FINISHES_FROM = 0.99;

/** What a worker does with a task; nothing while none has it. */
export function stepWords(task: Task, t: Translate): string {
  if (stateOf(task) !== "rendering") return "";
  const progress = task.progress ?? 0;
  if (progress < DRAWS_FROM) return t("Reading the request and preparing the first shot");
  return progress < FINISHES_FROM ? t("Drawing the frames") : t("Finishing the file");
}

/** When an unfinished task will probably end; nothing where nobody knows. */
export function leftWords(task: Task, t: Translate): string {
  const at = Number(task.metadata.estimated_finish_at) || 0;
  const left = Math.round((at - Date.now()) / 1000);
  if (left < 2) return "";
  return left < 2 * MINUTE
    ? t("about {n} s left", { n: left })
    : t("about {n} min left", { n: Math.round(left / MINUTE) });
}

/** What is worth saying aloud: each state, and a quarter of the way at a time. */
export function announcement(task: Task, t: Translate): string {
  switch (stateOf(task)) {
    case "queued":
      return t("Waiting");
    case "rendering":
      return t("Rendering, {n} %", { n: Math.floor(percentOf(task) / 25) * 25 });
    case "completed":
      return t("Finished");
    case "failed":
      return task.error?.code === "task_cancelled" ? t("Cancelled") : t("Failed");
  }
}
