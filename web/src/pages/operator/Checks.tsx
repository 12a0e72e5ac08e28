import * as admin from "@kirin/client/routes/admin";
import { Badge, Button, Loader, Table, Title } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { Client } from "../../api/client";
import type { Checks as ChecksAnswer } from "../../api/types";
import { useWords } from "../../i18n";
import { ForOperators } from "../../parts/ForOperators";
import { Icon } from "../../parts/Icon";
import { Sheet } from "../../parts/Sheet";
import { Trouble } from "../../parts/Trouble";
import { useAct } from "../../parts/useAct";
import { When } from "../../parts/When";

/** Whether the machine of the server has all that it needs: what kirin doctor asks. */
export default function Checks() {
  const { t } = useWords();
  return <ForOperators title={t("Checks")}>{(client) => <Asked client={client} />}</ForOperators>;
}

function Asked({ client }: { client: Client }) {
  const { t } = useWords();
  const [found, setFound] = useState<ChecksAnswer>();
  const { busy, trouble, run } = useAct(async () => {
    setFound(await client.run(admin.checks()));
  });
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    void run();
  }, [run]);
  const wrong = found?.checks.filter((check) => !check.good).length ?? 0;
  return (
    <>
      <header className="page-head">
        <div>
          <Title order={1}>{t("Checks")}</Title>
          <p className="dim small">
            {t("What the machine that answers has and lacks, as kirin doctor tells it.")}
          </p>
        </div>
        <div className="filters">
          <Button
            variant="default"
            leftSection={<Icon name="again" size={16} />}
            loading={busy}
            onClick={() => void run()}
          >
            {t("Check again")}
          </Button>
        </div>
      </header>
      <Trouble text={trouble} />
      <div aria-live="polite">
        {!found && busy && <Loader size="sm" aria-label={t("Checking")} />}
        {found && (
          <p className="checks-verdict" data-good={found.good || undefined}>
            <Icon name={found.good ? "check" : "alert"} size={16} />
            <span>
              {found.good ? t("Everything is well.") : t("Needs somebody: {n}", { n: wrong })}
            </span>
            <span className="dim small">
              <When at={found.at} />
            </span>
          </p>
        )}
      </div>
      {found && (
        <Sheet
          label={t("Checks")}
          count={found.checks.length}
          columns={[{ name: t("Check") }, { name: t("State") }, { name: t("Found") }]}
        >
          {found.checks.map((check) => (
            <Table.Tr
              key={`${check.title} ${check.detail}`}
              data-over={check.good ? undefined : true}
            >
              <Table.Td className="nowrap">{t(check.title)}</Table.Td>
              <Table.Td>
                <Badge
                  variant="dot"
                  color={check.good ? "teal" : "red"}
                  tt="none"
                  fw={500}
                  miw="max-content"
                >
                  {check.good ? t("good") : t("wrong")}
                </Badge>
              </Table.Td>
              <Table.Td className="check-detail" lang="en">
                {check.detail}
                {check.remedy && <p className="small check-remedy">{check.remedy}</p>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Sheet>
      )}
    </>
  );
}
