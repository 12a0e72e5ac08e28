import * as admin from "@kirin/client/routes/admin";
import { Button, Table, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import type { Client } from "../../api/client";
import type { Account, AccountPage } from "../../api/types";
import { useWords } from "../../i18n";
import { draftOf, limitsOf } from "../../lib/limits";
import { Dialog } from "../../parts/Dialog";
import { ForOperators } from "../../parts/ForOperators";
import { Icon } from "../../parts/Icon";
import { LimitFields } from "../../parts/LimitFields";
import { LimitList } from "../../parts/LimitList";
import { More } from "../../parts/More";
import { Sheet } from "../../parts/Sheet";
import { Trouble } from "../../parts/Trouble";
import { useAct } from "../../parts/useAct";
import { useMessage } from "../../parts/useMessage";
import { usePages } from "../../parts/usePages";
import { When } from "../../parts/When";
import { AccountDetails } from "./AccountDetails";
import { Proof } from "./Proof";

const accountsOf = (page: AccountPage) => page.accounts;

/** All accounts, or one of them. */
export default function Accounts({ id }: { id?: string | undefined }) {
  const { t } = useWords();
  return (
    <ForOperators title={t("Accounts")}>
      {(client) =>
        id ? <AccountDetails key={id} client={client} id={id} /> : <List client={client} />
      }
    </ForOperators>
  );
}

function List({ client }: { client: Client }) {
  const { t } = useWords();
  const message = useMessage();
  const [, go] = useLocation();
  const pages = usePages(client, admin.accounts, accountsOf);
  const [making, setMaking] = useState(false);
  return (
    <>
      <header className="page-head">
        <Title order={1}>{t("Accounts")}</Title>
        <div className="filters">
          <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setMaking(true)}>
            {t("New account")}
          </Button>
        </div>
      </header>
      {!!pages.error && <p className="field-error">{message(pages.error)}</p>}
      <Proof client={client} />
      <Sheet
        label={t("Accounts")}
        count={pages.items?.length ?? 1}
        columns={[
          { name: t("Name") },
          { name: t("Available"), number: true },
          { name: t("Held"), number: true },
          { name: t("Discount"), number: true },
          { name: t("Limits") },
          { name: t("Made") },
        ]}
      >
        {pages.items?.map((account) => (
          <Table.Tr key={account.id}>
            <Table.Td>
              <Link href={`/operator/accounts/${account.id}`} translate="no">
                {account.name}
              </Link>
            </Table.Td>
            <Table.Td ta="right" className="nowrap">
              {account.balance.available} {account.balance.currency}
            </Table.Td>
            <Table.Td ta="right" className="nowrap">
              {account.balance.held} {account.balance.currency}
            </Table.Td>
            <Table.Td ta="right">{account.discount_percent} %</Table.Td>
            <Table.Td>
              <LimitList limits={account.limits} />
            </Table.Td>
            <Table.Td className="nowrap">
              <When at={account.created_at} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Sheet>
      <More pages={pages} />
      <Dialog
        about={making || undefined}
        onClose={() => setMaking(false)}
        title={() => t("New account")}
      >
        {() => (
          <NewAccount client={client} onMade={(made) => go(`/operator/accounts/${made.id}`)} />
        )}
      </Dialog>
    </>
  );
}

function NewAccount({ client, onMade }: { client: Client; onMade: (made: Account) => void }) {
  const { t } = useWords();
  const [name, setName] = useState("");
  const [discount, setDiscount] = useState("");
  const [limits, setLimits] = useState(draftOf());
  const { busy, trouble, run } = useAct(async () => {
    const terms = { limits: limitsOf(limits), discountPercent: discount.trim() || undefined };
    onMade(await client.run(admin.createAccount(name, terms)));
  });
  return (
    <form
      className="new-key"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <TextInput
        label={t("Name")}
        value={name}
        maxLength={128}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
        required
      />
      <TextInput
        label={t("Discount in per cent")}
        value={discount}
        inputMode="decimal"
        placeholder="0"
        onChange={(event) => setDiscount(event.currentTarget.value)}
      />
      <LimitFields draft={limits} onChange={setLimits} />
      <Trouble text={trouble} />
      <Button type="submit" loading={busy} disabled={!name.trim()}>
        {t("Make the account")}
      </Button>
    </form>
  );
}
