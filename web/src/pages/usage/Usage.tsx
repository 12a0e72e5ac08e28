import * as routes from "@kirin/client/routes";
import { Button, NativeSelect, SegmentedControl, Table, TextInput, Title } from "@mantine/core";
import { type ReactNode, useCallback, useMemo } from "react";
import { usePaid } from "../../api/billing";
import type { Client } from "../../api/client";
import { useSession } from "../../api/session";
import type { Total, Usage as UsageAnswer } from "../../api/types";
import { type Translate, useWords } from "../../i18n";
import { releaseBlobUrl } from "../../lib/blobUrl";
import { Icon } from "../../parts/Icon";
import { Sum } from "../../parts/Sum";
import { useMessage } from "../../parts/useMessage";
import { usePoll } from "../../parts/usePoll";
import { useQuery } from "../../parts/useQuery";
import { type Bar, Chart } from "./Chart";

const PAUSE_MS = 15_000;
const DAY_MS = 86_400_000;

/** For days that somebody chooses, instead of so many before today. */
const OWN = "own";

export type UsageRoutes = Pick<typeof routes, "usage" | "usageCsv">;

/** By name: of all the routes, none could be left out of the bundle. */
const OWN_USAGE: UsageRoutes = { usage: routes.usage, usageCsv: routes.usageCsv };

/** What the account has made and spent. */
export default function Usage() {
  const { client } = useSession();
  return (
    <div className="page">
      <UsageOf client={client} of={OWN_USAGE} own />
    </div>
  );
}

interface Props {
  client: Client;
  /** The routes that sum it up. */
  of: UsageRoutes;
  /** Whether it is the account's own, which has a balance. */
  own?: boolean;
  /** Names of accounts by id, where there are several. */
  accounts?: Map<string, string> | undefined;
  /** What else to choose. */
  children?: ReactNode;
}

/** What was made and spent, as a chart and the table behind it. */
export function UsageOf({ client, of, own = false, accounts, children }: Props) {
  const { t } = useWords();
  const paid = usePaid();
  const [days, setDays] = useQuery("days", "30");
  const [first, setFirst] = useQuery("first");
  const [last, setLast] = useQuery("last");
  const [by, setBy] = useQuery("by", accounts ? "account" : "model");
  const [chosen, setMeasure] = useQuery("measure", paid ? "cost" : "seconds");
  const measures = (["cost", "seconds", "tasks"] as const).filter(
    (each) => paid || each !== "cost",
  );
  const measure = measures.find((each) => each === chosen) ?? "seconds";
  const range = days === OWN ? { first, last } : rangeOf(Number(days) || 30);
  const query = useMemo(() => queryOf(range.first, range.last, by), [range.first, range.last, by]);
  const read = useCallback(
    (signal: AbortSignal) => client.run(of.usage({ ...query, signal })),
    [client, of, query],
  );
  const { data, error } = usePoll(read, () => PAUSE_MS);
  const message = useMessage();
  const readBalance = useCallback(
    async (signal: AbortSignal) => (own ? client.run(routes.balance({ signal })) : undefined),
    [client, own],
  );
  const balance = usePoll(readBalance, () => (own ? PAUSE_MS : 0)).data;

  async function download() {
    const text = await client.run(of.usageCsv(query));
    const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = "usage.csv";
    link.click();
    releaseBlobUrl(url);
  }
  return (
    <>
      <header className="page-head">
        <div>
          <Title order={1}>{own ? t("Usage") : t("Usage of all")}</Title>
          <p className="dim small">
            {paid
              ? t("Days are those of UTC. Failed tasks cost nothing.")
              : t("Days are those of UTC.")}
          </p>
        </div>
        <div className="filters">
          {children}
          <NativeSelect
            aria-label={t("Period")}
            value={days}
            onChange={(event) => {
              const next = event.currentTarget.value;
              if (next === OWN) {
                setFirst(range.first);
                setLast(range.last);
              }
              setDays(next);
            }}
            data={[
              { value: "7", label: t("7 days") },
              { value: "30", label: t("30 days") },
              { value: "90", label: t("90 days") },
              { value: OWN, label: t("From … to …") },
            ]}
          />
          {days === OWN && (
            <>
              <TextInput
                type="date"
                aria-label={t("First day")}
                value={first}
                onChange={(e) => setFirst(e.currentTarget.value)}
              />
              <TextInput
                type="date"
                aria-label={t("Last day")}
                value={last}
                onChange={(e) => setLast(e.currentTarget.value)}
              />
            </>
          )}
          <NativeSelect
            aria-label={t("Per")}
            value={by}
            onChange={(event) => setBy(event.currentTarget.value)}
            data={[
              ...(accounts ? [{ value: "account", label: t("per account") }] : []),
              { value: "model", label: t("per model") },
              { value: "key", label: t("per key") },
            ]}
          />
          <Button
            variant="default"
            leftSection={<Icon name="download" size={16} />}
            onClick={download}
          >
            CSV
          </Button>
        </div>
      </header>
      {!!error && <p className="field-error">{message(error)}</p>}
      {data && (
        <>
          <dl className="sums">
            {paid && <Sum name={t("Spent")} value={`${data.total.cost} ${data.currency}`} />}
            <Sum name={t("Tasks")} value={String(data.total.tasks)} />
            <Sum name={t("Seconds of video")} value={String(data.total.seconds)} />
            {balance?.prepaid && (
              <Sum name={t("Balance")} value={`${balance.available} ${balance.currency}`} />
            )}
          </dl>
          <section className="card" aria-label={t("Chart")}>
            <SegmentedControl
              size="xs"
              value={measure}
              onChange={setMeasure}
              aria-label={t("What to show")}
              data={measures.map((value) => ({ value, label: measureWords(t)[value] }))}
            />
            <Chart
              bars={barsOf(data, nameBy(by, accounts), measure)}
              unit={measure === "cost" ? data.currency : ""}
            />
          </section>
          <UsageTable data={data} by={by} nameOf={nameBy(by, accounts)} paid={paid === true} />
        </>
      )}
    </>
  );
}

type NameOf = (row: Total) => string;

/** What a row is about. */
function nameBy(by: string, accounts?: Map<string, string>): NameOf {
  if (by === "account") return (row) => accounts?.get(row.account ?? "") ?? row.account ?? "";
  return (row) => (by === "key" ? row.key : row.model) ?? "";
}

const HEADS: Record<string, string> = { account: "Account", key: "Key", model: "Model" };

interface TableProps {
  data: UsageAnswer;
  by: string;
  nameOf: NameOf;
  paid: boolean;
}

function UsageTable({ data, by, nameOf, paid }: TableProps) {
  const { t } = useWords();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className="card table-card" tabIndex={0} aria-label={t("Table")}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("Day")}</Table.Th>
            <Table.Th>{t(HEADS[by] ?? by)}</Table.Th>
            <Table.Th ta="right">{t("Tasks")}</Table.Th>
            <Table.Th ta="right">{t("Finished")}</Table.Th>
            <Table.Th ta="right">{t("Seconds")}</Table.Th>
            {paid && <Table.Th ta="right">{t("Cost")}</Table.Th>}
            {paid && <Table.Th ta="right">{t("Discount")}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.usage.map((row) => (
            <Table.Tr key={`${row.day} ${nameOf(row)}`}>
              <Table.Td className="nowrap">{row.day}</Table.Td>
              <Table.Td className="mono">{nameOf(row)}</Table.Td>
              <Table.Td ta="right">{row.tasks}</Table.Td>
              <Table.Td ta="right">{row.completed}</Table.Td>
              <Table.Td ta="right">{row.seconds}</Table.Td>
              {paid && <Table.Td ta="right">{row.cost}</Table.Td>}
              {paid && <Table.Td ta="right">{row.discount}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {!data.usage.length && <p className="dim small">{t("Nothing in these days.")}</p>}
    </section>
  );
}

function measureWords(t: Translate) {
  return { cost: t("Cost"), seconds: t("Seconds"), tasks: t("Tasks") };
}

function rangeOf(days: number) {
  const day = (back: number) => new Date(Date.now() - back * DAY_MS).toISOString().slice(0, 10);
  return { first: day(days - 1), last: day(0) };
}

function queryOf(first: string, last: string, by: string) {
  return { by: `day,${by}`, first: first || undefined, last: last || undefined };
}

/** A bar for each day of the range, in parts by what the usage is split by. */
function barsOf(data: UsageAnswer, nameOf: NameOf, measure: "cost" | "seconds" | "tasks"): Bar[] {
  const bars: Bar[] = [];
  for (let at = Date.parse(data.first); at <= Date.parse(data.last); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    const parts = data.usage
      .filter((row) => row.day === day)
      .map((row) => ({
        name: nameOf(row),
        value: Number(row[measure]),
      }));
    bars.push({ day, parts });
  }
  return bars;
}
