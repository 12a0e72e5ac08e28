import * as admin from "@kirin/client/routes/admin";
import { Button, NumberInput, Table } from "@mantine/core";
import { useCallback, useState } from "react";
import type { Client } from "../../api/client";
import type { WaitingTask } from "../../api/types";
import { useWords } from "../../i18n";
import { Dialog } from "../../parts/Dialog";
import { Sheet } from "../../parts/Sheet";
import { Trouble } from "../../parts/Trouble";
import { useAccounts } from "../../parts/useAccounts";
import { useAct } from "../../parts/useAct";
import { useMessage } from "../../parts/useMessage";
import { usePoll } from "../../parts/usePoll";
import { When } from "../../parts/When";

const PAUSE_MS = 4000;
/** As the server takes it, either way. */
const MOST = 1000;

/** The tasks that are handed out next, and a way to move them. */
export function WaitingTasks({ client }: { client: Client }) {
  const { t } = useWords();
  const message = useMessage();
  const accounts = new Map(useAccounts(client).map((each) => [each.id, each.name]));
  const read = useCallback(
    (signal: AbortSignal) => client.run(admin.queue({ limit: 20, signal })),
    [client],
  );
  const { data, error, refresh } = usePoll(read, () => PAUSE_MS);
  const [moved, setMoved] = useState<WaitingTask>();
  const { busy, trouble, run } = useAct(
    async (task: string, to: { priority?: number; front?: boolean }) => {
      try {
        await client.run(admin.prioritise(task, to));
        setMoved(undefined);
      } finally {
        refresh();
      }
    },
  );
  return (
    <>
      {!!error && <p className="field-error">{message(error)}</p>}
      {!moved && <Trouble text={trouble} />}
      <Sheet
        label={t("Waiting tasks, the next first")}
        shown
        count={data?.tasks.length ?? 1}
        empty={t("Nothing waits.")}
        columns={[
          { name: t("Task") },
          { name: t("Account") },
          { name: t("Model") },
          { name: t("Since") },
          { name: t("Priority"), number: true },
          { name: t("Actions"), hidden: true },
        ]}
      >
        {data?.tasks.map((task, index) => (
          <Table.Tr key={task.id}>
            <Table.Td className="mono long-id">{task.id}</Table.Td>
            <Table.Td>{accounts.get(task.account) ?? task.account}</Table.Td>
            <Table.Td>
              <span className="mono">{task.model}</span>
              <p className="dim small">{task.engine ?? t("none needed")}</p>
            </Table.Td>
            <Table.Td className="nowrap">
              <When at={task.created_at} />
            </Table.Td>
            <Table.Td ta="right">{task.priority}</Table.Td>
            <Table.Td className="nowrap">
              <div className="row-acts">
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={busy || index === 0}
                  aria-label={t("To the front: {id}", { id: task.id })}
                  onClick={() => void run(task.id, { front: true })}
                >
                  {t("To the front")}
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t("Priority of {id}", { id: task.id })}
                  onClick={() => setMoved(task)}
                >
                  {t("Priority")}
                </Button>
              </div>
            </Table.Td>
          </Table.Tr>
        ))}
      </Sheet>
      <Dialog
        about={moved}
        onClose={() => setMoved(undefined)}
        title={() => t("Priority of a task")}
        centered
      >
        {(task) => (
          <PriorityForm
            key={task.id}
            task={task}
            busy={busy}
            trouble={trouble}
            onMove={(priority) => void run(task.id, { priority })}
          />
        )}
      </Dialog>
    </>
  );
}

interface FormProps {
  task: WaitingTask;
  busy: boolean;
  trouble: string;
  onMove: (priority: number) => void;
}

function PriorityForm({ task, busy, trouble, onMove }: FormProps) {
  const { t } = useWords();
  const [priority, setPriority] = useState<number | string>(task.priority);
  return (
    <form
      className="stack-form"
      onSubmit={(event) => {
        event.preventDefault();
        onMove(Number(priority));
      }}
    >
      <p className="small dim">
        {t(
          "It changes the order among tasks that wait, and nothing else: a task that is being rendered is not interrupted for it.",
        )}
      </p>
      <NumberInput
        label={t("Priority")}
        description={t("Higher is sooner; every task begins with 0.")}
        value={priority}
        onChange={setPriority}
        min={-MOST}
        max={MOST}
        allowDecimal={false}
        data-autofocus
      />
      <Trouble text={trouble} />
      <div className="acts confirm-acts">
        <Button type="submit" loading={busy} disabled={priority === ""}>
          {t("Save")}
        </Button>
      </div>
    </form>
  );
}
