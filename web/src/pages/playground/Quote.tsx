import { useEffect, useState } from "react";
import { usePaid } from "../../api/billing";
import { ApiError } from "../../api/client";
import { useAway } from "../../api/reach";
import { useSession } from "../../api/session";
import { pathOf } from "../../api/tasks";
import type { Quote as Quoted, Spec, TaskPage } from "../../api/types";
import { type Translate, useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";
import { usualSeconds } from "../../lib/expected";
import { type Refused, useProblemWords } from "../../lib/problemWords";
import { bodyOf, resolve } from "../../lib/request";

const QUOTE = "/model/v1/quote";
const AFTER_MS = 500;

/** Finished tasks whose time tells how long the next one takes. */
const SAMPLE = 12;

interface Answer {
  quoted?: Quoted;
  refused?: Refused[];
}

/** What the request would cost, or where nothing costs, take; or why it would be refused. */
export function Quote({ spec, ready }: { spec: Spec; ready: boolean }) {
  const { t } = useWords();
  const paid = usePaid();
  const words = useProblemWords(spec);
  const { quoted, refused } = useQuoted(spec, ready);
  const seconds = useUsual(spec, paid === false && quoted !== undefined);
  const [first] = refused ?? [];
  return (
    <p className="quote" aria-live="polite" data-refused={first ? true : undefined}>
      {first && t("As it is, it will be refused: {why}", { why: words(first) })}
      {quoted && (paid ? priceOf(quoted, t) : paid === false && timeOf(seconds, t))}
    </p>
  );
}

/** Asked of the server whenever the form stands still. */
function useQuoted(spec: Spec, ready: boolean): Answer {
  const { client } = useSession();
  const { params, files } = useDraft();
  const [answer, setAnswer] = useState<Answer>({});
  const away = useAway();
  useEffect(() => {
    setAnswer({});
    if (!ready || away) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      // Of what the server has fetched already it knows the length, so its price is exact.
      const body = bodyOf(spec.model_id, await resolve(params, files, true));
      client.post<Quoted>(QUOTE, body, stop.signal).then(
        (quoted) => setAnswer({ quoted }),
        (error) => {
          if (error instanceof ApiError && error.status < 500)
            setAnswer({ refused: error.refused });
        },
      );
    }, AFTER_MS);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [client, spec, params, files, ready, away]);
  return answer;
}

/** The seconds that videos of a model took lately. */
function useUsual(spec: Spec, wanted: boolean): number | undefined {
  const { client } = useSession();
  const [seconds, setSeconds] = useState<number>();
  useEffect(() => {
    if (!wanted) return;
    const stop = new AbortController();
    const filters = { state: "completed", model: spec.model_id };
    client.get<TaskPage>(pathOf(filters, SAMPLE), stop.signal).then(
      (page) => setSeconds(usualSeconds(page.tasks)),
      () => undefined,
    );
    return () => stop.abort();
  }, [client, spec.model_id, wanted]);
  return seconds;
}

function priceOf({ exact, usage, least, most, currency }: Quoted, t: Translate): string {
  if (exact && usage) return `${usage.cost} ${currency}`;
  return t("{least} to {most} {currency}", { least: least.cost, most: most.cost, currency });
}

function timeOf(seconds: number | undefined, t: Translate): string {
  if (seconds === undefined) return t("No charge");
  return t("Usually made in about {n} s", { n: Math.max(1, Math.round(seconds)) });
}
