import { Alert } from "@mantine/core";
import type { RefObject } from "react";
import { usePaid } from "../../api/billing";
import { useSpec } from "../../api/specs";
import type { Content, Task } from "../../api/types";
import { useWords } from "../../i18n";
import { sessionIn } from "../../lib/faces";
import { reasonOf } from "../../lib/failures";
import { ownLink } from "../../lib/links";
import { Icon } from "../Icon";
import { Player } from "../Player";
import { FoundFaces } from "./FoundFaces";
import { Running } from "./Running";

interface Props {
  task: Task;
  /** Gets what plays the video itself, not its marked copy. */
  video: RefObject<HTMLVideoElement | null>;
}

/** What a task is waiting for, has made, or failed of. */
export function Result({ task, video }: Props) {
  const { t } = useWords();
  const paid = usePaid();
  const reason = reasonOf(useSpec(task.model), task.error?.code ?? "");
  const content = task.output?.flatMap((entry) => entry.content) ?? [];
  if (task.status === "failed") {
    const cancelled = task.error?.code === "task_cancelled";
    return (
      <Alert
        color={cancelled ? "gray" : "red"}
        icon={<Icon name="alert" />}
        title={
          cancelled ? t("Cancelled") : paid ? t("It failed, and costs nothing") : t("It failed")
        }
      >
        {!cancelled && (
          <>
            {reason && <p>{t(reason)}</p>}
            <p className={reason ? "dim small" : ""}>
              {task.error?.message} <code>{task.error?.code}</code>
            </p>
          </>
        )}
      </Alert>
    );
  }
  if (task.status !== "completed") return <Running task={task} />;
  return content.map((part, index) => (
    <Part key={part.url ?? index} part={part} task={task} video={video} />
  ));
}

function Part({ part, task, video }: Props & { part: Content }) {
  const { t } = useWords();
  if (part.type === "element") {
    return (
      <Alert color="teal" icon={<Icon name="subject" />} title={t("The subject is made")}>
        element_id <code>{part.element_id}</code>
      </Alert>
    );
  }
  if (part.type === "text") {
    const session = sessionIn(part.text);
    return session ? (
      <FoundFaces session={session} task={task.id} />
    ) : (
      <pre className="code">{part.text}</pre>
    );
  }
  if (!part.url) return <Alert color="gray">{t("The file has expired and was removed.")}</Alert>;
  return (
    <figure className="part">
      <Player
        url={ownLink(part.url)}
        fps={Number(task.metadata.fps) || 24}
        count={Number(task.metadata.frames) || 0}
        {...(part.watermark ? {} : { video })}
        label={part.watermark ? t("The watermarked copy") : t("The video")}
      />
      {part.watermark && <figcaption>{t("The watermarked copy")}</figcaption>}
    </figure>
  );
}
