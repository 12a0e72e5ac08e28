import { useEffect, useState } from "react";
import { usePaid } from "../../api/billing";
import { useSession } from "../../api/session";
import { pageOf } from "../../api/tasks";
import type { Quote as Priced, Spec } from "../../api/types";
import { type Translate, useWords } from "../../i18n";
import { usualSeconds } from "../../lib/expected";
import { useProblemWords } from "../../lib/problemWords";
import type { Quoted } from "./useQuoted";

/** Finished tasks whose time tells how long the next one takes. */
const SAMPLE = 12;

/** What the request would cost, or where nothing costs, take; or why it would be refused. */
export function Quote({ spec, quoted }: { spec: Spec; quoted: Quoted }) {
  const { t } = useWords();
  const paid = usePaid();
  const words = useProblemWords(spec);
  const { quote, refused, current } = quoted;
  const seconds = useUsual(spec, paid === false);
  const [first] = current ? refused : [];
  return (
    <p
      className="quote"
      aria-live="polite"
      data-refused={first ? true : undefined}
      data-old={current ? undefined : true}
    >
      {first && t("As it is, it will be refused: {why}", { why: words(first) })}
      {quote && (paid ? priceOf(quote, t) : paid === false && timeOf(seconds, t))}
    </p>
  );
}

/** The seconds that videos of a model took lately. */
function useUsual(spec: Spec, wanted: boolean): number | undefined {
  const { client } = useSession();
  const [seconds, setSeconds] = useState<number>();
  useEffect(() => {
    if (!wanted) return;
    const stop = new AbortController();
    const filters = { state: "completed", model: spec.model_id };
    client.run(pageOf(filters, SAMPLE, { signal: stop.signal })).then(
      (page) => setSeconds(usualSeconds(page.tasks)),
      () => undefined,
    );
    return () => stop.abort();
  }, [client, spec.model_id, wanted]);
  return seconds;
}

function priceOf({ exact, usage, least, most, currency }: Priced, t: Translate): string {
  if (exact && usage) return `${usage.cost} ${currency}`;
  return t("{least} to {most} {currency}", { least: least.cost, most: most.cost, currency });
}

function timeOf(seconds: number | undefined, t: Translate): string {
  if (seconds === undefined) return t("No charge");
  return t("Usually made in about {n} s", { n: Math.max(1, Math.round(seconds)) });
}
