import { Progress } from "@mantine/core";
import { stateOf } from "../../api/tasks";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { leftWords, percentOf, queueWords } from "./words";

/** How far an unfinished task is. */
export function Running({ task }: { task: Task }) {
  const { t } = useWords();
  const percent = percentOf(task);
  const waits = stateOf(task) === "queued";
  const left = leftWords(task, t);
  const note = task.metadata.queue_note;
  return (
    <div className="running">
      <p className="running-words">
        <span>{waits ? queueWords(task, t) : t("Rendering")}</span>
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
      {left && <p className="dim small">{left}</p>}
      {typeof note === "string" && <p className="dim small">{t(note)}</p>}
    </div>
  );
}
