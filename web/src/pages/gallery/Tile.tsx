import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { isOver, stateOf } from "../../api/tasks";
import type { Task } from "../../api/types";
import { type Translate, useWords } from "../../i18n";
import { ownLink } from "../../lib/links";
import { Icon } from "../../parts/Icon";
import { leftWords, percentOf } from "../../parts/task/words";
import { useAgain } from "../../parts/useAgain";
import type { Selection } from "./useSelection";

interface FrameProps {
  task: Task;
  selection: Selection;
  children: ReactNode;
}

/** One task in the grid. Its video is there only while the tile is near the window. */
export function Tile({ task, selection }: { task: Task; selection: Selection }) {
  const { t } = useWords();
  const { ref, near } = useNear();
  const again = useAgain();
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
          {url && near && (
            <video
              key={again.turn}
              onError={again.onError}
              src={`${ownLink(url)}#t=0.05`}
              muted
              playsInline
              loop
              preload="metadata"
              tabIndex={-1}
              aria-hidden="true"
              onMouseEnter={(event) => void event.currentTarget.play().catch(() => undefined)}
              onMouseLeave={(event) => event.currentTarget.pause()}
            />
          )}
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
          {isOver(task) ? <Made task={task} /> : <Expected task={task} />}
        </p>
      </Frame>
    </li>
  );
}

/** Opens the task, or chooses it while tasks are chosen. */
function Frame({ task, selection, children }: FrameProps) {
  const { t } = useWords();
  if (!selection.on) {
    return (
      <Link href={`/gallery/${task.id}`} className="tile-link">
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
  if (!position && !left) return <Made task={task} />;
  return (
    <>
      {position > 0 && <span>{t("number {n} in the queue", { n: position })}</span>}
      {left && <span>{left}</span>}
    </>
  );
}

function Made({ task }: { task: Task }) {
  const { language } = useWords();
  const at = new Date(task.created_at);
  return (
    <time dateTime={at.toISOString()}>
      {at.toLocaleString(language === "zh" ? "zh-CN" : "en-GB", {
        dateStyle: "medium",
        timeStyle: "short",
      })}
    </time>
  );
}

function iconOf(task: Task) {
  if (task.status === "failed") return task.error?.code === "task_cancelled" ? "stop" : "alert";
  return task.output?.[0]?.content[0]?.type === "element" ? "subject" : "film";
}

function stateWords(task: Task, t: Translate): string {
  if (stateOf(task) === "queued") return t("Waiting");
  if (stateOf(task) === "rendering") return `${percentOf(task)} %`;
  if (task.status === "failed")
    return task.error?.code === "task_cancelled" ? t("Cancelled") : t("Failed");
  return task.metadata.duration ? `${task.metadata.duration} s` : t("Finished");
}

/** Whether an element is within a screen's height of the window. */
function useNear() {
  const ref = useRef<HTMLLIElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.some((entry) => entry.isIntersecting)),
      { rootMargin: "60% 0px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, near };
}
