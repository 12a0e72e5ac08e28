import { useCallback, useState } from "react";
import { ApiError } from "../../api/client";
import { useReturn } from "../../api/reach";
import { useSession } from "../../api/session";
import type { Created, Spec } from "../../api/types";
import type { Draft } from "../../lib/draft";
import { bodyOf, resolve } from "../../lib/request";
import { useMessage } from "../../parts/useMessage";

interface Run {
  busy: boolean;
  /** What the server refused, by JSON path; what names no parameter is under "". */
  errors: Record<string, string>;
  task: string;
  run: () => Promise<void>;
  forget: () => void;
}

/** Sends the draft of a model as a task. */
export function useRun(spec: Spec, draft: Draft): Run {
  const { client } = useSession();
  const message = useMessage();
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [unheard, setUnheard] = useState(false);
  const [task, setTask] = useState("");

  const run = useCallback(async () => {
    setBusy(true);
    setErrors({});
    setUnheard(false);
    try {
      const params = await resolve(draft.params, draft.files);
      const path = new URL(spec.api.endpoint).pathname;
      const made = await client.send<Created>(spec.api.method, path, bodyOf(spec.model_id, params));
      setTask(made.id);
    } catch (error) {
      setUnheard(error instanceof TypeError);
      setErrors(errorsOf(error, message));
    }
    setBusy(false);
  }, [client, draft, spec, message]);

  const forget = useCallback(() => setErrors({}), []);
  // That nobody answered is no longer true then; what the server refused still is.
  useReturn(() => unheard && forget());
  return { busy, errors, task, run, forget };
}

function errorsOf(error: unknown, message: (error: unknown) => string): Record<string, string> {
  if (!(error instanceof ApiError) || !error.problems.length) return { "": message(error) };
  const found: Record<string, string> = {};
  for (const problem of error.problems) {
    const before = found[problem.param];
    found[problem.param] = before ? `${before}\n${problem.message}` : problem.message;
  }
  return found;
}
