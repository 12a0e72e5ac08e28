import { useCallback, useEffect, useRef, useState } from "react";
import { useReturn } from "../api/reach";

export interface Polled<T> {
  data: T | undefined;
  error: unknown;
  refresh: () => void;
}

/**
 * Reads something again and again while the tab is seen.
 *
 * Not as an event stream: browsers give all tabs together six connections to a server, and
 * eight tabs with a stream each would leave none to read anything else.
 *
 * @param pause milliseconds until the next reading, by what was read; 0 ends it.
 */
export function usePoll<T>(
  read: (signal: AbortSignal) => Promise<T>,
  pause: (data: T | undefined) => number,
): Polled<T> {
  const [data, setData] = useState<T>();
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  const latest = useRef({ pause });
  latest.current = { pause };

  useEffect(() => {
    const stop = new AbortController();
    let timer = 0;
    let seen: T | undefined;
    const look = async () => {
      clearTimeout(timer);
      if (stop.signal.aborted || document.hidden) return;
      try {
        seen = await read(stop.signal);
        if (stop.signal.aborted) return;
        setData(seen);
        setError(undefined);
      } catch (problem) {
        if (stop.signal.aborted) return;
        // That the server is away is said once, for the whole console.
        if (!(problem instanceof TypeError)) setError(problem);
      }
      const wait = latest.current.pause(seen);
      if (wait) timer = window.setTimeout(look, wait);
    };
    void look();
    const wake = () => document.hidden || void look();
    document.addEventListener("visibilitychange", wake);
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", wake);
    };
  }, [read, turn]);

  const refresh = useCallback(() => setTurn((n) => n + 1), []);
  useReturn(refresh);
  return { data, error, refresh };
}
