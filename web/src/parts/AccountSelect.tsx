import { NativeSelect } from "@mantine/core";
import type { Account } from "../api/types";
import { useWords } from "../i18n";

interface Props {
  accounts: Account[];
  value: string;
  onChange: (id: string) => void;
  /** With a label of its own, in a form, where one must be chosen. */
  labelled?: boolean;
}

/** One account, or all of them. */
export function AccountSelect({ accounts, value, onChange, labelled }: Props) {
  const { t } = useWords();
  const known = accounts.some((each) => each.id === value);
  return (
    <NativeSelect
      label={labelled ? t("Account") : undefined}
      aria-label={labelled ? undefined : t("Account")}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        ...(labelled ? [] : [{ value: "", label: t("Every account") }]),
        ...(value && !known ? [{ value, label: value }] : []),
        ...accounts.map((each) => ({ value: each.id, label: each.name })),
      ]}
    />
  );
}
