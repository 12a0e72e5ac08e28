import * as admin from "@kirin/client/routes/admin";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { Client } from "../../api/client";
import type { Proof as ProofAnswer } from "../../api/types";
import { useWords } from "../../i18n";
import { Icon } from "../../parts/Icon";
import { Trouble } from "../../parts/Trouble";
import { useAct } from "../../parts/useAct";
import { When } from "../../parts/When";

/** Whether the ledger adds up, when somebody asks: it reads all of it. */
export function Proof({ client }: { client: Client }) {
  const { t } = useWords();
  const [found, setFound] = useState<ProofAnswer>();
  const { busy, trouble, run } = useAct(async () => {
    setFound(await client.run(admin.verifyLedger()));
  });
  return (
    <section className="card proof" aria-label={t("The ledger")}>
      <div className="proof-head">
        <p>
          {t("The ledger can prove that every amount adds up and every task was settled once.")}
        </p>
        <Button variant="default" loading={busy} onClick={() => void run()}>
          {t("Verify the ledger")}
        </Button>
      </div>
      <Trouble text={trouble} />
      {found && (
        <div role="status">
          <p className="proof-verdict" data-bad={found.problem_count ? true : undefined}>
            <Icon name={found.problem_count ? "alert" : "check"} size={16} />
            {found.problem_count
              ? t("The ledger is wrong in {n} places.", { n: found.problem_count })
              : t("Everything adds up.")}
          </p>
          <p className="dim small">
            {t(
              "{transactions} transactions, {settled} tasks settled, {open} held, sum {total} USD",
              {
                transactions: found.transactions,
                settled: found.settled,
                open: found.open,
                total: found.total,
              },
            )}
            {" · "}
            <When at={found.at} />
          </p>
          {!!found.problems.length && (
            <ul className="rules">
              {found.problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          )}
        </div>
      )}
    </section>
  );
}
