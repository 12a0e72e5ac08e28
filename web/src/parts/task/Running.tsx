import { Progress } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { stateOf, useAsked } from "../../api/tasks";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { firstPicture, shapeOf } from "../../lib/asked";
import { ownLink } from "../../lib/links";
import { useLivePreview } from "./useLivePreview";
import { leftWords, percentOf, queueWords, stepWords } from "./words";

/** An unfinished task: the shape that its video will have, what is being done, and how far it is. */
export function Running({ task }: { task: Task }) {
  const { t } = useWords();
  const percent = percentOf(task);
  const waits = stateOf(task) === "queued";
  const left = leftWords(task, t);
  const step = stepWords(task, t);
  const note = task.metadata.queue_note;
  return (
    <div className="running" data-waits={waits || undefined}>
      <Preview task={task} />
      <div className="running-foot">
        <p className="running-words">
          <span>{waits ? queueWords(task, t) : t("Rendering")}</span>
          {!waits && <span className="counter">{percent} %</span>}
        </p>
        <Progress
          value={waits ? 0 : Math.max(percent, 2)}
          color="ember"
          size="sm"
          aria-label={t("Progress")}
        />
        {(step || left) && (
          <p className="running-words dim small">
            <span>{step}</span>
            {left && <span>{left}</span>}
          </p>
        )}
        {typeof note === "string" && <p className="dim small">{t(note)}</p>}
      </div>
    </div>
  );
}

/**
 * What is seen of a video that is not there yet, in its shape: what has been drawn last, or the picture
 * that it begins with, or a soft light.
 */
function Preview({ task }: { task: Task }) {
  const { t } = useWords();
  const { data: asked } = useAsked(task.id);
  const [own, setOwn] = useState<number>();
  const [broken, setBroken] = useState(false);
  const given = asked && !broken ? firstPicture(asked.params) : undefined;
  // The page loads nothing from elsewhere.
  const url = given && ownLink(given).startsWith("/") ? ownLink(given) : undefined;
  const live = useLivePreview(task);
  const measure = ({ currentTarget: seen }: SyntheticEvent<HTMLImageElement>) =>
    setOwn(seen.naturalWidth / seen.naturalHeight);
  const aspect = shapeOf(task, asked?.params) ?? own ?? 16 / 9;
  return (
    <div className="preview" style={{ aspectRatio: String(aspect), "--shape": aspect } as object}>
      {live && <img src={live} alt={t("What is being drawn")} onLoad={measure} />}
      {!live && url && <img src={url} alt="" onLoad={measure} onError={() => setBroken(true)} />}
    </div>
  );
}
