import * as routes from "@kirin/client/routes";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useSession } from "../../api/session";
import { isOver } from "../../api/tasks";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { ownLink } from "../../lib/links";
import { Icon } from "../Icon";
import { useAct } from "../useAct";

interface Props {
  task: Task;
  onChange: () => void;
  children?: ReactNode;
}

/** What can be done with a task. */
export function Acts({ task, onChange, children }: Props) {
  const { t } = useWords();
  const { client } = useSession();
  const cancel = useAct(() => client.run(routes.cancel(task.id)));
  const content = task.output?.flatMap((entry) => entry.content) ?? [];
  return (
    <div className="acts">
      {!isOver(task) && (
        <Button
          variant="default"
          size="sm"
          loading={cancel.busy}
          leftSection={<Icon name="stop" size={16} />}
          onClick={() => void cancel.run().then(onChange)}
        >
          {t("Cancel")}
        </Button>
      )}
      {content.map(
        (part) =>
          part.url && (
            <Button
              key={part.url}
              component="a"
              href={ownLink(part.url)}
              download={`kirin-${task.id.slice(0, 8)}${part.watermark ? "-marked" : ""}.mp4`}
              variant="default"
              size="sm"
              leftSection={<Icon name="download" size={16} />}
            >
              {part.watermark ? t("Download the marked copy") : t("Download")}
            </Button>
          ),
      )}
      {children}
      {cancel.trouble && <p className="field-error">{cancel.trouble}</p>}
    </div>
  );
}
