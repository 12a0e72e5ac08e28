/** How long a video will probably take, from those that were made before. */

import type { Task } from "../api/types";

/** The median of the seconds that tasks were rendered in; nothing where none is known. */
export function usualSeconds(tasks: Task[]): number | undefined {
  const known = tasks
    .map((task) => Number(task.metadata.render_seconds))
    .filter((seconds) => seconds > 0)
    .sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
}
