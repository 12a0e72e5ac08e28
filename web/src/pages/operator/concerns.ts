import type { Overview, Storage } from "../../api/types";
import { useWords } from "../../i18n";
import { sized } from "../../lib/amounts";
import { useLasting } from "../../parts/useLasting";
import { useQueueName } from "./QueueActs";

/** Share of a disk that is free below which a few busy hours may fill it. */
const LEAST_FREE = 0.05;
/** Seconds by which a webhook that is due may wait for the ones before it. */
const LATE_SECONDS = 60;

/** What of the server's state needs somebody, in sentences. */
export function useConcerns(data: Overview | undefined, storage: Storage | undefined): string[] {
  const { t } = useWords();
  const lasts = useLasting();
  const nameOf = useQueueName();
  const found: string[] = [];
  for (const { queue, reason, actor } of data?.queue.paused ?? []) {
    const name = nameOf(queue);
    found.push(
      reason
        ? t("{name}: paused by {actor}: {reason}", { name, actor, reason })
        : t("{name}: paused by {actor}", { name, actor }),
    );
  }
  if (data && !data.workers.some((worker) => worker.active)) {
    found.push(t("No worker is active: nothing is rendered."));
  } else {
    for (const { engine, tasks, attended } of data?.queue.engines ?? []) {
      if (!attended) {
        found.push(
          t("{n} tasks wait for {engine}, which no active worker has.", {
            n: tasks,
            engine: engine ?? "",
          }),
        );
      }
    }
  }
  for (const { id, active, running } of data?.workers ?? []) {
    if (!active && running) {
      found.push(
        t("{worker} is silent and has {n} tasks; another worker will take them over.", {
          worker: id,
          n: running,
        }),
      );
    }
  }
  if (data && data.webhooks.late_seconds > LATE_SECONDS) {
    found.push(
      t("Webhooks are behind: the first has been due for {time}.", {
        time: lasts(data.webhooks.late_seconds),
      }),
    );
  }
  if (storage && storage.disk_free < storage.disk_total * LEAST_FREE) {
    found.push(t("The disk is nearly full: {free} are free.", { free: sized(storage.disk_free) }));
  }
  return found;
}
