import * as admin from "@kirin/client/routes/admin";
import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Client } from "../../api/client";
import type { Account, Scope } from "../../api/types";
import { useWords } from "../../i18n";
import { draftOf, limitsOf } from "../../lib/limits";
import { AccountSelect } from "../../parts/AccountSelect";
import { LimitFields } from "../../parts/LimitFields";
import { Trouble } from "../../parts/Trouble";
import { useAct } from "../../parts/useAct";

const SCOPES: Scope[] = ["generate", "read", "elements", "admin"];
const USUAL: Scope[] = ["generate", "read", "elements"];
const DAY = 86_400;

interface Props {
  client: Client;
  accounts: Account[];
  /** The id of the account whose keys are shown; empty where all are. */
  chosen: string;
  onMade: (secret: string) => void;
}

export function NewKey({ client, accounts, chosen, onMade }: Props) {
  const { t } = useWords();
  const [picked, setPicked] = useState(chosen);
  // The accounts may come after the dialog.
  const account = picked || usual(accounts);
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState(USUAL);
  const [days, setDays] = useState("");
  const [limits, setLimits] = useState(draftOf());
  const { busy, trouble, run } = useAct(async () => {
    const wanted = {
      scopes,
      limits: limitsOf(limits),
      expiresIn: days ? Number(days) * DAY : undefined,
    };
    const made = await client.run(admin.createKey(account, name, wanted));
    onMade(made.secret);
  });
  return (
    <form
      className="new-key"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <AccountSelect accounts={accounts} value={account} onChange={setPicked} labelled />
      <TextInput
        label={t("Name")}
        description={t("Who or what will use it.")}
        value={name}
        maxLength={128}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
        required
      />
      <Checkbox.Group
        label={t("Scopes")}
        value={scopes}
        onChange={(chosen) => setScopes(SCOPES.filter((scope) => chosen.includes(scope)))}
      >
        <div className="scope-choices">
          {SCOPES.map((scope) => (
            <Checkbox key={scope} value={scope} label={scope} />
          ))}
        </div>
      </Checkbox.Group>
      <NativeSelect
        label={t("Ends")}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
        data={[
          { value: "", label: t("never") },
          { value: "7", label: t("after 7 days") },
          { value: "30", label: t("after 30 days") },
          { value: "90", label: t("after 90 days") },
          { value: "365", label: t("after a year") },
        ]}
      />
      <LimitFields draft={limits} onChange={setLimits} />
      <Trouble text={trouble} />
      <Button type="submit" loading={busy} disabled={!account || !name.trim() || !scopes.length}>
        {t("Make the key")}
      </Button>
    </form>
  );
}

/** The account that a server begins with, or any. */
function usual(accounts: Account[]): string {
  return (accounts.find((each) => each.name === "default") ?? accounts[0])?.id ?? "";
}
