import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ApiError, refusedOf, unheard } from "../../api/client";
import { useReturn } from "../../api/reach";
import { useSession } from "../../api/session";
import { createTask } from "../../api/tasks";
import type { Params, Spec } from "../../api/types";
import { Attempt } from "../../lib/attempt";
import type { Draft } from "../../lib/draft";
import { type Refused, standing } from "../../lib/problems";
import { useProblemWords } from "../../lib/problemWords";
import { bodyOf, resolve } from "../../lib/request";
import { useMessage } from "../../parts/useMessage";
import { useQuery } from "../../parts/useQuery";

export interface Run {
  busy: boolean;
  /** Files on their way to the server, where they take a while. */
  sending: Sending | undefined;
  /** Counts the tasks that were made. */
  made: number;
  /** What the server refused and nobody has edited since, by JSON path; "" is the request. */
  errors: Record<string, string>;
  /** Counts the refusals. */
  refusals: number;
  task: string;
  run: () => Promise<void>;
  forget: () => void;
}

interface Sending {
  /** What share has gone, from 0 to 1. */
  share: number;
  stop: () => void;
}

/** Characters of a body that take a while on a slow line. */
const MUCH = 200_000;

/** After a task was made, how long the button does nothing: a second tap is no second wish. */
const QUIET_MS = 900;

/** What is under way, by model as drafts are: leaving the page makes no second wish either. */
const attempts = new Map<string, Attempt>();

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
  const [here, setHere] = useState("");
  const [made, setMade] = useState(0);
  const [sending, setSending] = useState<Sending>();
  const setTask = fresh ? setHere : keep;
  const under = useRef(false);
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);

  const send = useCallback(async () => {
    const control = new AbortController();
    const params = await resolve(draft.params, draft.files);
    const path = new URL(spec.api.endpoint).pathname;
    const body = JSON.stringify(bodyOf(spec.model_id, params));
    const attempt = attempts.get(spec.model_id) ?? new Attempt();
    attempts.set(spec.model_id, attempt);
    const stop = () => control.abort();
    const progress = (share: number) =>
      setSending(body.length > MUCH && share < 1 ? { share, stop } : undefined);
    progress(0);
    const { signal } = control;
    const created = await createTask(
      client,
      body,
      attempt.keyFor(body),
      { progress, signal },
      path,
    );
    attempt.answered();
    return created.id;
  }, [client, draft, spec]);

  const run = useCallback(async () => {
    // Not the state, which a second tap may come before.
    if (under.current) return;
    under.current = true;
    setBusy(true);
    setRefusal(undefined);
    try {
      const id = await send();
      // Whoever has left the page meanwhile finds it in the gallery.
      if (shown.current) setTask(id);
      setMade((n) => n + 1);
      await new Promise((done) => setTimeout(done, QUIET_MS));
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) {
        setRefusal({ problems: problemsOf(error, message), sent: draft.params });
        setRefusals((n) => n + 1);
      }
    }
    under.current = false;
    setSending(undefined);
    setBusy(false);
  }, [send, draft, message, setTask]);

  const { params } = draft;
  const errors = useMemo(() => {
    if (!refusal) return {};
    return byPath(standing(refusal.problems, spec, refusal.sent, params), words);
  }, [refusal, spec, params, words]);

  const forget = useCallback(() => setRefusal(undefined), []);
  const unheard = refusal?.problems[0]?.code === UNHEARD;
  // That nobody answered is no longer true then; what the server refused still is.
  useReturn(() => unheard && forget());
  const task = fresh ? here : kept;
  return { busy, sending, made, errors, refusals, task, run, forget };
}

function problemsOf(error: unknown, message: (error: unknown) => string): Refused[] {
  if (error instanceof ApiError) return refusedOf(error);
  const code = unheard(error) ? UNHEARD : "";
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
