import * as admin from "@kirin/client/routes/admin";
import { Button, NativeSelect, Table, Title } from "@mantine/core";
import { useCallback, useState } from "react";
import { Link } from "wouter";
import type { Client } from "../../api/client";
import type { AuditEntry, AuditPage } from "../../api/types";
import { useWords } from "../../i18n";
import { AccountSelect } from "../../parts/AccountSelect";
import { ForOperators } from "../../parts/ForOperators";
import { More } from "../../parts/More";
import { Sheet } from "../../parts/Sheet";
import { useAccounts } from "../../parts/useAccounts";
import { useMessage } from "../../parts/useMessage";
import { usePages } from "../../parts/usePages";
import { useQuery } from "../../parts/useQuery";
import { When } from "../../parts/When";

/** What the server writes down, as its log names it. */
const ACTIONS = [
  "account.created",
  "account.changed",
  "account.topped_up",
  "account.erased",
  "backup.made",
  "backup.restored",
  "key.created",
  "key.changed",
  "key.rotated",
  "key.revoked",
  "prices.changed",
  "queue.paused",
  "queue.resumed",
  "task.prioritised",
  "worker.drained",
];

const entriesOf = (page: AuditPage) => page.entries;

/** Who did what, the newest first. */
export default function Audit() {
  const { t } = useWords();
  return <ForOperators title={t("Audit")}>{(client) => <Log client={client} />}</ForOperators>;
}

function Log({ client }: { client: Client }) {
  const { t } = useWords();
  const message = useMessage();
  const accounts = useAccounts(client);
  const [account, setAccount] = useQuery("account");
  const [action, setAction] = useQuery("action");
  const pageOf = useCallback(
    (options: Parameters<typeof admin.audit>[0]) =>
      admin.audit({ ...options, account: account || undefined, action: action || undefined }),
    [account, action],
  );
  const pages = usePages(client, pageOf, entriesOf);
  const names = new Map(accounts.map((each) => [each.id, each.name]));
  return (
    <>
      <header className="page-head">
        <div>
          <Title order={1}>{t("Audit")}</Title>
          <p className="dim small">
            {t(
              "Every act on accounts, keys, balances, prices, queues and workers. Nothing in it can be changed.",
            )}
          </p>
        </div>
        <div className="filters">
          <AccountSelect accounts={accounts} value={account} onChange={setAccount} />
          <NativeSelect
            aria-label={t("Action")}
            value={action}
            onChange={(event) => setAction(event.currentTarget.value)}
            data={[
              { value: "", label: t("Every action") },
              ...ACTIONS.map((each) => ({ value: each, label: each })),
            ]}
          />
          <Button variant="default" loading={pages.busy} onClick={pages.refresh}>
            {t("Read anew")}
          </Button>
        </div>
      </header>
      {!!pages.error && <p className="field-error">{message(pages.error)}</p>}
      <Sheet
        label={t("Audit")}
        count={pages.items?.length ?? 1}
        empty={t("Nothing of this kind was done.")}
        columns={[
          { name: t("When") },
          { name: t("Who") },
          { name: t("Action") },
          { name: t("Account") },
          { name: t("On what") },
          { name: t("Address") },
          { name: t("Details"), hidden: true },
        ]}
      >
        {pages.items?.map((entry) => (
          <Row key={entry.id} entry={entry} name={names.get(entry.account ?? "")} />
        ))}
      </Sheet>
      <More pages={pages} />
    </>
  );
}

function Row({ entry, name }: { entry: AuditEntry; name: string | undefined }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Table.Tr>
        <Table.Td className="nowrap">
          <When at={entry.at} />
        </Table.Td>
        <Table.Td className="mono">{entry.actor}</Table.Td>
        <Table.Td className="mono nowrap">{entry.action}</Table.Td>
        <Table.Td>
          {entry.account && (
            <Link href={`/operator/accounts/${entry.account}`}>
              <span translate="no">{name ?? entry.account}</span>
            </Link>
          )}
        </Table.Td>
        <Table.Td className="mono">{entry.target}</Table.Td>
        <Table.Td className="mono nowrap">{entry.address || "–"}</Table.Td>
        <Table.Td>
          <Button
            size="compact-xs"
            variant="default"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {t("Details")}
          </Button>
        </Table.Td>
      </Table.Tr>
      {open && (
        <Table.Tr>
          <Table.Td colSpan={7}>
            <pre className="code">{JSON.stringify(entry.details, null, 2)}</pre>
            {entry.request_id && (
              <p className="dim small">
                {t("Request")} <span className="mono">{entry.request_id}</span>
              </p>
            )}
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}
