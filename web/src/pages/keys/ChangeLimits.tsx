import * as admin from "@kirin/client/routes/admin";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Client } from "../../api/client";
import type { KeyOfAccount } from "../../api/types";
import { useWords } from "../../i18n";
import { draftOf, limitsOf } from "../../lib/limits";
import { LimitFields } from "../../parts/LimitFields";
import { Trouble } from "../../parts/Trouble";
import { useAct } from "../../parts/useAct";

interface Props {
  client: Client;
  found: KeyOfAccount;
  onDone: () => void;
}

/** The limits of one key, beside those of its account. */
export function ChangeLimits({ client, found, onDone }: Props) {
  const { t } = useWords();
  const [limits, setLimits] = useState(draftOf(found.limits));
  const { busy, trouble, run } = useAct(async () => {
    await client.run(admin.changeKey(found.id, limitsOf(limits)));
    onDone();
  });
  return (
    <form
      className="new-key"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <LimitFields draft={limits} onChange={setLimits} />
      <p className="dim small">{t("Those of its account count as well.")}</p>
      <Trouble text={trouble} />
      <Button type="submit" loading={busy}>
        {t("Save")}
      </Button>
    </form>
  );
}
