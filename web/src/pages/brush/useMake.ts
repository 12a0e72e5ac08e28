import { useEffect, useReducer, useRef, useState } from "react";
import type { Spec } from "../../api/types";
import { useDraft } from "../../lib/draft";
import { useRun } from "../playground/useRun";

export interface Make {
  /** The task that was made here, or that the address names. */
  task: string;
  busy: boolean;
  /** What the server refused, by JSON path, and how often it did. */
  errors: Record<string, string>;
  refusals: number;
  /** Writes the masks into the form and sends it. */
  start: () => Promise<void>;
  /** Whether the result is seen instead of the picture. */
  shown: boolean;
  show: (shown: boolean) => void;
}

/**
 * Sends what is on the easel as the playground sends its form.
 *
 * @param apply puts the masks into the form.
 */
export function useMake(spec: Spec, apply: () => Promise<void>): Make {
  const { busy, errors, refusals, task, run } = useRun(spec, useDraft(), false);
  const [writing, setWriting] = useState(false);
  const [shown, show] = useState(false);
  const [turn, send] = useReducer((n: number) => n + 1, 0);
  const sent = useRef(0);
  // With the form as it is once the masks are in it.
  useEffect(() => {
    if (sent.current === turn) return;
    sent.current = turn;
    setWriting(false);
    void run();
  }, [turn, run]);
  const before = useRef(task);
  useEffect(() => {
    if (before.current !== task) show(task !== "");
    before.current = task;
  }, [task]);
  const start = async () => {
    if (busy || writing) return;
    setWriting(true);
    try {
      await apply();
      send();
    } catch (error) {
      setWriting(false);
      throw error;
    }
  };
  return { task, busy: busy || writing, errors, refusals, start, shown: shown && !!task, show };
}
