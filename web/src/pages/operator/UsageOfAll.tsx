import * as admin from "@kirin/client/routes/admin";
import { useMemo } from "react";
import type { Client } from "../../api/client";
import { useWords } from "../../i18n";
import { AccountSelect } from "../../parts/AccountSelect";
import { ForOperators } from "../../parts/ForOperators";
import { useAccounts } from "../../parts/useAccounts";
import { useQuery } from "../../parts/useQuery";
import { UsageOf, type UsageRoutes } from "../usage/Usage";

/** What all accounts have made and spent, or one of them. */
export default function UsageOfAll() {
  const { t } = useWords();
  return (
    <ForOperators title={t("Usage of all")}>{(client) => <Chosen client={client} />}</ForOperators>
  );
}

function Chosen({ client }: { client: Client }) {
  const accounts = useAccounts(client);
  const [account, setAccount] = useQuery("account");
  const names = useMemo(() => new Map(accounts.map((each) => [each.id, each.name])), [accounts]);
  const of = useMemo<UsageRoutes>(() => {
    const chosen = { account: account || undefined };
    return {
      usage: (options) => admin.usage({ ...options, ...chosen }),
      usageCsv: (options) => admin.usageCsv({ ...options, ...chosen }),
    };
  }, [account]);
  return (
    <UsageOf client={client} of={of} accounts={names}>
      <AccountSelect accounts={accounts} value={account} onChange={setAccount} />
    </UsageOf>
  );
}
