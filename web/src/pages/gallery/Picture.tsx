import { useEffect, useRef, useState } from "react";
import { stateOf } from "../../api/tasks";
import type { Task } from "../../api/types";
import { Icon } from "../../parts/Icon";
import { Thumbnail } from "../../parts/Thumbnail";
import { percentOf } from "../../parts/task/words";
import { usePoster } from "./usePoster";

/** Milliseconds that somebody points at a picture before it moves: not who only passes over it. */
const PAUSE_MS = 120;

const stillness = matchMedia("(prefers-reduced-motion: reduce)");

/** The address of a task's video, if it has one. */
export function videoOf(task: Task): string | undefined {
  const content = task.output?.[0]?.content[0];
  return content?.type === "video" ? content.url : undefined;
}

/** A task as a still picture, that moves while somebody points at it. One video at a time plays. */
export function Picture({ task, near }: { task: Task; near: boolean }) {
  const url = videoOf(task);
  const poster = usePoster(task.id, near && !!url && !task.metadata.expired_at);
  const [moving, setMoving] = useState(false);
  const timer = useRef(0);
  const rest = () => {
    clearTimeout(timer.current);
    setMoving(false);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <div
      className="tile-picture"
      onPointerEnter={(event) => {
        if (event.pointerType === "touch" || stillness.matches || !url) return;
        timer.current = window.setTimeout(() => setMoving(true), PAUSE_MS);
      }}
      onPointerLeave={rest}
    >
      {poster ? (
        <img src={poster} alt="" decoding="async" draggable={false} />
      ) : (
        <Icon name={iconOf(task)} size={28} />
      )}
      {moving && url && <Thumbnail url={url} autoPlay />}
      {stateOf(task) === "rendering" && (
        <span className="tile-progress">
          <span style={{ width: `${percentOf(task)}%` }} />
        </span>
      )}
    </div>
  );
}

function iconOf(task: Task) {
  if (task.status === "failed") return task.error?.code === "task_cancelled" ? "stop" : "alert";
  const made = task.output?.[0]?.content[0]?.type;
  return made === "element" || made === "text" ? "subject" : "film";
}
