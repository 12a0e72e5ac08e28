import * as admin from "@kirin/client/routes/admin";
import { Badge, Button, Table } from "@mantine/core";
import { useState } from "react";
import type { Client } from "../../api/client";
import type { WorkerOf } from "../../api/types";
import { useWords } from "../../i18n";
import { Dialog } from "../../parts/Dialog";
import { Sheet } from "../../parts/Sheet";
import { Trouble } from "../../parts/Trouble";
import { useAct } from "../../parts/useAct";
import { useLasting } from "../../parts/useLasting";
import { When } from "../../parts/When";

interface Props {
  client: Client;
  workers: WorkerOf[];
  onChanged: () => void;
}

/** Every worker, what it does, and a way to let it go. */
export function Workers({ client, workers, onChanged }: Props) {
  const { t } = useWords();
  const lasts = useLasting();
  const [leaving, setLeaving] = useState<WorkerOf>();
  const { busy, trouble, run } = useAct(async (id: string) => {
    await client.run(admin.drain(id));
    setLeaving(undefined);
    onChanged();
  });
  return (
    <>
      <Sheet
        label={t("Workers")}
        shown
        count={workers.length}
        empty={t("No worker is registered.")}
        columns={[
          { name: t("Worker") },
          { name: t("State") },
          { name: t("Engines") },
          { name: t("Slots in use"), number: true },
          { name: t("Heartbeat") },
          { name: t("Since") },
          { name: t("Actions"), hidden: true },
        ]}
      >
        {workers.map((worker) => (
          <Table.Tr key={worker.id} data-over={worker.active ? undefined : true}>
            <Table.Td className="mono">{worker.id}</Table.Td>
            <Table.Td>
              <State worker={worker} />
            </Table.Td>
            <Table.Td>{worker.engines.join(", ")}</Table.Td>
            <Table.Td ta="right">
              {t("{n} of {most}", { n: worker.running, most: worker.slots })}
            </Table.Td>
            <Table.Td className="nowrap">
              {worker.heartbeat_seconds === null
                ? t("not seen to move yet")
                : t("{time} ago", { time: lasts(worker.heartbeat_seconds) })}
            </Table.Td>
            <Table.Td className="nowrap">
              <When at={worker.started_at} />
            </Table.Td>
            <Table.Td>
              <Button
                size="compact-sm"
                variant="default"
                disabled={worker.draining}
                aria-label={t("Drain {id}", { id: worker.id })}
                onClick={() => setLeaving(worker)}
              >
                {t("Drain")}
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Sheet>
      <Dialog
        about={leaving}
        onClose={() => setLeaving(undefined)}
        title={() => t("Drain this worker?")}
        centered
      >
        {(worker) => (
          <>
            <p className="mono small">{worker.id}</p>
            <p className="small dim">
              {t(
                "It takes nothing new, ends the {n} tasks that it has, and leaves. The worker that kirin serve runs is followed by a fresh one.",
                { n: worker.running },
              )}
            </p>
            <Trouble text={trouble} />
            <div className="acts confirm-acts">
              <Button className="danger" loading={busy} onClick={() => void run(worker.id)}>
                {t("Drain")}
              </Button>
              <Button variant="default" onClick={() => setLeaving(undefined)}>
                {t("Keep it")}
              </Button>
            </div>
          </>
        )}
      </Dialog>
    </>
  );
}

function State({ worker }: { worker: WorkerOf }) {
  const { t } = useWords();
  const [color, text] = !worker.active
    ? ["red", t("silent")]
    : worker.draining
      ? ["yellow", t("drains")]
      : ["teal", t("active")];
  return (
    <Badge variant="dot" color={color} tt="none" fw={500} miw="max-content">
      {text}
    </Badge>
  );
}
