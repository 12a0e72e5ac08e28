import { useCallback, useEffect, useState } from "react";
import { Link } from "wouter";
import { useNewest, useTask } from "../../api/tasks";
import type { Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { Icon } from "../../parts/Icon";
import { TaskView } from "../../parts/task/TaskView";

interface Props {
  spec: Spec;
  taskId: string;
  fresh: boolean;
}

/** Where the result appears: the task just made, or else the model's newest. */
export function Stage({ spec, taskId, fresh }: Props) {
  const { t } = useWords();
  const [latest, setLatest] = useState("");
  const found = useCallback((id: string) => setLatest(id), []);
  const id = taskId || latest;
  return (
    <aside className="stage" aria-label={t("Result")}>
      {!taskId && !fresh && <Newest model={spec.model_id} onFound={found} />}
      {id ? (
        <StageTask key={id} id={id} />
      ) : (
        <div className="stage-empty">
          <Icon name="film" size={34} />
          <p>{t("What you make appears here.")}</p>
          <p className="dim small">{t(spec.agent_prompt)}</p>
        </div>
      )}
    </aside>
  );
}

function Newest({ model, onFound }: { model: string; onFound: (id: string) => void }) {
  const { data } = useNewest({ state: "", model }, 1);
  const id = data?.tasks[0]?.id;
  useEffect(() => {
    if (id) onFound(id);
  }, [id, onFound]);
  return null;
}

function StageTask({ id }: { id: string }) {
  const { t } = useWords();
  const { data: task, refresh } = useTask(id);
  if (!task) return <div className="stage-empty" />;
  return (
    <>
      <TaskView task={task} onChange={refresh} />
      <Link href={`/gallery/${id}`} className="quiet-link">
        {t("Open in the gallery")}
      </Link>
    </>
  );
}
