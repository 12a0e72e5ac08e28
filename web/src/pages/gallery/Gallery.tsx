import { Button, Loader, Modal, NativeSelect, Title } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import { useLocation } from "wouter";
import { useNews } from "../../api/news";
import { useSession } from "../../api/session";
import { useSpecs } from "../../api/specs";
import { type Filters, isOver, pathOf, type TaskPage, useNewest, withNews } from "../../api/tasks";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { Icon } from "../../parts/Icon";
import { useAct } from "../../parts/useAct";
import { useMessage } from "../../parts/useMessage";
import { Endings } from "./Endings";
import { TaskPanel } from "./TaskPanel";
import { Tile } from "./Tile";

const PAGE = 24;

/** All tasks of the account, the newest first. */
export default function Gallery({ id }: { id: string | undefined }) {
  const { t } = useWords();
  const [, go] = useLocation();
  const [filters, setFilters] = useState<Filters>({ status: "", model: "" });
  const { tasks, more, loading, loadMore, trouble, refresh } = useGallery(filters);
  const { specs } = useSpecs();

  return (
    <div className="page">
      <header className="page-head">
        <Title order={1}>{t("Gallery")}</Title>
        <div className="filters">
          <NativeSelect
            aria-label={t("Status")}
            value={filters.status}
            onChange={(event) => setFilters({ ...filters, status: event.currentTarget.value })}
            data={[
              { value: "", label: t("Every status") },
              { value: "pending", label: t("Waiting") },
              { value: "processing", label: t("Rendering") },
              { value: "completed", label: t("Finished") },
              { value: "failed", label: t("Failed") },
            ]}
          />
          <NativeSelect
            aria-label={t("Model")}
            value={filters.model}
            onChange={(event) => setFilters({ ...filters, model: event.currentTarget.value })}
            data={[
              { value: "", label: t("Every model") },
              ...specs.map((spec) => ({ value: spec.model_id, label: spec.name })),
            ]}
          />
        </div>
      </header>
      {trouble && <p className="field-error">{trouble}</p>}
      {tasks && !tasks.length && <Empty filtered={!!(filters.status || filters.model)} />}
      {tasks && !id && <Endings tasks={tasks} />}
      <ul className="tiles">
        {tasks?.map((task) => (
          <Tile key={task.id} task={task} />
        ))}
      </ul>
      {!tasks && (
        <div className="waiting">
          <Loader size="sm" aria-label={t("Loading")} />
        </div>
      )}
      {more && (
        <div className="centre">
          <Button variant="default" loading={loading} onClick={loadMore}>
            {t("Show more")}
          </Button>
        </div>
      )}
      <Modal
        opened={!!id}
        onClose={() => go("/gallery")}
        size="min(1100px, 96vw)"
        title={t("Task")}
        closeButtonProps={{ "aria-label": t("Close") }}
        centered
      >
        {id && <TaskPanel key={id} id={id} onChange={refresh} />}
      </Modal>
    </div>
  );
}

function Empty({ filtered }: { filtered: boolean }) {
  const { t } = useWords();
  const [, go] = useLocation();
  return (
    <div className="stage-empty">
      <Icon name="gallery" size={34} />
      <p>{filtered ? t("No task is like that.") : t("Nothing has been made yet.")}</p>
      {!filtered && <Button onClick={() => go("/play")}>{t("Make the first video")}</Button>}
    </div>
  );
}

/** The first page stays fresh; pages after it are read when asked for, and kept. */
function useGallery(filters: Filters) {
  const { client } = useSession();
  const message = useMessage();
  const { data, error, refresh } = useNewest(filters, PAGE);
  const [older, setOlder] = useState<{ tasks: Task[]; next: string | null } | null>(null);

  useEffect(() => setOlder(null), [filters]);
  useNews(({ task }) => {
    if (task) setOlder((old) => old && { ...old, tasks: withNews(old.tasks, task) });
  });

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
