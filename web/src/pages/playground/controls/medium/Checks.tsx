import type { Limits } from "../../../../api/types";
import { useWords } from "../../../../i18n";
import { breaches, bytes, type Measured, seconds } from "../../../../lib/media";
import { Icon } from "../../../../parts/Icon";

/** Each limit of a medium, and whether what was given keeps it. */
export function Checks({ measured, limits }: { measured: Measured | undefined; limits: Limits }) {
  const { t } = useWords();
  const broken = new Set(measured ? breaches(measured, limits).map((breach) => breach.kind) : []);
  const sides = limits.max_side
    ? t("sides of {least} to {most} pixels", { least: limits.min_side ?? 1, most: limits.max_side })
    : t("sides of at least {least} pixels", { least: limits.min_side ?? 1 });
  const lasts = limits.max_seconds
    ? t("{least} to {most}", {
        least: seconds(limits.min_seconds ?? 0),
        most: seconds(limits.max_seconds),
      })
    : t("at least {least}", { least: seconds(limits.min_seconds ?? 0) });
  const lines: { words: string; known: boolean; bad: boolean }[] = [];
  if (limits.min_side || limits.max_side) {
    const bad = broken.has("small") || broken.has("large");
    lines.push({ words: sides, known: !!measured, bad });
  }
  if (limits.max_aspect) {
    const words = t("at most {most} times as long as wide", { most: limits.max_aspect });
    lines.push({ words, known: !!measured, bad: broken.has("aspect") });
  }
  if (limits.min_seconds || limits.max_seconds) {
    const known = measured?.seconds !== undefined;
    lines.push({ words: lasts, known, bad: broken.has("short") || broken.has("long") });
  }
  if (limits.max_bytes) {
    const words = t("at most {most}", { most: bytes(limits.max_bytes) });
    lines.push({ words, known: measured?.bytes !== undefined, bad: broken.has("bytes") });
  }
  return (
    <ul className="checks">
      {lines.map(({ words, known, bad }) => (
        <li key={words} data-state={!known ? "open" : bad ? "bad" : "good"}>
          <Icon name={!known ? "right" : bad ? "close" : "check"} size={15} />
          {words}
          <span className="visually-hidden">
            {!known ? t("not measured yet") : bad ? t("not kept") : t("kept")}
          </span>
        </li>
      ))}
    </ul>
  );
}
