import * as routes from "@kirin/client/routes";
import { useEffect, useState } from "react";
import { ApiError, refusedOf } from "../../api/client";
import { useAway } from "../../api/reach";
import { useSession } from "../../api/session";
import type { Params, Quote, Spec } from "../../api/types";
import { useDraft } from "../../lib/draft";
import { Latest } from "../../lib/latest";
import type { Refused } from "../../lib/problems";
import { resolve } from "../../lib/request";

const AFTER_MS = 450;

export interface Quoted {
  quote: Quote | undefined;
  /** Why the request would be refused. */
  refused: Refused[];
  /** Whether this is about the form as it stands now. */
  current: boolean;
  /** Whether an answer is waited for. */
  asking: boolean;
}

interface Answer {
  quote?: Quote;
  refused?: Refused[];
  about: Params;
}

/**
 * What the server says of the form, asked whenever it stands still.
 *
 * @param ready whether the form is one that the server can say something about.
 */
export function useQuoted(spec: Spec, ready: boolean): Quoted {
  const { client } = useSession();
  const { params, files } = useDraft();
  const [answer, setAnswer] = useState<Answer>();
  const [latest] = useState(() => new Latest(AFTER_MS));
  const away = useAway();
  useEffect(() => {
    if (!ready) setAnswer(undefined);
    if (!ready || away) return;
    latest.ask(
      // Of what the server has fetched already it knows the length, so its price is exact.
      async (signal) => {
        const known = await resolve(params, files, true);
        return client.run(routes.quote(spec.model_id, known, { signal }));
      },
      (quote) => setAnswer({ quote, about: params }),
      (error) => {
        const refused = error instanceof ApiError && error.status < 500 ? refusedOf(error) : [];
        setAnswer({ refused, about: params });
      },
    );
    return () => latest.forget();
  }, [client, spec, params, files, ready, away, latest]);
  const current = answer?.about === params;
  return {
    quote: answer?.quote,
    refused: answer?.refused ?? [],
    current,
    asking: ready && !away && !current,
  };
}
