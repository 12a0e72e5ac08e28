/** Where the event streams are. */

export const EVENTS = "/model/v1/events";

/** The event stream of a task. */
export function streamPath(taskId: string): string {
  return `/model/v1/generation/task/${encodeURIComponent(taskId)}/stream`;
}
