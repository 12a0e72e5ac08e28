import * as admin from "@kirin/client/routes/admin";
import { Button, Loader, PasswordInput, Title } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Client } from "../api/client";
import { useOperator } from "../api/operator";
import { useWords } from "../i18n";
import { useAct } from "./useAct";

interface Props {
  title: string;
  children: (client: Client) => ReactNode;
}

/** What an operator sees; anybody else is asked for an operator's key, which stays in this tab. */
export function ForOperators({ title, children }: Props) {
  const { client, known } = useOperator();
  if (client) return <div className="page">{children(client)}</div>;
  return (
    <div className="page">
      <header className="page-head">
        <Title order={1}>{title}</Title>
      </header>
      {known ? <OperatorKey /> : <Loader size="sm" aria-label="…" />}
    </div>
  );
}

function OperatorKey() {
  const { t } = useWords();
  const { refused, give } = useOperator();
  const [key, setKey] = useState("");
  const { busy, trouble, run } = useAct(async () => {
    // Asked before it is kept: a key without the scope would open pages that show nothing.
    await new Client(key.trim(), () => undefined).run(admin.accounts({ limit: 1 }));
    give(key.trim());
  });
  return (
    <form
      className="card operator"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <p>{t("This takes a key that has the scope admin. Make one on the server:")}</p>
      <pre className="code">kirin keys create --name operator --scope admin</pre>
      <PasswordInput
        label={t("Operator's key")}
        description={t("It stays in this tab, and is gone when the tab closes.")}
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        error={trouble || (refused && t("The key that this tab had is not taken any more."))}
        visibilityToggleButtonProps={{ "aria-label": t("Show the key") }}
        autoComplete="off"
      />
      <Button type="submit" loading={busy} disabled={!key.trim()}>
        {t("Open")}
      </Button>
    </form>
  );
}
