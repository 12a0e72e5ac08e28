import * as admin from "@kirin/client/routes/admin";
import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { Client } from "../../api/client";
import type { KeyOfAccount } from "../../api/types";
import { useWords } from "../../i18n";
import { Trouble } from "../../parts/Trouble";
import { useAct } from "../../parts/useAct";

const HOUR = 3600;

interface Props {
  client: Client;
  found: KeyOfAccount;
  onMade: (secret: string) => void;
}

/** Replaces a key by one with the same rights; for a while both work. */
export function Rotate({ client, found, onMade }: Props) {
  const { t } = useWords();
  const [overlap, setOverlap] = useState(String(24 * HOUR));
  const { busy, trouble, run } = useAct(async () => {
    const made = await client.run(admin.rotateKey(found.id, { overlapSeconds: Number(overlap) }));
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
      <p className="dim small">{t("The new key has the same scopes and limits.")}</p>
      <NativeSelect
        label={t("The old key works")}
        value={overlap}
        onChange={(event) => setOverlap(event.currentTarget.value)}
        data={[
          { value: "0", label: t("no longer") },
          { value: String(HOUR), label: t("for another hour") },
          { value: String(24 * HOUR), label: t("for another day") },
          { value: String(7 * 24 * HOUR), label: t("for another 7 days") },
        ]}
      />
      <Trouble text={trouble} />
      <Button type="submit" loading={busy}>
        {t("Rotate")}
      </Button>
    </form>
  );
}
