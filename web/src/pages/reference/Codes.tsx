import { Table } from "@mantine/core";
import type { Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { REASONS } from "../../lib/failures";
import { linesOf, useDocument } from "./document";

const CREATE = "/model/v1/generation";

/** Why a request is refused, and why a task fails. */
export function Codes({ spec }: { spec: Spec }) {
  const { t } = useWords();
  const responses = useDocument()?.paths[CREATE]?.post?.responses ?? {};
  const refusals = Object.entries(responses)
    .filter(([status]) => Number(status) >= 400)
    .flatMap(([status, { description }]) =>
      linesOf(description).map(([code, meaning]) => ({ status, code, meaning })),
    );
  return (
    <div className="codes">
      <h3>{t("A request is refused with")}</h3>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>HTTP</Table.Th>
            <Table.Th>{t("Code")}</Table.Th>
            <Table.Th>{t("Meaning")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {refusals.map(({ status, code, meaning }) => (
            <Table.Tr key={`${status} ${code}`}>
              <Table.Td>{status}</Table.Td>
              <Table.Td className="mono">{code}</Table.Td>
              <Table.Td>{t(meaning)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <h3>{t("A task fails with")}</h3>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("Code")}</Table.Th>
            <Table.Th>{t("Meaning")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {spec.failures.map(({ code, reason }) => (
            <Table.Tr key={reason}>
              <Table.Td className="mono">{code}</Table.Td>
              <Table.Td>{t(REASONS[reason] ?? reason)}</Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Td className="mono">task_cancelled</Table.Td>
            <Table.Td>{t("It was cancelled.")}</Table.Td>
          </Table.Tr>
          <Table.Tr>
            <Table.Td className="mono">waited_too_long</Table.Td>
            <Table.Td>{t("No worker has begun it in the time that tasks may wait.")}</Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </div>
  );
}
