import { ActionIcon } from "@mantine/core";
import { useWords } from "../../i18n";
import { MASKS, STATIC } from "../../lib/labels";
import type { Paths } from "../../lib/trajectory";
import { Icon } from "../../parts/Icon";
import { css } from "./colours";

interface Props {
  label: number;
  onLabel: (label: number) => void;
  used: Set<number>;
  paths: Paths;
  onClear: (label: number) => void;
}

/** The six masks and the static one: which is painted, and what each has. */
export function MaskList({ label, onLabel, used, paths, onClear }: Props) {
  const { t } = useWords();
  const all = [...Array.from({ length: MASKS }, (_, i) => i + 1), STATIC];
  return (
    <ul className="masks">
      {all.map((each) => {
        const name = each === STATIC ? t("Static") : t("Mask {n}", { n: each });
        const points = paths[each]?.length ?? 0;
        const state = [
          used.has(each) ? t("painted") : "",
          points > 0 ? t("path of {n} points", { n: points }) : "",
        ].filter(Boolean);
        return (
          <li key={each} className="mask" data-chosen={each === label || undefined}>
            <button
              type="button"
              className="mask-choose"
              aria-pressed={each === label}
              onClick={() => onLabel(each)}
            >
              <span className="mask-key" style={{ background: css(each) }}>
                {each === STATIC ? 0 : each}
              </span>
              <span className="mask-name">
                {name}
                <span className="dim small">
                  {state.join(" · ") || (each === STATIC ? t("what must not move") : "–")}
                </span>
              </span>
            </button>
            {state.length > 0 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("Clear {name}", { name })}
                onClick={() => onClear(each)}
              >
                <Icon name="trash" size={16} />
              </ActionIcon>
            )}
          </li>
        );
      })}
    </ul>
  );
}
