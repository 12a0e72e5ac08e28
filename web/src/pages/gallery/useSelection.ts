import { useCallback, useMemo, useRef, useState } from "react";
import type { Task } from "../../api/types";

export interface Selection {
  /** Whether tiles can be chosen now. */
  on: boolean;
  /** In the order of the tiles. */
  chosen: Task[];
  ids: ReadonlySet<string>;
  start: () => void;
  stop: () => void;
  /** Chooses a task or not; with `range`, all from the one before to it likewise. */
  choose: (id: string, range: boolean) => void;
  put: (ids: string[]) => void;
}

/** Which of the tasks that are shown somebody has chosen, to do something with all of them. */
export function useSelection(tasks: Task[]): Selection {
  const [on, setOn] = useState(false);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string>(undefined);
  const order = useRef<string[]>([]);
  order.current = tasks.map((task) => task.id);

  const choose = useCallback((id: string, range: boolean) => {
    setOn(true);
    const before = last.current;
    last.current = id;
    setIds((old) => withRange(old, order.current, range ? before : undefined, id));
  }, []);
  const chosen = useMemo(() => tasks.filter((task) => ids.has(task.id)), [tasks, ids]);
  return {
    on,
    chosen,
    ids,
    choose,
    start: () => setOn(true),
    stop: () => {
      setOn(false);
      setIds(new Set());
      last.current = undefined;
    },
    put: (all) => setIds(new Set(all)),
  };
}

/**
 * What is chosen after a click on a task.
 *
 * @param order of the tiles.
 * @param from the task that was clicked before, where all up to it go along.
 */
export function withRange(
  old: ReadonlySet<string>,
  order: string[],
  from: string | undefined,
  id: string,
): Set<string> {
  const next = new Set(old);
  const ends = [order.indexOf(from ?? id), order.indexOf(id)];
  const wanted = ends.includes(-1) ? [id] : order.slice(Math.min(...ends), Math.max(...ends) + 1);
  const put = !old.has(id);
  for (const each of wanted) {
    if (put) next.add(each);
    else next.delete(each);
  }
  return next;
}
