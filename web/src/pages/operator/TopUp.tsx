import * as admin from "@kirin/client/routes/admin";
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Client } from "../../api/client";
import type { Account } from "../../api/types";
import { useWords } from "../../i18n";
import { Trouble } from "../../parts/Trouble";
import { useAct } from "../../parts/useAct";

interface Props {
  client: Client;
  account: Account;
  onDone: () => void;
}

/** Adds money to an account; a reference, such as a payment's id, is booked once. */
export function TopUp({ client, account, onDone }: Props) {
  const { t } = useWords();
  const [amount, setAmount] = useState("");
  const [reference, setReference] = useState("");
  const [note, setNote] = useState("");
  const [booked, setBooked] = useState("");
  const { busy, trouble, run } = useAct(async () => {
    const more = { note, reference: reference.trim() || undefined };
    await client.run(admin.topUp(account.id, amount.trim(), more));
    setBooked(amount.trim());
    setAmount("");
    setReference("");
    setNote("");
    onDone();
  });
  return (
    <form
      className="card new-key"
      aria-label={t("Top up")}
      onChange={() => setBooked("")}
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <h2 className="sheet-title">{t("Top up")}</h2>
      <div className="limit-fields">
        <TextInput
          label={t("Amount in USD")}
          description={t("A negative amount takes some back.")}
          value={amount}
          inputMode="decimal"
          placeholder="25.00"
          onChange={(event) => setAmount(event.currentTarget.value)}
          required
        />
        <TextInput
          label={t("Payment reference")}
          description={t("Such as a payment's id; it is booked once.")}
          value={reference}
          maxLength={128}
          onChange={(event) => setReference(event.currentTarget.value)}
        />
      </div>
      <TextInput
        label={t("Note")}
        value={note}
        maxLength={512}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Trouble text={trouble} />
      <div className="acts">
        <Button type="submit" loading={busy} disabled={!amount.trim()}>
          {t("Book it")}
        </Button>
        <span role="status" className="dim small">
          {booked && t("{amount} USD are booked.", { amount: booked })}
        </span>
      </div>
    </form>
  );
}
