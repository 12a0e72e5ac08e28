import { memo, type ReactNode } from "react";
import { Link } from "wouter";
import { useModelNames } from "../../api/specs";
import { isOver, stateOf } from "../../api/tasks";
import type { Task } from "../../api/types";
import { type Translate, useWords } from "../../i18n";
import { Icon } from "../../parts/Icon";
import { leftWords, percentOf } from "../../parts/task/words";
import { useNear } from "../../parts/useNear";
import { When } from "../../parts/When";
import { Picture } from "./Picture";
import { INSIDE } from "./place";

interface Props {
  task: Task;
  /** Where it opens. */
  href: string;
  /** Whether it is chosen; undefined while nothing can be. */
  chosen: boolean | undefined;
  favourite: boolean;
  /** Chooses it or not; with `range` all from the last one that was chosen. */
  onChoose: (id: string, range: boolean) => void;
  onFavour: (task: Task) => void;
}

/** One task in the grid. Its picture is there only while the tile is near the window. */
export const Tile = memo(function Tile(props: Props) {
  const { task, favourite, onFavour } = props;
  const { t } = useWords();
  const { ref, near } = useNear<HTMLLIElement>();
  const cancelled = task.error?.code === "task_cancelled";
  const { prompt } = task.metadata;
  const model = useModelNames()(task.model);
  return (
    <li
      className="tile"
      ref={ref}
      data-state={stateOf(task)}
      data-cancelled={cancelled || undefined}
    >
      <Frame {...props}>
        <Picture task={task} near={near} />
        {prompt && (
          <p className="tile-prompt" title={prompt}>
            {prompt}
          </p>
        )}
        <div className="tile-words">
          <span className="tile-model" title={model}>
            {model}
          </span>
          <span className="tile-state">{stateWords(task, t)}</span>
        </div>
        <p className="tile-facts">
          {isOver(task) ? <When at={task.created_at} /> : <Expected task={task} />}
        </p>
      </Frame>
      <button
        type="button"
        className="tile-star"
        aria-pressed={favourite}
        aria-label={t("Favourite")}
        title={favourite ? t("Take from the favourites") : t("Add to the favourites")}
        onClick={() => onFavour(task)}
      >
        <Icon name="star" size={18} />
      </button>
    </li>
  );
});

/** Opens the task, or chooses it while tasks are chosen. */
function Frame({ task, href, chosen, onChoose, children }: Props & { children: ReactNode }) {
  if (chosen === undefined) {
    return (
      <Link
        href={href}
        state={INSIDE}
        className="tile-link"
        onClickCapture={(event) => {
          // With Shift somebody begins to choose, as in a folder of files.
          if (!event.shiftKey) return;
          event.preventDefault();
          onChoose(task.id, false);
        }}
      >
        {children}
      </Link>
    );
  }
  return (
    <label className="tile-link">
      <input
        type="checkbox"
        className="tile-choice"
        checked={chosen}
        onChange={(event) => onChoose(task.id, !!(event.nativeEvent as MouseEvent).shiftKey)}
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

function stateWords(task: Task, t: Translate): string {
  if (stateOf(task) === "queued") return t("Waiting");
  if (stateOf(task) === "rendering") return `${percentOf(task)} %`;
  if (task.status === "failed")
    return task.error?.code === "task_cancelled" ? t("Cancelled") : t("Failed");
  return task.metadata.duration ? t("{n} s", { n: task.metadata.duration }) : t("Finished");
}
