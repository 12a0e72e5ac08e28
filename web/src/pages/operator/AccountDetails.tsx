import * as admin from "@kirin/client/routes/admin";
import { Button, Table, TextInput, Title } from "@mantine/core";
import { useCallback, useState } from "react";
import { Link } from "wouter";
import type { Client } from "../../api/client";
import type { Account, TransactionOf, TransactionPage } from "../../api/types";
import { useWords } from "../../i18n";
import { draftOf, limitsOf } from "../../lib/limits";
import { LimitFields } from "../../parts/LimitFields";
import { More } from "../../parts/More";
import { Sheet } from "../../parts/Sheet";
import { Sum } from "../../parts/Sum";
import { Trouble } from "../../parts/Trouble";
import { useAct } from "../../parts/useAct";
import { useMessage } from "../../parts/useMessage";
import { type Pages, usePages } from "../../parts/usePages";
import { usePoll } from "../../parts/usePoll";
import { When } from "../../parts/When";
import { TopUp } from "./TopUp";

const PAUSE_MS = 10_000;

const transactionsOf = (page: TransactionPage) => page.transactions;

/** One account: its money, its terms, and every transaction. */
export function AccountDetails({ client, id }: { client: Client; id: string }) {
  const { t } = useWords();
  const message = useMessage();
  const read = useCallback(
    (signal: AbortSignal) => client.run(admin.account(id, { signal })),
    [client, id],
  );
  const { data, error, refresh } = usePoll(read, (seen) => (seen ? PAUSE_MS : 0));
  const pageOf = useCallback(
    (options: Parameters<typeof admin.transactions>[1]) => admin.transactions(id, options),
    [id],
  );
  const ledger = usePages(client, pageOf, transactionsOf);
  const changed = () => {
    refresh();
    ledger.refresh();
  };
  return (
    <>
      <header className="page-head">
        <div>
          <Link href="/operator/accounts" className="quiet-link">
            {t("All accounts")}
          </Link>
          <Title order={1}>{data?.name ?? t("Account")}</Title>
          <p className="dim small mono">{id}</p>
        </div>
        <div className="filters">
          <Button component={Link} variant="default" href={`/keys?account=${id}`}>
            {t("Keys")}
          </Button>
          <Button component={Link} variant="default" href={`/operator/usage?account=${id}`}>
            {t("Usage")}
          </Button>
          <Button component={Link} variant="default" href={`/operator/audit?account=${id}`}>
            {t("Audit")}
          </Button>
        </div>
      </header>
      {!!error && <p className="field-error">{message(error)}</p>}
      {data && (
        <>
          <dl className="sums">
            <Sum
              name={t("Available")}
              value={`${data.balance.available} ${data.balance.currency}`}
            />
            <Sum
              name={t("Held")}
              value={`${data.balance.held} ${data.balance.currency}`}
              about={t("for unfinished tasks")}
            />
          </dl>
          <div className="sheets">
            <TopUp client={client} account={data} onDone={changed} />
            <Terms key={data.id} client={client} account={data} onDone={refresh} />
          </div>
        </>
      )}
      <Ledger pages={ledger} />
    </>
  );
}

interface TermsProps {
  client: Client;
  account: Account;
  onDone: () => void;
}

function Terms({ client, account, onDone }: TermsProps) {
  const { t } = useWords();
  const [name, setName] = useState(account.name);
  const [discount, setDiscount] = useState(account.discount_percent);
  const [limits, setLimits] = useState(draftOf(account.limits));
  const [saved, setSaved] = useState(false);
  const { busy, trouble, run } = useAct(async () => {
    const changes = {
      name,
      discountPercent: discount.trim() || "0",
      limits: limitsOf(limits),
    };
    await client.run(admin.changeAccount(account.id, changes));
    setSaved(true);
    onDone();
  });
  return (
    <form
      className="card new-key"
      aria-label={t("Terms")}
      onChange={() => setSaved(false)}
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <h2 className="sheet-title">{t("Terms")}</h2>
      <div className="limit-fields">
        <TextInput
          label={t("Name")}
          value={name}
          maxLength={128}
          onChange={(event) => setName(event.currentTarget.value)}
          required
        />
        <TextInput
          label={t("Discount in per cent")}
          value={discount}
          inputMode="decimal"
          onChange={(event) => setDiscount(event.currentTarget.value)}
        />
      </div>
      <LimitFields draft={limits} onChange={setLimits} />
      <Trouble text={trouble} />
      <div className="acts">
        <Button type="submit" loading={busy} disabled={!name.trim()}>
          {t("Save")}
        </Button>
        <span role="status" className="dim small">
          {saved && t("Saved.")}
        </span>
      </div>
    </form>
  );
}

function Ledger({ pages }: { pages: Pages<TransactionOf> }) {
  const { t } = useWords();
  const message = useMessage();
  return (
    <>
      {!!pages.error && <p className="field-error">{message(pages.error)}</p>}
      <Sheet
        label={t("Ledger")}
        shown
        count={pages.items?.length ?? 1}
        empty={t("No money has moved yet.")}
        columns={[
          { name: t("When") },
          { name: t("Kind") },
          { name: t("Available"), number: true },
          { name: t("Held"), number: true },
          { name: t("Task or reference") },
          { name: t("Note") },
        ]}
      >
        {pages.items?.map((each) => (
          <Table.Tr key={each.id}>
            <Table.Td className="nowrap">
              <When at={each.created_at} />
            </Table.Td>
            <Table.Td>{t(each.kind.replaceAll("_", " "))}</Table.Td>
            <Table.Td ta="right">{each.entries.available ?? "–"}</Table.Td>
            <Table.Td ta="right">{each.entries.held ?? "–"}</Table.Td>
            <Table.Td className="mono">{each.reference ?? each.task ?? ""}</Table.Td>
            <Table.Td>{each.note}</Table.Td>
          </Table.Tr>
        ))}
      </Sheet>
      <More pages={pages} />
    </>
  );
}
