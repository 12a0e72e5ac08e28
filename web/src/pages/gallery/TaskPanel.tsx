import { Alert, Button, Loader } from "@mantine/core";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import { useTask } from "../../api/tasks";
import { useWords } from "../../i18n";
import { putDraft, type Stored } from "../../lib/draft";
import { load } from "../../lib/store";
import { Icon } from "../../parts/Icon";
import { TaskView } from "../../parts/task/TaskView";
import { useMessage } from "../../parts/useMessage";

/** One task in full, with the parameters that it was asked with as far as this browser knows. */
export function TaskPanel({ id, onChange }: { id: string; onChange: () => void }) {
  const { t } = useWords();
  const [, go] = useLocation();
  const { data: task, error, refresh } = useTask(id);
  const message = useMessage();
  const [asked, setAsked] = useState<Stored | null>();

  useEffect(() => {
    load<Stored>("requests", id).then(
      (found) => setAsked(found ?? null),
      () => setAsked(null),
    );
  }, [id]);

  if (!task) {
    return error ? (
      <Alert color="red">{message(error)}</Alert>
    ) : (
      <Loader size="sm" aria-label={t("Loading")} />
    );
  }
  function repeat(model: string, again: Stored) {
    putDraft(model, again);
    go(`/play/${model}`);
  }
  return (
    <div className="task-panel">
      <TaskView
        task={task}
        onChange={() => {
          refresh();
          onChange();
        }}
      />
      {asked && (
        <section>
          <div className="section-head">
            <h2>{t("Parameters")}</h2>
            <Button
              size="compact-sm"
              variant="light"
              leftSection={<Icon name="again" size={14} />}
              onClick={() => repeat(task.model, asked)}
            >
              {t("Use again")}
            </Button>
          </div>
          <pre className="code">{JSON.stringify(asked.params, null, 2)}</pre>
        </section>
      )}
      {asked === null && (
        <p className="dim small">
          {t("It was asked for elsewhere: its parameters are not in this browser.")}
        </p>
      )}
    </div>
  );
}
