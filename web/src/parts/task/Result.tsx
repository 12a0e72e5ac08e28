import { Alert } from "@mantine/core";
import type { RefObject } from "react";
import type { Content, Task } from "../../api/types";
import { useWords } from "../../i18n";
import { sessionIn } from "../../lib/faces";
import { ownLink } from "../../lib/links";
import { Icon } from "../Icon";
import { Player } from "../Player";
import { Failed } from "./Failed";
import { FoundFaces } from "./FoundFaces";
import { Running } from "./Running";

interface Props {
  task: Task;
  /** Gets what plays the video itself, not its marked copy. */
  video: RefObject<HTMLVideoElement | null>;
}

/** What a task is waiting for, has made, or failed of. */
export function Result({ task, video }: Props) {
  const content = task.output?.flatMap((entry) => entry.content) ?? [];
  if (task.status === "failed") return <Failed task={task} />;
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
