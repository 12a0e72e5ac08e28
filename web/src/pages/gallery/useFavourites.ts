import * as routes from "@kirin/client/routes";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ApiError } from "../../api/client";
import { useNews } from "../../api/news";
import { useSession } from "../../api/session";
import { each, type Filters, stateOf, withNews } from "../../api/tasks";
import type { Task } from "../../api/types";
import { useMessage } from "../../parts/useMessage";
import { type Favourite, fits, readFavourites, shelfOf, withFavourites } from "./favourites";

/** Read at a time. */
const PAGE = 48;

export interface Favourites {
  list: Favourite[];
  has: (id: string) => boolean;
  add: (tasks: Task[]) => void;
  drop: (ids: string[]) => void;
  toggle: (task: Task) => void;
}

/** The favourites of this key in this browser; all tabs have the same. */
export function useFavourites(): Favourites {
  const { client } = useSession();
  const shelf = shelfOf(client.key);
  const [list, setList] = useState(() => readFavourites(localStorage.getItem(shelf)));

  useEffect(() => {
    setList(readFavourites(localStorage.getItem(shelf)));
    const follow = (event: StorageEvent) => {
      if (event.key === shelf) setList(readFavourites(event.newValue));
    };
    addEventListener("storage", follow);
    return () => removeEventListener("storage", follow);
  }, [shelf]);

  const change = useCallback(
    (how: (old: Favourite[]) => Favourite[]) => {
      // What is kept now: another tab may have changed it.
      const next = how(readFavourites(localStorage.getItem(shelf)));
      localStorage.setItem(shelf, JSON.stringify(next));
      setList(next);
    },
    [shelf],
  );
  return useMemo(() => {
    const ids = new Set(list.map((one) => one.id));
    const add = (tasks: Task[]) =>
      change((old) =>
        withFavourites(
          old,
          tasks.map(({ id, metadata }) => ({ id, prompt: metadata.prompt ?? "" })),
        ),
      );
    const drop = (gone: string[]) => change((old) => old.filter(({ id }) => !gone.includes(id)));
    return {
      list,
      has: (id) => ids.has(id),
      add,
      drop,
      toggle: (task) => (ids.has(task.id) ? drop([task.id]) : add([task])),
    };
  }, [list, change]);
}

/** The favourites as tasks, as far as somebody has asked for; those that are gone are forgotten. */
export function useFavouriteTasks(on: boolean, { list, drop }: Favourites, filters: Filters) {
  const { client } = useSession();
  const message = useMessage();
  const [read, setRead] = useState<Map<string, Task>>(new Map());
  const [count, setCount] = useState(PAGE);
  const [trouble, setTrouble] = useState("");
  const [turn, setTurn] = useState(0);
  const { state, model, q = "" } = filters;

  const fitting = useMemo(() => list.filter((one) => fits(one, q)), [list, q]);
  const shown = useMemo(() => fitting.slice(0, count), [fitting, count]);

  const latest = useRef({ shown, drop, message });
  latest.current = { shown, drop, message };
  const wanted = shown.map(({ id }) => id).join("\n");
  useEffect(() => {
    if (!on || !wanted) return;
    let stopped = false;
    const gone: string[] = [];
    const look = async (id: string) => {
      if (stopped) return;
      try {
        const task = await client.run(routes.task(id));
        const prompt = latest.current.shown.find((one) => one.id === id)?.prompt;
        const named = prompt ? { ...task, metadata: { ...task.metadata, prompt } } : task;
        setRead((old) => new Map(old).set(id, named));
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 404)) throw error;
        gone.push(id);
      }
    };
    setTrouble("");
    each(wanted.split("\n").reverse(), look)
      .catch((error) => stopped || setTrouble(latest.current.message(error)))
      .finally(() => !stopped && gone.length && latest.current.drop(gone));
    return () => {
      stopped = true;
    };
  }, [on, client, wanted, turn]);

  useNews((news) =>
    setRead((old) => {
      const now = withNews([...old.values()], news);
      return new Map(now.map((task) => [task.id, task]));
    }),
  );
  const tasks = useMemo(() => {
    const found = shown.flatMap(({ id }) => read.get(id) ?? []);
    if (!found.length && shown.length && !trouble) return undefined;
    return found.filter(
      (task) => (!state || stateOf(task) === state) && (!model || task.model === model),
    );
  }, [shown, read, state, model, trouble]);
  return {
    tasks,
    more: fitting.length > count,
    loading: false,
    loadMore: () => setCount(count + PAGE),
    trouble,
    refresh: () => setTurn((n) => n + 1),
  };
}
