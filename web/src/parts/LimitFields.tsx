import { TextInput } from "@mantine/core";
import { useWords } from "../i18n";
import { LIMITS, type LimitsDraft } from "../lib/limits";

interface Props {
  draft: LimitsDraft;
  onChange: (draft: LimitsDraft) => void;
}

/** The limits of an account or a key. */
export function LimitFields({ draft, onChange }: Props) {
  const { t } = useWords();
  return (
    <fieldset className="limits">
      <legend className="field-label">{t("Limits")}</legend>
      <p className="dim small">{t("An empty field is no limit.")}</p>
      <div className="limit-fields">
        {LIMITS.map(([name, label]) => (
          <TextInput
            key={name}
            label={t(label)}
            inputMode={name === "daily_spend" ? "decimal" : "numeric"}
            value={draft[name]}
            placeholder={t("none")}
            onChange={(event) => onChange({ ...draft, [name]: event.currentTarget.value })}
          />
        ))}
      </div>
    </fieldset>
  );
}
