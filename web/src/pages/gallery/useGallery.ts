import { useEffect, useMemo, useState } from "react";
import { useNews } from "../../api/news";
import { useSession } from "../../api/session";
import { type Filters, isOver, pathOf, useNewest, withNews } from "../../api/tasks";
import type { Task, TaskPage } from "../../api/types";
import { useAct } from "../../parts/useAct";
import { useMessage } from "../../parts/useMessage";

const PAGE = 24;

/** The first page stays fresh; pages after it are read when asked for, and kept. */
export function useGallery(filters: Filters) {
  const { client } = useSession();
  const message = useMessage();
  const { data, error, refresh } = useNewest(filters, PAGE);
  const [older, setOlder] = useState<{ tasks: Task[]; next: string | null } | null>(null);

  useEffect(() => setOlder(null), [filters]);
  useNews((news) => setOlder((old) => old && { ...old, tasks: withNews(old.tasks, news) }));

  const tasks = useMemo(() => {
    if (!data) return undefined;
    const fresh = new Set(data.tasks.map((task) => task.id));
    return [...data.tasks, ...(older?.tasks ?? []).filter((task) => !fresh.has(task.id))];
  }, [data, older]);
  const next = older ? older.next : (data?.next_cursor ?? null);

  const loading = useAct(async () => {
    // What new tasks have pushed off the first page is read once more, so nothing is missed.
    const page = await client.get<TaskPage>(pathOf(filters, 100, next));
    setOlder((old) => ({
      tasks: [...(old?.tasks ?? data?.tasks ?? []), ...page.tasks],
      next: page.next_cursor,
    }));
  });
  // Tasks on older pages that were unfinished are read again by the panel that opens them.
  return {
    tasks,
    more: next !== null,
    loading: loading.busy,
    loadMore: () => void loading.run(),
    trouble: loading.trouble || (error ? message(error) : ""),
    refresh: () => {
      setOlder((old) => old && { ...old, tasks: old.tasks.filter(isOver) });
      refresh();
    },
  };
}
