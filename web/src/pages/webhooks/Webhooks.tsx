import * as routes from "@kirin/client/routes";
import { Badge, Button, CopyButton, Table, Title } from "@mantine/core";
import { useCallback, useEffect, useState } from "react";
import { Link } from "wouter";
import { readPages } from "../../api/pages";
import { useSession } from "../../api/session";
import type { Webhook, WebhookPage } from "../../api/types";
import { useWords } from "../../i18n";
import { written } from "../../lib/moments";
import { Icon } from "../../parts/Icon";
import { useAct } from "../../parts/useAct";
import { useMessage } from "../../parts/useMessage";
import { usePoll } from "../../parts/usePoll";
import { When } from "../../parts/When";

const PAUSE_MS = 3000;

/** How many older ones are shown at a time. */
const MORE = 100;

const COLOURS = { waiting: "yellow", delivered: "teal", given_up: "red" };

/** Everything that was sent to callback addresses, and what they answered. */
export default function Webhooks() {
  const { t } = useWords();
  const { client } = useSession();
  const [wanted, setWanted] = useState(20);
  const read = useCallback(
    (signal: AbortSignal) =>
      readPages(client, routes.webhooks, (page: WebhookPage) => page.webhooks, { wanted, signal }),
    [client, wanted],
  );
  const { data, error } = usePoll(
    read,
    (seen) => PAUSE_MS * Math.ceil((seen?.list.length ?? 0) / MORE || 1),
  );
  const [open, setOpen] = useState("");
  const message = useMessage();
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <Title order={1}>{t("Webhooks")}</Title>
          <p className="dim small">{t("What was sent to the callback addresses of your tasks.")}</p>
        </div>
        <Signing />
      </header>
      {!!error && <p className="field-error">{message(error)}</p>}
      {data && !data.list.length && (
        <div className="stage-empty">
          <Icon name="webhook" size={34} />
          <p>{t("No task has asked for a callback yet.")}</p>
        </div>
      )}
      {!!data?.list.length && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        <section className="card table-card" tabIndex={0} aria-label={t("Webhooks")}>
          <Table verticalSpacing="sm" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("When")}</Table.Th>
                <Table.Th>{t("Tells of")}</Table.Th>
                <Table.Th>{t("State")}</Table.Th>
                <Table.Th>{t("Attempts")}</Table.Th>
                <Table.Th>{t("Address")}</Table.Th>
                <Table.Th>
                  <span className="visually-hidden">{t("Details")}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.list.map((webhook) => (
                <Row
                  key={webhook.id}
                  webhook={webhook}
                  open={open === webhook.id}
                  onToggle={() => setOpen(open === webhook.id ? "" : webhook.id)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      {data?.next && (
        <div className="centre">
          <Button variant="default" onClick={() => setWanted(data.list.length + MORE)}>
            {t("Show more")}
          </Button>
        </div>
      )}
    </div>
  );
}

function Row({
  webhook,
  open,
  onToggle,
}: {
  webhook: Webhook;
  open: boolean;
  onToggle: () => void;
}) {
  const { t } = useWords();
  return (
    <>
      <Table.Tr>
        <Table.Td className="nowrap">
          <When at={webhook.created_at} />
        </Table.Td>
        <Table.Td>
          <Link href={`/gallery/${webhook.task}`} className="quiet-link">
            {/* As it was sent. */}
            <span className="mono">{webhook.status}</span>
          </Link>
        </Table.Td>
        <Table.Td>
          <Badge variant="dot" color={COLOURS[webhook.state]} tt="none" fw={500} miw="max-content">
            {t(webhook.state.replace("_", " "))}
          </Badge>
        </Table.Td>
        <Table.Td>{webhook.attempt_count}</Table.Td>
        <Table.Td className="mono url-cell">{webhook.url}</Table.Td>
        <Table.Td>
          <Button size="compact-xs" variant="default" aria-expanded={open} onClick={onToggle}>
            {t("Details")}
          </Button>
        </Table.Td>
      </Table.Tr>
      {open && (
        <Table.Tr>
          <Table.Td colSpan={6}>
            <Details id={webhook.id} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function Details({ id }: { id: string }) {
  const { t, language } = useWords();
  const { client } = useSession();
  const read = useCallback(
    (signal: AbortSignal) => client.run(routes.webhook(id, { signal })),
    [client, id],
  );
  const { data, refresh } = usePoll(read, () => PAUSE_MS);
  const again = useAct(() => client.run(routes.redeliver(id)));
  return (
    <div className="attempts">
      <ol>
        {data?.attempts?.map((attempt) => (
          <li key={attempt.number}>
            <span className="nowrap">
              <When at={attempt.sent_at} detail="time" /> · {attempt.milliseconds} ms ·{" "}
              <strong>{attempt.status ?? t("no answer")}</strong>
            </span>
            {attempt.outcome && <pre className="code">{attempt.outcome}</pre>}
          </li>
        ))}
        {data && !data.attempts?.length && <li className="dim">{t("Not sent yet.")}</li>}
      </ol>
      {data?.body && (
        <details>
          <summary className="small">{t("Body")}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
          <pre className="code" tabIndex={0}>
            {JSON.stringify(data.body, null, 2)}
          </pre>
        </details>
      )}
      <div className="acts">
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<Icon name="again" size={14} />}
          loading={again.busy}
          onClick={() => void again.run().then(refresh)}
        >
          {t("Send again")}
        </Button>
        {data?.next_attempt_at && (
          <span className="dim small">
            {t("next attempt at {time}", {
              time: written(data.next_attempt_at, language, "time"),
            })}
          </span>
        )}
      </div>
      {again.trouble && <p className="field-error">{again.trouble}</p>}
    </div>
  );
}

/** What receivers verify signatures with; read only when somebody wants it. */
function Signing() {
  const { t } = useWords();
  const { client } = useSession();
  const [secret, setSecret] = useState("");
  useEffect(() => () => setSecret(""), []);
  async function show() {
    const answer = await client.run(routes.webhookSecret()).catch(() => null);
    setSecret(answer?.secret ?? "");
  }
  if (!secret) {
    return (
      <Button variant="default" leftSection={<Icon name="key" size={16} />} onClick={show}>
        {t("Show the signing secret")}
      </Button>
    );
  }
  return (
    <CopyButton value={secret}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          className="mono"
          rightSection={<Icon name={copied ? "check" : "copy"} size={16} />}
          onClick={copy}
        >
          {secret}
        </Button>
      )}
    </CopyButton>
  );
}
