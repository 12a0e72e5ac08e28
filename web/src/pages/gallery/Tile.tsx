import type { ReactNode } from "react";
import { Link } from "wouter";
import { isOver, stateOf } from "../../api/tasks";
import type { Task } from "../../api/types";
import { type Translate, useWords } from "../../i18n";
import { Icon } from "../../parts/Icon";
import { Thumbnail } from "../../parts/Thumbnail";
import { leftWords, percentOf } from "../../parts/task/words";
import { useNear } from "../../parts/useNear";
import { When } from "../../parts/When";
import { useGalleryPath } from "./useFilters";
import type { Selection } from "./useSelection";

interface FrameProps {
  task: Task;
  selection: Selection;
  children: ReactNode;
}

/** One task in the grid. Its video is there only while the tile is near the window. */
export function Tile({ task, selection }: { task: Task; selection: Selection }) {
  const { t } = useWords();
  const { ref, near } = useNear<HTMLLIElement>();
  const cancelled = task.error?.code === "task_cancelled";
  const content = task.output?.[0]?.content[0];
  const url = content?.type === "video" ? content.url : undefined;
  return (
    <li
      className="tile"
      ref={ref}
      data-state={stateOf(task)}
      data-cancelled={cancelled || undefined}
    >
      <Frame task={task} selection={selection}>
        <div className="tile-picture">
          {url && near && <Thumbnail url={url} />}
          {!url && <Icon name={iconOf(task)} size={28} />}
          {stateOf(task) === "rendering" && (
            <span className="tile-progress">
              <span style={{ width: `${percentOf(task)}%` }} />
            </span>
          )}
        </div>
        <div className="tile-words">
          <span className="tile-model">{task.model.replace(/^kirin_/, "")}</span>
          <span className="tile-state">{stateWords(task, t)}</span>
        </div>
        <p className="tile-facts">
          {isOver(task) ? <When at={task.created_at} /> : <Expected task={task} />}
        </p>
      </Frame>
    </li>
  );
}

/** Opens the task, or chooses it while tasks are chosen. */
function Frame({ task, selection, children }: FrameProps) {
  const { t } = useWords();
  const path = useGalleryPath();
  if (!selection.on) {
    return (
      <Link href={path(task.id)} className="tile-link">
        {children}
      </Link>
    );
  }
  const possible = isOver(task);
  return (
    <label className="tile-link" title={possible ? undefined : t("Cancel it first.")}>
      <input
        type="checkbox"
        className="tile-choice"
        checked={selection.chosen.includes(task.id)}
        disabled={!possible}
        onChange={() => selection.toggle(task.id)}
      />
      {children}
    </label>
  );
}

/** An unfinished task's place in the queue and how long it will take, as far as anybody knows. */
function Expected({ task }: { task: Task }) {
  const { t } = useWords();
  const position = Number(task.metadata.queue_position) || 0;
  const left = leftWords(task, t);
  if (!position && !left) return <When at={task.created_at} />;
  return (
    <>
      {position > 0 && <span>{t("number {n} in the queue", { n: position })}</span>}
      {left && <span>{left}</span>}
    </>
  );
}

function iconOf(task: Task) {
  if (task.status === "failed") return task.error?.code === "task_cancelled" ? "stop" : "alert";
  const made = task.output?.[0]?.content[0]?.type;
  return made === "element" || made === "text" ? "subject" : "film";
}

function stateWords(task: Task, t: Translate): string {
  if (stateOf(task) === "queued") return t("Waiting");
  if (stateOf(task) === "rendering") return `${percentOf(task)} %`;
  if (task.status === "failed")
    return task.error?.code === "task_cancelled" ? t("Cancelled") : t("Failed");
  return task.metadata.duration ? `${task.metadata.duration} s` : t("Finished");
}
