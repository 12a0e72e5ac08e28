import { Button, Progress } from "@mantine/core";
import { useWords } from "../../i18n";
import { Icon } from "../../parts/Icon";
import type { Run } from "./useRun";

/** The button that makes the video; while much is sent, how much of it has gone, and a way to stop. */
export function Generate({ busy, sending, run }: Pick<Run, "busy" | "sending" | "run">) {
  const { t } = useWords();
  if (sending) {
    const percent = Math.round(sending.share * 100);
    return (
      <div className="sending">
        <span className="sending-words">{t("Sending, {n} %", { n: percent })}</span>
        <Progress value={percent} size="sm" aria-label={t("Sending your files")} />
        <Button size="compact-sm" variant="default" onClick={sending.stop}>
          {t("Stop sending")}
        </Button>
      </div>
    );
  }
  return (
    <Button
      size="md"
      className="generate"
      loading={busy}
      onClick={() => void run()}
      leftSection={<Icon name="play" />}
      aria-describedby="run-hint"
      aria-keyshortcuts="Control+Enter Meta+Enter"
    >
      {t("Generate")}
    </Button>
  );
}
