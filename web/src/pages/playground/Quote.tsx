import { useEffect, useState } from "react";
import { useAway } from "../../api/reach";
import { useSession } from "../../api/session";
import type { Quote as Quoted, Spec } from "../../api/types";
import { type Translate, useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";
import { bodyOf, resolve } from "../../lib/request";

const QUOTE = "/model/v1/quote";
const AFTER_MS = 500;

/** What the request would cost, asked of the server whenever the form stands still. */
export function Quote({ spec, ready }: { spec: Spec; ready: boolean }) {
  const { t } = useWords();
  const { client } = useSession();
  const draft = useDraft();
  const [quoted, setQuoted] = useState<Quoted>();
  const { params, files } = draft;
  const away = useAway();

  useEffect(() => {
    setQuoted(undefined);
    if (!ready || away) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      // Of what the server has fetched already it knows the length, so its price is exact.
      const body = bodyOf(spec.model_id, await resolve(params, files, true));
      // What the server refuses has no price; it says why when the request is sent.
      client.post<Quoted>(QUOTE, body, stop.signal).then(setQuoted, () => undefined);
    }, AFTER_MS);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [client, spec, params, files, ready, away]);

  return (
    <p className="quote" aria-live="polite">
      {quoted && wordsFor(quoted, t)}
    </p>
  );
}

function wordsFor({ exact, usage, least, most, currency }: Quoted, t: Translate): string {
  if (exact && usage) return `${usage.cost} ${currency}`;
  return t("{least} to {most} {currency}", { least: least.cost, most: most.cost, currency });
}
