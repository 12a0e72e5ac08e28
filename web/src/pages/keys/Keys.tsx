import {
  Alert,
  Badge,
  Button,
  CopyButton,
  Modal,
  NativeSelect,
  PasswordInput,
  Table,
  Title,
} from "@mantine/core";
import { type FormEvent, useCallback, useMemo, useState } from "react";
import { ApiError, Client } from "../../api/client";
import { ACCOUNTS, KEYS, keysOf } from "../../api/keys";
import { readPages } from "../../api/pages";
import { useSession } from "../../api/session";
import type { Account, AccountPage, Key, KeyList } from "../../api/types";
import { useWords } from "../../i18n";
import { Confirm } from "../../parts/Confirm";
import { Icon } from "../../parts/Icon";
import { useMessage } from "../../parts/useMessage";
import { usePoll } from "../../parts/usePoll";
import { useQuery } from "../../parts/useQuery";
import { useRemoval } from "../../parts/useRemoval";
import { When } from "../../parts/When";
import { NewKey } from "./NewKey";

const STORED = "kirin.operator";
const PAUSE_MS = 10_000;

/** Accounts may be many, and change seldom. */
const ACCOUNTS_PAUSE_MS = 60_000;

/** The keys of accounts. Only an operator's key can manage keys; it stays in this tab. */
export default function Keys() {
  const session = useSession();
  const [operator, setOperator] = useState(() => sessionStorage.getItem(STORED) ?? "");
  const client = useMemo(
    () => (operator ? new Client(operator, () => undefined) : session.client),
    [operator, session.client],
  );
  const read = useCallback(
    async (signal: AbortSignal) => {
      const found = await readPages(client, ACCOUNTS, (page: AccountPage) => page.accounts, {
        signal,
      });
      return found.list;
    },
    [client],
  );
  const { data, error } = usePoll(read, (seen) => (seen ? ACCOUNTS_PAUSE_MS : 0));
  const { t } = useWords();
  return (
    <div className="page">
      {data ? (
        <Managed client={client} accounts={data} />
      ) : (
        <>
          <header className="page-head">
            <Title order={1}>{t("Keys")}</Title>
          </header>
          {!!error && (
            <OperatorKey
              error={error}
              tried={operator !== ""}
              onKey={(key) => {
                sessionStorage.setItem(STORED, key);
                setOperator(key);
              }}
            />
          )}
        </>
      )}
    </div>
  );
}

interface OperatorProps {
  error: unknown;
  tried: boolean;
  onKey: (key: string) => void;
}

function OperatorKey({ error, tried, onKey }: OperatorProps) {
  const { t } = useWords();
  const message = useMessage();
  const [key, setKey] = useState("");
  const closed = error instanceof ApiError && (error.status === 403 || error.status === 401);
  if (!closed) return <Alert color="red">{message(error)}</Alert>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onKey(key.trim());
  };
  return (
    <form className="card operator" onSubmit={submit}>
      <p>{t("Keys are managed with a key that has the scope admin. Make one on the server:")}</p>
      <pre className="code">kirin keys create --name operator --scope admin</pre>
      <PasswordInput
        label={t("Operator's key")}
        description={t("It stays in this tab, and is gone when the tab closes.")}
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        error={tried ? message(error) : undefined}
        visibilityToggleButtonProps={{ "aria-label": t("Show the key") }}
        autoComplete="off"
      />
      <Button type="submit" disabled={!key.trim()}>
        {t("Manage keys")}
      </Button>
    </form>
  );
}

function Managed({ client, accounts }: { client: Client; accounts: Account[] }) {
  const { t } = useWords();
  const [chosen, setChosen] = useQuery("account");
  const account = chosen || accounts[0]?.id || "";
  const read = useCallback(
    (signal: AbortSignal) => client.get<KeyList>(keysOf(account), signal),
    [client, account],
  );
  const { data, error, refresh } = usePoll(read, () => PAUSE_MS);
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState("");
  const message = useMessage();
  const removal = useRemoval((key: Key) => client.delete(`${KEYS}/${key.id}`), refresh);
  return (
    <>
      <header className="page-head">
        <div>
          <Title order={1}>{t("Keys")}</Title>
          <p className="dim small">{t("A key is shown once, when it is made.")}</p>
        </div>
        <div className="filters">
          <NativeSelect
            aria-label={t("Account")}
            value={account}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={accounts.map((each) => ({ value: each.id, label: each.name }))}
          />
          <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setMaking(true)}>
            {t("New key")}
          </Button>
        </div>
      </header>
      {(removal.trouble || !!error) && (
        <p className="field-error">{removal.trouble || message(error)}</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className="card table-card" tabIndex={0} aria-label={t("Keys")}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("Name")}</Table.Th>
              <Table.Th>{t("Key")}</Table.Th>
              <Table.Th>{t("Scopes")}</Table.Th>
              <Table.Th>{t("Made")}</Table.Th>
              <Table.Th>{t("Last used")}</Table.Th>
              <Table.Th>{t("Ends")}</Table.Th>
              <Table.Th>
                <span className="visually-hidden">{t("Revoke")}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data?.keys.map((key) => (
              <Row key={key.id} found={key} onRevoke={() => removal.ask(key)} />
            ))}
          </Table.Tbody>
        </Table>
      </section>
      <Modal
        opened={making || secret !== ""}
        onClose={() => {
          setMaking(false);
          setSecret("");
        }}
        title={secret ? t("Your new key") : t("New key")}
        closeButtonProps={{ "aria-label": t("Close") }}
        closeOnClickOutside={!secret}
      >
        {secret ? (
          <Secret secret={secret} />
        ) : (
          <NewKey
            client={client}
            account={account}
            onMade={(made) => {
              setSecret(made);
              setMaking(false);
              refresh();
            }}
          />
        )}
      </Modal>
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

function Row({ found, onRevoke }: { found: Key; onRevoke: () => void }) {
  const { t } = useWords();
  const date = (at: number | null) => (at ? <When at={at} detail="day" /> : "–");
  return (
    <Table.Tr data-over={found.revoked_at ? true : undefined}>
      <Table.Td>{found.name}</Table.Td>
      <Table.Td className="mono">{found.hint}</Table.Td>
      <Table.Td>
        <span className="scopes">
          {found.scopes.map((scope) => (
            <Badge key={scope} variant="default" tt="none" fw={500}>
              {scope}
            </Badge>
          ))}
        </span>
      </Table.Td>
      <Table.Td className="nowrap">{date(found.created_at)}</Table.Td>
      <Table.Td className="nowrap">
        {found.last_used_at ? <When at={found.last_used_at} /> : t("never")}
      </Table.Td>
      <Table.Td className="nowrap">
        {found.revoked_at ? t("revoked") : found.expires_at ? date(found.expires_at) : t("never")}
      </Table.Td>
      <Table.Td>
        {!found.revoked_at && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t("Revoke {name}", { name: found.name })}
            onClick={onRevoke}
          >
            {t("Revoke")}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Secret({ secret }: { secret: string }) {
  const { t } = useWords();
  return (
    <div className="secret">
      <p>{t("Copy it now: it is not shown again.")}</p>
      <pre className="code">{secret}</pre>
      <CopyButton value={secret}>
        {({ copied, copy }) => (
          <Button onClick={copy} leftSection={<Icon name={copied ? "check" : "copy"} size={16} />}>
            {copied ? t("Copied") : t("Copy")}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
