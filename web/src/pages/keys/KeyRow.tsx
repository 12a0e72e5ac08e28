import { Badge, Button, Table } from "@mantine/core";
import { Link } from "wouter";
import type { KeyOfAccount } from "../../api/types";
import { useWords } from "../../i18n";
import { LimitList } from "../../parts/LimitList";
import { When } from "../../parts/When";

interface Props {
  found: KeyOfAccount;
  onRevoke: () => void;
  onRotate: () => void;
  onLimits: () => void;
}

/** A key, and what can be done with it while it works. */
export function KeyRow({ found, onRevoke, onRotate, onLimits }: Props) {
  const { t } = useWords();
  const { name, expires_at: ends, revoked_at: revoked, last_used_at: used } = found;
  const expired = ends !== null && ends <= Date.now();
  const over = revoked !== null || expired;
  return (
    <Table.Tr data-over={over ? true : undefined}>
      <Table.Td>
        <span translate="no">{name}</span>
        <div className="mono dim">{found.hint}</div>
      </Table.Td>
      <Table.Td>
        <Link href={`/operator/accounts/${found.account}`} translate="no">
          {found.account_name}
        </Link>
      </Table.Td>
      <Table.Td>
        <span className="scopes">
          {found.scopes.map((scope) => (
            <Badge key={scope} variant="default" tt="none" fw={500} miw="max-content">
              {scope}
            </Badge>
          ))}
        </span>
      </Table.Td>
      <Table.Td>
        <LimitList limits={found.limits} />
      </Table.Td>
      <Table.Td>
        <When at={found.created_at} />
      </Table.Td>
      <Table.Td>{used ? <When at={used} /> : t("never")}</Table.Td>
      <Table.Td>{revoked ? t("revoked") : ends ? <When at={ends} /> : t("never")}</Table.Td>
      <Table.Td>
        {!over && (
          <span className="key-acts">
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t("Limits of {name}", { name })}
              onClick={onLimits}
            >
              {t("Limits")}
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t("Rotate {name}", { name })}
              onClick={onRotate}
            >
              {t("Rotate")}
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t("Revoke {name}", { name })}
              onClick={onRevoke}
            >
              {t("Revoke")}
            </Button>
          </span>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
