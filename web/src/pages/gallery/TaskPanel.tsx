import { Alert, Button, Loader } from "@mantine/core";
import { useLocation } from "wouter";
import { isOver, useAsked, useRemoveTasks, useTask } from "../../api/tasks";
import { useWords } from "../../i18n";
import { swapDraft } from "../../lib/draft";
import { Confirm } from "../../parts/Confirm";
import { Icon } from "../../parts/Icon";
import { TaskView } from "../../parts/task/TaskView";
import { useMessage } from "../../parts/useMessage";
import { useRemoval } from "../../parts/useRemoval";
import type { Favourites } from "./useFavourites";

interface Props {
  id: string;
  favourites: Favourites;
  onChange: () => void;
  onGone: () => void;
}

/** One task in full, with the parameters that it was asked with. */
export function TaskPanel({ id, favourites, onChange, onGone }: Props) {
  const { t } = useWords();
  const [, go] = useLocation();
  const { data: task, error, refresh } = useTask(id);
  const { data: asked, error: unasked } = useAsked(id);
  const message = useMessage();
  const remove = useRemoveTasks();
  const removal = useRemoval((doomed: string) => remove([doomed]).then(onGone), onChange);
  if (!task) {
    return error ? (
      <Alert color="red">{message(error)}</Alert>
    ) : (
      <Loader size="sm" role="status" aria-label={t("Loading")} />
    );
  }
  return (
    <div className="task-panel">
      <TaskView
        task={task}
        onChange={() => {
          refresh();
          onChange();
        }}
      >
        {asked && (
          <Button
            size="sm"
            variant="default"
            leftSection={<Icon name="again" size={16} />}
            onClick={async () => {
              await swapDraft(asked.model, asked.params);
              go(`/play/${asked.model}?task=${id}`);
            }}
          >
            {t("Use again")}
          </Button>
        )}
        <Button
          size="sm"
          variant="default"
          className="only-favourites"
          aria-pressed={favourites.has(id)}
          leftSection={<Icon name="star" size={16} />}
          onClick={() => favourites.toggle(task)}
        >
          {t("Favourite")}
        </Button>
        {isOver(task) && (
          <Button
            size="sm"
            variant="default"
            leftSection={<Icon name="trash" size={16} />}
            onClick={() => removal.ask(id)}
          >
            {t("Delete")}
          </Button>
        )}
      </TaskView>
      {removal.trouble && <p className="field-error">{removal.trouble}</p>}
      {asked && (
        <section>
          <h2 className="plain">{t("Parameters")}</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
          <pre className="code asked" tabIndex={0}>
            {JSON.stringify(asked.params, null, 2)}
          </pre>
        </section>
      )}
      {!!unasked && <p className="dim small">{message(unasked)}</p>}
      <Confirm removal={removal} title={() => t("Delete this task?")} act={t("Delete")}>
        {t("Its video and its parameters are removed from the server. This cannot be undone.")}
      </Confirm>
    </div>
  );
}
