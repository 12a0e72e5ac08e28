import { Progress } from "@mantine/core";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";

/** How far an unfinished task is. */
export function Running({ task }: { task: Task }) {
  const { t } = useWords();
  const percent = Math.round((task.progress ?? 0) * 100);
  const position = Number(task.metadata.queue_position) || 0;
  const waits = task.status === "pending";
  const words = waits
    ? position > 1
      ? t("Waiting, number {n} in the queue", { n: position })
      : t("Waiting for a worker")
    : t("Rendering");
  return (
    <div className="running">
      <p aria-live="polite" className="running-words">
        <span>{words}</span>
        {!waits && <span className="counter">{percent} %</span>}
      </p>
      <Progress
        value={waits ? 100 : Math.max(percent, 2)}
        striped={waits}
        animated={waits}
        color={waits ? "gray" : "ember"}
        size="sm"
        aria-label={t("Progress")}
      />
      <Finish task={task} />
    </div>
  );
}

function Finish({ task }: { task: Task }) {
  const { t } = useWords();
  const at = Number(task.metadata.estimated_finish_at) || 0;
  const left = Math.round((at - Date.now()) / 1000);
  if (left < 2) return null;
  return <p className="dim small">{t("about {n} s left", { n: left })}</p>;
}
