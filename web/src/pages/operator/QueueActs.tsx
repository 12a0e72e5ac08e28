import type { Request } from "@kirin/client/core";
import * as admin from "@kirin/client/routes/admin";
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Client } from "../../api/client";
import type { Overview, PauseOf } from "../../api/types";
import { useWords } from "../../i18n";
import { Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { Trouble } from "../../parts/Trouble";
import { useAct } from "../../parts/useAct";

/** The name of all queues together. */
export const ALL = "all";

/** What a queue is called on this page. */
export function useQueueName(): (queue: string) => string {
  const { t } = useWords();
  return (queue) => (queue === ALL ? t("All queues") : queue);
}

export interface Steering {
  busy: boolean;
  trouble: string;
  /** The queue that somebody is about to pause. */
  pausing: string | undefined;
  ask: (queue: string) => void;
  spare: () => void;
  pause: (reason: string) => void;
  resume: (queue: string) => void;
}

/** Pauses queues, after a question, and resumes them. */
export function useSteering(client: Client, done: () => void): Steering {
  const [pausing, setPausing] = useState<string>();
  const { busy, trouble, run } = useAct(async (request: Request<unknown>) => {
    await client.run(request);
    setPausing(undefined);
    done();
  });
  return {
    busy,
    trouble,
    pausing,
    ask: setPausing,
    spare: () => setPausing(undefined),
    pause: (reason) => void (pausing && run(admin.pause(pausing, { reason }))),
    resume: (queue) => void run(admin.resume(queue)),
  };
}

/** The pause of one queue, if it has one of its own. */
export function pauseOf(data: Overview, queue: string): PauseOf | undefined {
  return data.queue.paused.find((pause) => pause.queue === queue);
}

interface ActProps {
  data: Overview;
  queue: string;
  steering: Steering;
}

/** Pauses a queue, or resumes it; of one engine as a sign alone, since its row is narrow. */
export function QueueAct({ data, queue, steering }: ActProps) {
  const { t } = useWords();
  const name = useQueueName()(queue);
  const paused = pauseOf(data, queue);
  const words = paused ? t("Resume: {name}", { name }) : t("Pause: {name}", { name });
  const icon = <Icon name={paused ? "play" : "pause"} size={14} />;
  const act = () => (paused ? steering.resume(queue) : steering.ask(queue));
  return queue === ALL ? (
    <Button variant="default" leftSection={icon} disabled={steering.busy} onClick={act}>
      {words}
    </Button>
  ) : (
    <ActionIcon
      variant="default"
      aria-label={words}
      title={words}
      disabled={steering.busy}
      onClick={act}
    >
      {icon}
    </ActionIcon>
  );
}

/** The question before a queue is paused, and why. */
export function PauseDialog({ steering }: { steering: Steering }) {
  const { t } = useWords();
  const [reason, setReason] = useState("");
  const nameOf = useQueueName();
  return (
    <Dialog
      about={steering.pausing}
      onClose={steering.spare}
      title={(queue) => t("Pause: {name}?", { name: nameOf(queue) })}
      centered
    >
      {() => (
        <form
          className="stack-form"
          onSubmit={(event) => {
            event.preventDefault();
            steering.pause(reason);
            setReason("");
          }}
        >
          <p className="small dim">
            {t(
              "Requests are accepted and wait; what is being rendered goes on to its end. It stays paused until somebody resumes it, also when the server is started anew.",
            )}
          </p>
          <TextInput
            label={t("Reason")}
            description={t("For other operators; customers read only that the queue is paused.")}
            value={reason}
            maxLength={512}
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Trouble text={steering.trouble} />
          <div className="acts confirm-acts">
            <Button type="submit" loading={steering.busy}>
              {t("Pause")}
            </Button>
            <Button variant="default" onClick={steering.spare}>
              {t("Let it run")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
