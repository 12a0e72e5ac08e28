import * as admin from "@kirin/client/routes/admin";
import { Badge, Table, Title } from "@mantine/core";
import { useCallback } from "react";
import type { Client } from "../../api/client";
import type { Overview as OverviewAnswer, Storage } from "../../api/types";
import { useWords } from "../../i18n";
import { sized } from "../../lib/amounts";
import { ForOperators } from "../../parts/ForOperators";
import { Icon } from "../../parts/Icon";
import { Sheet } from "../../parts/Sheet";
import { Sum } from "../../parts/Sum";
import { Trouble } from "../../parts/Trouble";
import { useLasting } from "../../parts/useLasting";
import { useMessage } from "../../parts/useMessage";
import { usePoll } from "../../parts/usePoll";
import { useConcerns } from "./concerns";
import { ALL, PauseDialog, pauseOf, QueueAct, type Steering, useSteering } from "./QueueActs";
import { WaitingTasks } from "./WaitingTasks";
import { Workers } from "./Workers";

const PAUSE_MS = 4000;
const STORAGE_PAUSE_MS = 60_000;

/** What the server does at this moment, and what of it needs somebody. */
export default function Overview() {
  const { t } = useWords();
  return <ForOperators title={t("Overview")}>{(client) => <Seen client={client} />}</ForOperators>;
}

function Seen({ client }: { client: Client }) {
  const { t } = useWords();
  const message = useMessage();
  const read = useCallback(
    (signal: AbortSignal) => client.run(admin.overview({ signal })),
    [client],
  );
  const { data, error, refresh } = usePoll(read, () => PAUSE_MS);
  const steering = useSteering(client, refresh);
  const readStorage = useCallback(
    (signal: AbortSignal) => client.run(admin.storage({ signal })),
    [client],
  );
  const storage = usePoll(readStorage, () => STORAGE_PAUSE_MS);
  const concerns = useConcerns(data, storage.data);
  return (
    <>
      <header className="page-head">
        <div>
          <Title order={1}>{t("Overview")}</Title>
          <p className="dim small">{t("Read anew every few seconds while you look.")}</p>
        </div>
        {data && (
          <div className="filters">
            <QueueAct data={data} queue={ALL} steering={steering} />
          </div>
        )}
      </header>
      {!!error && <p className="field-error">{message(error)}</p>}
      {!steering.pausing && <Trouble text={steering.trouble} />}
      {!!storage.error && <p className="field-error">{message(storage.error)}</p>}
      {!!concerns.length && (
        <ul className="concerns" aria-label={t("What needs somebody")}>
          {concerns.map((text) => (
            <li key={text} className="notice" data-warn>
              <Icon name="alert" size={16} />
              {text}
            </li>
          ))}
        </ul>
      )}
      {data && (
        <>
          <Figures data={data} storage={storage.data} />
          <div className="sheets">
            <Engines data={data} steering={steering} />
            <Failures data={data} />
          </div>
          <WaitingTasks client={client} />
          <Workers client={client} workers={data.workers} onChanged={refresh} />
        </>
      )}
      <PauseDialog steering={steering} />
    </>
  );
}

function Figures({ data, storage }: { data: OverviewAnswer; storage: Storage | undefined }) {
  const { t } = useWords();
  const lasts = useLasting();
  const { queue, ended, webhooks } = data;
  const running = data.running.reduce((sum, each) => sum + each.tasks, 0);
  const active = data.workers.filter((worker) => worker.active);
  const slots = active.reduce((sum, worker) => sum + worker.slots, 0);
  const failed = ended.failures.reduce((sum, each) => sum + each.hour, 0);
  const failedDay = ended.failures.reduce((sum, each) => sum + each.day, 0);
  const least = (n: number | string, complete: boolean) =>
    complete ? String(n) : t("over {n}", { n });
  return (
    <dl className="sums sums-close">
      <Sum
        name={t("Waiting")}
        value={least(queue.tasks, queue.complete)}
        about={
          queue.oldest_seconds === null
            ? t("nothing waits")
            : t("the oldest for {time}", { time: lasts(queue.oldest_seconds) })
        }
      />
      <Sum
        name={t("Rendering")}
        value={running}
        about={t("slots: {n}, workers: {workers}", { n: slots, workers: active.length })}
      />
      <Sum
        name={t("Finished in the last hour")}
        value={ended.completed_hour}
        about={t("{n} in 24 hours", { n: ended.completed_day })}
      />
      <Sum
        name={t("Failed in the last hour")}
        value={failed}
        about={t("{n} in 24 hours", { n: failedDay })}
      />
      <Sum
        name={t("Webhooks to deliver")}
        value={least(webhooks.waiting, webhooks.complete)}
        about={
          webhooks.failing
            ? t("{n} of them were tried in vain", { n: webhooks.failing })
            : t("none was tried in vain")
        }
      />
      <Sum
        name={t("Stored")}
        value={storage ? least(sized(storage.bytes), storage.complete) : "…"}
        about={
          storage &&
          t("{n} files; {free} of disk free", {
            n: storage.files,
            free: sized(storage.disk_free),
          })
        }
      />
    </dl>
  );
}

function Engines({ data, steering }: { data: OverviewAnswer; steering: Steering }) {
  const { t } = useWords();
  const lasts = useLasting();
  const active = data.workers.filter((worker) => worker.active);
  const names = new Set([
    ...active.flatMap((worker) => worker.engines),
    ...data.queue.engines.map((each) => each.engine),
    ...data.running.map((each) => each.engine),
    ...data.queue.paused.map((each) => each.queue).filter((name) => name !== ALL),
  ]);
  return (
    <Sheet
      label={t("Engines")}
      shown
      count={names.size}
      empty={t("No worker is active, and nothing waits.")}
      columns={[
        { name: t("Engine") },
        { name: t("Waiting"), number: true },
        { name: t("The oldest"), number: true },
        { name: t("Rendering"), number: true },
        { name: t("Slots"), number: true },
        { name: t("Actions"), hidden: true },
      ]}
    >
      {[...names].map((name) => {
        const queued = data.queue.engines.find((each) => each.engine === name);
        const takers = active.filter((worker) => name === null || worker.engines.includes(name));
        return (
          <Table.Tr key={name ?? ""}>
            <Table.Td>
              {name ?? t("none needed")}
              {pauseOf(data, name ?? ALL) && (
                <Badge variant="dot" color="yellow" tt="none" fw={500} ml={8} miw="max-content">
                  {t("paused")}
                </Badge>
              )}
            </Table.Td>
            <Table.Td ta="right">{queued?.tasks ?? 0}</Table.Td>
            <Table.Td ta="right">{queued ? lasts(queued.oldest_seconds) : "–"}</Table.Td>
            <Table.Td ta="right">
              {data.running.find((each) => each.engine === name)?.tasks ?? 0}
            </Table.Td>
            <Table.Td ta="right">{takers.reduce((sum, worker) => sum + worker.slots, 0)}</Table.Td>
            <Table.Td>
              {name !== null && <QueueAct data={data} queue={name} steering={steering} />}
            </Table.Td>
          </Table.Tr>
        );
      })}
    </Sheet>
  );
}

function Failures({ data }: { data: OverviewAnswer }) {
  const { t } = useWords();
  return (
    <Sheet
      label={t("Failures")}
      shown
      count={data.ended.failures.length}
      empty={t("Nothing has failed in 24 hours.")}
      columns={[
        { name: t("Code") },
        { name: t("Last hour"), number: true },
        { name: t("24 hours"), number: true },
      ]}
    >
      {data.ended.failures.map((each) => (
        <Table.Tr key={each.code}>
          <Table.Td className="mono">{each.code || "–"}</Table.Td>
          <Table.Td ta="right">{each.hour}</Table.Td>
          <Table.Td ta="right">{each.day}</Table.Td>
        </Table.Tr>
      ))}
    </Sheet>
  );
}
