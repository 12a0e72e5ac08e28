import * as admin from "@kirin/client/routes/admin";
import { Button, Title } from "@mantine/core";
import { useCallback, useState } from "react";
import type { Client } from "../../api/client";
import type { KeyOfAccount, KeyPage } from "../../api/types";
import { useWords } from "../../i18n";
import { AccountSelect } from "../../parts/AccountSelect";
import { Confirm } from "../../parts/Confirm";
import { Dialog } from "../../parts/Dialog";
import { ForOperators } from "../../parts/ForOperators";
import { Icon } from "../../parts/Icon";
import { More } from "../../parts/More";
import { Secret } from "../../parts/Secret";
import { Sheet } from "../../parts/Sheet";
import { useAccounts } from "../../parts/useAccounts";
import { useMessage } from "../../parts/useMessage";
import { usePages } from "../../parts/usePages";
import { useQuery } from "../../parts/useQuery";
import { useRemoval } from "../../parts/useRemoval";
import { ChangeLimits } from "./ChangeLimits";
import { KeyRow } from "./KeyRow";
import { NewKey } from "./NewKey";
import { Rotate } from "./Rotate";

const keysOf = (page: KeyPage) => page.keys;

/** What somebody is about to do, in a dialog. */
type Doing =
  | { kind: "new" }
  | { kind: "rotate" | "limits"; key: KeyOfAccount }
  | { kind: "secret"; secret: string };

/** The keys of all accounts; only an operator's key can manage keys. */
export default function Keys() {
  const { t } = useWords();
  return <ForOperators title={t("Keys")}>{(client) => <Managed client={client} />}</ForOperators>;
}

function Managed({ client }: { client: Client }) {
  const { t } = useWords();
  const message = useMessage();
  const accounts = useAccounts(client);
  const [account, setAccount] = useQuery("account");
  const pageOf = useCallback(
    (options: Parameters<typeof admin.allKeys>[0]) =>
      admin.allKeys({ ...options, account: account || undefined }),
    [account],
  );
  const pages = usePages(client, pageOf, keysOf);
  const [doing, setDoing] = useState<Doing>();
  const removal = useRemoval(
    (key: KeyOfAccount) => client.run(admin.revokeKey(key.id)),
    pages.refresh,
  );
  const made = (secret: string) => {
    setDoing({ kind: "secret", secret });
    pages.refresh();
  };
  return (
    <>
      <header className="page-head">
        <div>
          <Title order={1}>{t("Keys")}</Title>
          <p className="dim small">{t("A key is shown once, when it is made.")}</p>
        </div>
        <div className="filters">
          <AccountSelect accounts={accounts} value={account} onChange={setAccount} />
          <Button
            leftSection={<Icon name="plus" size={16} />}
            onClick={() => setDoing({ kind: "new" })}
          >
            {t("New key")}
          </Button>
        </div>
      </header>
      {(removal.trouble || !!pages.error) && (
        <p className="field-error">{removal.trouble || message(pages.error)}</p>
      )}
      <Sheet
        label={t("Keys")}
        count={pages.items?.length ?? 1}
        empty={t("This account has no keys.")}
        columns={[
          { name: t("Name") },
          { name: t("Account") },
          { name: t("Scopes") },
          { name: t("Limits") },
          { name: t("Made") },
          { name: t("Last used") },
          { name: t("Ends") },
          { name: t("What to do"), hidden: true },
        ]}
      >
        {pages.items?.map((key) => (
          <KeyRow
            key={key.id}
            found={key}
            onRevoke={() => removal.ask(key)}
            onRotate={() => setDoing({ kind: "rotate", key })}
            onLimits={() => setDoing({ kind: "limits", key })}
          />
        ))}
      </Sheet>
      <More pages={pages} />
      <Dialog
        about={doing}
        onClose={() => setDoing(undefined)}
        title={(what) => titleOf(what, t)}
        closeOnClickOutside={doing?.kind !== "secret"}
      >
        {(what) => (
          <>
            {what.kind === "secret" && <Secret secret={what.secret} />}
            {what.kind === "new" && (
              <NewKey client={client} accounts={accounts} chosen={account} onMade={made} />
            )}
            {what.kind === "rotate" && <Rotate client={client} found={what.key} onMade={made} />}
            {what.kind === "limits" && (
              <ChangeLimits
                client={client}
                found={what.key}
                onDone={() => {
                  setDoing(undefined);
                  pages.refresh();
                }}
              />
            )}
          </>
        )}
      </Dialog>
      <Confirm
        removal={removal}
        title={(key) => t("Revoke {name}?", { name: key.name })}
        act={t("Revoke")}
      >
        {t("Whoever uses it is refused from now on. This cannot be undone.")}
      </Confirm>
    </>
  );
}

function titleOf(doing: Doing, t: ReturnType<typeof useWords>["t"]): string {
  if (doing.kind === "secret") return t("Your new key");
  if (doing.kind === "new") return t("New key");
  const { name } = doing.key;
  return doing.kind === "rotate" ? t("Rotate {name}", { name }) : t("Limits of {name}", { name });
}
