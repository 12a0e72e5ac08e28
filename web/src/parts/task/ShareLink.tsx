import { Button, Menu, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSession } from "../../api/session";
import { shareTask } from "../../api/tasks";
import type { Share, Task } from "../../api/types";
import { useWords } from "../../i18n";
import { written } from "../../lib/moments";
import { videoOf } from "../../lib/results";
import { Icon } from "../Icon";
import { useAct } from "../useAct";
import { copied, LIVES } from "./share";

/** A link to a task's video for somebody without a key, which ends when it was told to. */
export function useShare(task: Task) {
  const { client } = useSession();
  const [made, setMade] = useState<Share & { copied: boolean }>();
  const act = useAct(async (seconds: number) => {
    const share = await shareTask(client, task.id, seconds);
    setMade({ ...share, copied: await copied(share.url) });
  });
  return { made, act, possible: videoOf(task) !== undefined };
}

type Sharing = ReturnType<typeof useShare>;

/** Asks for how long, then copies the link. */
export function ShareLink({ sharing }: { sharing: Sharing }) {
  const { t } = useWords();
  const { act } = sharing;
  if (!sharing.possible) return null;
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button
          size="sm"
          variant="default"
          loading={act.busy}
          leftSection={<Icon name="link" size={16} />}
        >
          {t("Copy share link")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("Whoever has it can watch the video, without a key.")}</Menu.Label>
        {LIVES.map(({ seconds, words }) => (
          <Menu.Item key={seconds} onClick={() => void act.run(seconds)}>
            {t(words)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The link that was made, and when it ends. */
export function Shared({ sharing }: { sharing: Sharing }) {
  const { t, language } = useWords();
  const { made, act } = sharing;
  if (act.trouble) return <p className="field-error">{act.trouble}</p>;
  if (!made) return null;
  const when = written(made.expires_at, language);
  return (
    <div className="shared">
      <p role="status" className="small">
        {made.copied
          ? t("Copied. It works until {when}, or until the task is deleted.", { when })
          : t("Copy this link. It works until {when}, or until the task is deleted.", { when })}
      </p>
      <TextInput
        size="xs"
        readOnly
        aria-label={t("Share link")}
        value={made.url}
        onFocus={(event) => event.currentTarget.select()}
      />
    </div>
  );
}
