import { useEffect, useRef } from "react";
import { isOver } from "../../api/tasks";
import type { Task } from "../../api/types";

/** Puts the end of a task into the title of a tab that nobody looks at, until somebody does. */
export function useTitle(task: Task, words: string): void {
  const over = isOver(task);
  const before = useRef(over);
  useEffect(() => {
    const ended = over && !before.current;
    before.current = over;
    if (!ended || !document.hidden) return;
    const title = document.title;
    document.title = `${words} · ${title}`;
    const look = () => {
      if (!document.hidden) document.title = title;
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [over, words]);
}
