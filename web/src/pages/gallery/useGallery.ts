import { useEffect, useMemo, useRef, useState } from "react";
import { useNews } from "../../api/news";
import { useSession } from "../../api/session";
import { type Filters, isOver, pageOf, useNewest, withNews } from "../../api/tasks";
import type { Task } from "../../api/types";
import { useAct } from "../../parts/useAct";
import { useMessage } from "../../parts/useMessage";

const PAGE = 24;

/**
 * The first page stays fresh; pages after it are read when asked for, and kept.
 *
 * @param before tasks that were shown when somebody left: as many are read again.
 */
export function useGallery(filters: Filters, before = 0) {
  const { client } = useSession();
  const message = useMessage();
  const { data, error, refresh } = useNewest(filters, PAGE);
  const [older, setOlder] = useState<{ tasks: Task[]; next: string | null } | null>(null);
  const shown = useRef(filters);

  useEffect(() => {
    if (shown.current !== filters) setOlder(null);
    shown.current = filters;
  }, [filters]);
  useNews((news) => setOlder((old) => old && { ...old, tasks: withNews(old.tasks, news) }));

  const tasks = useMemo(() => {
    if (!data) return undefined;
    const fresh = new Set(data.tasks.map((task) => task.id));
    return [...data.tasks, ...(older?.tasks ?? []).filter((task) => !fresh.has(task.id))];
  }, [data, older]);
  const next = older ? older.next : (data?.next_cursor ?? null);

  const loading = useAct(async () => {
    // What new tasks have pushed off the first page is read once more, so nothing is missed.
    const page = await client.run(pageOf(filters, 100, { cursor: next }));
    if (shown.current !== filters) return;
    setOlder((old) => ({
      tasks: [...(old?.tasks ?? data?.tasks ?? []), ...page.tasks],
      next: page.next_cursor,
    }));
  });
  const count = tasks?.length ?? 0;
  const returning = count > 0 && count < before && next !== null && !loading.trouble;
  useEffect(() => {
    if (returning && !loading.busy) void loading.run();
  }, [returning, loading.busy, loading.run]);
  // Tasks on older pages that were unfinished are read again by the panel that opens them.
  return {
    tasks,
    more: next !== null,
    loading: loading.busy,
    /** Whether pages are still to come that somebody has seen before. */
    returning,
    loadMore: () => void loading.run(),
    trouble: loading.trouble || (error ? message(error) : ""),
    refresh: () => {
      setOlder((old) => old && { ...old, tasks: old.tasks.filter(isOver) });
      refresh();
    },
  };
}
