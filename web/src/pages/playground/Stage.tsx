import { useCallback, useEffect, useState } from "react";
import { Link, useRoute } from "wouter";
import { useNewest, useTask } from "../../api/tasks";
import type { Spec } from "../../api/types";
import { clipOf } from "../../clips";
import { useWords } from "../../i18n";
import { Icon } from "../../parts/Icon";
import { TaskView } from "../../parts/task/TaskView";
import { useQuery } from "../../parts/useQuery";
import { ClipOnStage } from "./welcome/ClipOnStage";
import { Showcase } from "./welcome/Showcase";

/** Among how many of the newest tasks one with something to see is sought. */
const LATELY = 8;

interface Props {
  spec: Spec;
  taskId: string;
  fresh: boolean;
}

/**
 * Where the result appears: the task just made; else the clip whose request is in the form; else the
 * model's newest; and where nothing was made yet, clips to begin with.
 */
export function Stage({ spec, taskId, fresh }: Props) {
  const { t } = useWords();
  const [chosen] = useQuery("clip");
  const clip = clipOf(chosen);
  const [begins] = useRoute("/play/:model?");
  /** The model's newest task; empty if there is none, undefined until that is known. */
  const [newest, setNewest] = useState<string>();
  const found = useCallback((id: string) => setNewest((old) => id || old || ""), []);
  const shown = clip?.model === spec.model_id ? clip : undefined;
  const seeks = !taskId && !fresh && !shown;
  return (
    <aside className="stage" aria-label={t("Result")}>
      {seeks && <Newest model={spec.model_id} onFound={found} />}
      {taskId ? (
        <StageTask key={taskId} id={taskId} />
      ) : shown ? (
        <ClipOnStage key={shown.name} clip={shown} />
      ) : seeks && newest ? (
        <StageTask key={newest} id={newest} />
      ) : begins && newest === "" ? (
        <Showcase />
      ) : (
        <div className="stage-blank">
          {!(seeks && newest === undefined) && (
            <>
              <Icon name="film" size={34} />
              <p>{t("What you make appears here.")}</p>
            </>
          )}
        </div>
      )}
    </aside>
  );
}

function Newest({ model, onFound }: { model: string; onFound: (id: string) => void }) {
  const { data } = useNewest({ state: "", model }, LATELY);
  const { tasks } = data ?? {};
  // Something to see comes before what failed or was cancelled.
  const id = tasks && (tasks.find((task) => task.status !== "failed") ?? tasks[0])?.id;
  useEffect(() => {
    if (tasks) onFound(id ?? "");
  }, [tasks, id, onFound]);
  return null;
}

function StageTask({ id }: { id: string }) {
  const { t } = useWords();
  const { data: task, refresh } = useTask(id);
  if (!task) return <div className="stage-blank" />;
  return (
    <>
      <TaskView task={task} onChange={refresh} />
      <Link href={`/gallery/${id}`} className="quiet-link">
        {t("Open in the gallery")}
      </Link>
    </>
  );
}
