import { useState } from "react";
import { isOver } from "../../api/tasks";
import type { Task } from "../../api/types";

export interface Selection {
  /** Whether tiles can be chosen now. */
  on: boolean;
  chosen: string[];
  /** Ids of the tasks that can be chosen: those that have ended. */
  possible: string[];
  start: () => void;
  stop: () => void;
  toggle: (id: string) => void;
  put: (ids: string[]) => void;
}

/** Which of the tasks that are shown somebody has chosen, to remove them together. */
export function useSelection(tasks: Task[]): Selection {
  const [on, setOn] = useState(false);
  const [ids, put] = useState<string[]>([]);
  const possible = tasks.filter(isOver).map((task) => task.id);
  const chosen = ids.filter((id) => possible.includes(id));
  return {
    on,
    chosen,
    possible,
    start: () => setOn(true),
    stop: () => {
      setOn(false);
      put([]);
    },
    toggle: (id) => put(chosen.includes(id) ? chosen.filter((i) => i !== id) : [...chosen, id]),
    put,
  };
}
