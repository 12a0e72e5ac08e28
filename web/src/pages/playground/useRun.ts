import { useCallback, useMemo, useState } from "react";
import { ApiError } from "../../api/client";
import { useReturn } from "../../api/reach";
import { useSession } from "../../api/session";
import type { Created, Params, Spec } from "../../api/types";
import type { Draft } from "../../lib/draft";
import { type Refused, standing } from "../../lib/problems";
import { useProblemWords } from "../../lib/problemWords";
import { bodyOf, resolve } from "../../lib/request";
import { useMessage } from "../../parts/useMessage";
import { useQuery } from "../../parts/useQuery";

interface Run {
  busy: boolean;
  /** What the server refused and nobody has edited since, by JSON path; "" is the request. */
  errors: Record<string, string>;
  /** Counts the refusals. */
  refusals: number;
  task: string;
  run: () => Promise<void>;
  forget: () => void;
}

/** What was refused of which parameters. */
interface Refusal {
  problems: Refused[];
  sent: Params;
}

/** Nobody answered: a code of the page's own. */
const UNHEARD = "unheard";

/**
 * Sends the draft of a model as a task.
 *
 * @param fresh whether it begins with none; else the address keeps the task that was made.
 */
export function useRun(spec: Spec, draft: Draft, fresh: boolean): Run {
  const { client } = useSession();
  const message = useMessage();
  const words = useProblemWords(spec);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const [refusals, setRefusals] = useState(0);
  const [kept, keep] = useQuery("task");
  const [made, setMade] = useState("");
  const setTask = fresh ? setMade : keep;

  const run = useCallback(async () => {
    setBusy(true);
    setRefusal(undefined);
    try {
      const params = await resolve(draft.params, draft.files);
      const path = new URL(spec.api.endpoint).pathname;
      const body = bodyOf(spec.model_id, params);
      const { id } = await client.send<Created>(spec.api.method, path, body);
      setTask(id);
    } catch (error) {
      setRefusal({ problems: problemsOf(error, message), sent: draft.params });
      setRefusals((n) => n + 1);
    }
    setBusy(false);
  }, [client, draft, spec, message, setTask]);

  const { params } = draft;
  const errors = useMemo(() => {
    if (!refusal) return {};
    return byPath(standing(refusal.problems, spec, refusal.sent, params), words);
  }, [refusal, spec, params, words]);

  const forget = useCallback(() => setRefusal(undefined), []);
  const unheard = refusal?.problems[0]?.code === UNHEARD;
  // That nobody answered is no longer true then; what the server refused still is.
  useReturn(() => unheard && forget());
  return { busy, errors, refusals, task: fresh ? made : kept, run, forget };
}

function problemsOf(error: unknown, message: (error: unknown) => string): Refused[] {
  if (error instanceof ApiError) return error.refused;
  const code = error instanceof TypeError ? UNHEARD : "";
  return [{ param: "", code, message: message(error) }];
}

function byPath(problems: Refused[], words: (problem: Refused) => string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const problem of problems) {
    const before = found[problem.param];
    found[problem.param] = before ? `${before}\n${words(problem)}` : words(problem);
  }
  return found;
}
