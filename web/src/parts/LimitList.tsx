import type { LimitsOf } from "../api/types";
import { useWords } from "../i18n";
import { LIMITS } from "../lib/limits";

/** The limits that there are, in one line. */
export function LimitList({ limits }: { limits: LimitsOf }) {
  const { t } = useWords();
  const found = LIMITS.filter(([name]) => limits[name] !== null);
  if (!found.length) return <span className="dim">{t("none")}</span>;
  return (
    <span className="limit-list">
      {found.map(([name, label]) => (
        <span key={name} className="nowrap">
          {t(label)}: {limits[name]}
        </span>
      ))}
    </span>
  );
}
