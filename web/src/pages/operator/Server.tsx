import * as admin from "@kirin/client/routes/admin";
import { Badge, Switch, Table, Title } from "@mantine/core";
import { useCallback, useState } from "react";
import type { Client } from "../../api/client";
import { useWords } from "../../i18n";
import { ForOperators } from "../../parts/ForOperators";
import { Sheet } from "../../parts/Sheet";
import { useMessage } from "../../parts/useMessage";
import { usePoll } from "../../parts/usePoll";

/** What was set, and what the models cost: to be read, and changed where the server is started. */
export default function Server() {
  const { t } = useWords();
  return (
    <ForOperators title={t("Server")}>
      {(client) => (
        <>
          <header className="page-head">
            <div>
              <Title order={1}>{t("Server")}</Title>
              <p className="dim small">
                {t("Settings and prices are read when the server starts, and changed there.")}
              </p>
            </div>
          </header>
          <Settings client={client} />
          <Prices client={client} />
        </>
      )}
    </ForOperators>
  );
}

function Settings({ client }: { client: Client }) {
  const { t } = useWords();
  const message = useMessage();
  const read = useCallback(
    (signal: AbortSignal) => client.run(admin.settings({ signal })),
    [client],
  );
  const { data, error } = usePoll(read, () => 0);
  const [all, setAll] = useState(false);
  const shown = data?.settings.filter((each) => all || each.changed);
  return (
    <>
      {!!error && <p className="field-error">{message(error)}</p>}
      <Switch
        className="sheet-switch"
        label={t("Show settings that have their default, too")}
        checked={all}
        onChange={(event) => setAll(event.currentTarget.checked)}
      />
      <Sheet
        label={t("Settings")}
        shown
        count={shown?.length ?? 1}
        empty={t("Every setting has its default.")}
        columns={[{ name: t("Setting") }, { name: t("Value") }, { name: t("About") }]}
      >
        {shown?.map((each) => (
          <Table.Tr key={each.name}>
            <Table.Td className="mono nowrap">{each.name}</Table.Td>
            <Table.Td className="mono setting-value">
              {each.value ?? <span className="dim">{t("not set")}</span>}
              {each.secret && each.value && (
                <Badge variant="default" tt="none" fw={500} ml={8}>
                  {t("secret")}
                </Badge>
              )}
            </Table.Td>
            <Table.Td className="small dim setting-about">{each.description}</Table.Td>
          </Table.Tr>
        ))}
      </Sheet>
    </>
  );
}

function Prices({ client }: { client: Client }) {
  const { t } = useWords();
  const message = useMessage();
  const read = useCallback((signal: AbortSignal) => client.run(admin.prices({ signal })), [client]);
  const { data, error } = usePoll(read, () => 0);
  return (
    <>
      {!!error && <p className="field-error">{message(error)}</p>}
      <Sheet
        label={t("Prices")}
        shown
        count={data?.prices.length ?? 1}
        columns={[
          { name: t("Model") },
          { name: t("Price in USD") },
          { name: t("For") },
          { name: t("Watermarked copy"), number: true },
        ]}
      >
        {data?.prices.map((price) => (
          <Table.Tr key={price.model}>
            <Table.Td className="mono">{price.model}</Table.Td>
            <Table.Td>
              {!!price.by.length && (
                <p className="dim small">{t("by {names}", { names: price.by.join(", ") })}</p>
              )}
              <span className="limit-list">
                {price.rates.map(({ choices, usd }) => (
                  <span key={choices.join()} className="nowrap">
                    {choices.length ? `${choices.join(", ")}: ${usd}` : usd}
                  </span>
                ))}
              </span>
            </Table.Td>
            <Table.Td className="nowrap">
              {price.seconds === null
                ? t("a task")
                : t("each started {n} seconds", { n: price.seconds })}
            </Table.Td>
            <Table.Td ta="right">{price.watermark}</Table.Td>
          </Table.Tr>
        ))}
      </Sheet>
    </>
  );
}
