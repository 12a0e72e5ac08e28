import { useCallback, useEffect, useRef, useState } from "react";
import { unheard } from "../api/client";
import { isAway, useReturn } from "../api/reach";
import { backedOff } from "../lib/backoff";

export interface Polled<T> {
  data: T | undefined;
  error: unknown;
  /** Reads it anew at once. */
  refresh: () => void;
  /** Reads it anew in a moment; what is asked for until then is read once. */
  refreshSoon: () => void;
  /** Puts in what is known without reading. */
  put: (change: (data: T) => T) => void;
}

const SOON_MS = 200;

/** Between readings in a window that is seen but not used: news of changes come by the stream. */
const BESIDE_MS = 3000;

/** Between readings that fail, unless successful ones are rarer. */
const LONGEST_MS = 30_000;

/**
 * Reads something again and again while the tab is seen.
 *
 * @param pause milliseconds until the next reading, by what was read; 0 ends it.
 * @param merge what to show where something came in another way while it was read.
 */
export function usePoll<T>(
  read: (signal: AbortSignal) => Promise<T>,
  pause: (data: T | undefined) => number,
  merge: (old: T, found: T) => T = (_, found) => found,
): Polled<T> {
  const [data, setData] = useState<T>();
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  const latest = useRef({ pause, merge });
  latest.current = { pause, merge };
  const soon = useRef(0);

  useEffect(() => {
    const stop = new AbortController();
    let timer = 0;
    let seen: T | undefined;
    let failures = 0;
    const look = async () => {
      clearTimeout(timer);
      timer = 0;
      // While nobody answers it is read no more; when the server is back, it is read at once.
      if (stop.signal.aborted || document.hidden || (failures && isAway())) return;
      try {
        const found = await read(stop.signal);
        if (stop.signal.aborted) return;
        seen = found;
        failures = 0;
        setData((old) => (old === undefined ? found : latest.current.merge(old, found)));
        setError(undefined);
      } catch (problem) {
        if (stop.signal.aborted) return;
        failures++;
        // That the server is away is said once, for the whole console.
        if (!unheard(problem)) setError(problem);
      }
      const wait = latest.current.pause(seen);
      // What fails again and again is asked for less and less often.
      const used = document.hasFocus() ? wait : Math.max(wait, BESIDE_MS);
      if (wait) timer = window.setTimeout(look, backedOff(used, failures, LONGEST_MS));
    };
    void look();
    const wake = () => document.hidden || void look();
    // What is read again anyway is read at once.
    const use = () => timer && wake();
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("focus", use);
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("focus", use);
    };
  }, [read, turn]);

  const refresh = useCallback(() => setTurn((n) => n + 1), []);
  const refreshSoon = useCallback(() => {
    soon.current ||= window.setTimeout(() => {
      soon.current = 0;
      refresh();
    }, SOON_MS);
  }, [refresh]);
  useEffect(() => () => clearTimeout(soon.current), []);
  useReturn(refresh);
  const put = useCallback(
    (change: (data: T) => T) => setData((old) => (old === undefined ? old : change(old))),
    [],
  );
  return { data, error, refresh, refreshSoon, put };
}
