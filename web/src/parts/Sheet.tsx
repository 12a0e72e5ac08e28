import { Table } from "@mantine/core";
import type { ReactNode } from "react";

export interface ColumnOf {
  name: string;
  /** Numbers stand at the right. */
  number?: boolean;
  /** Only for those who cannot see: over buttons. */
  hidden?: boolean;
}

interface Props {
  /** What the table is about, for those who cannot see it, and over it if it is shown. */
  label: string;
  shown?: boolean;
  columns: ColumnOf[];
  /** What to say where there are no rows. */
  empty?: string;
  count: number;
  children: ReactNode;
}

/** A table in a card, which scrolls by itself where it is too wide. */
export function Sheet({ label, shown, columns, empty, count, children }: Props) {
  return (
    <section className="sheet">
      {shown && <h2 className="sheet-title">{label}</h2>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className="card table-card" tabIndex={0} aria-label={label}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ name, number, hidden }) => (
                <Table.Th key={name} ta={number ? "right" : undefined}>
                  {hidden ? <span className="visually-hidden">{name}</span> : name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{children}</Table.Tbody>
        </Table>
        {!count && empty && <p className="dim small sheet-empty">{empty}</p>}
      </section>
    </section>
  );
}
