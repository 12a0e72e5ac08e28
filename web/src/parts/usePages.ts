import { useCallback, useEffect, useRef, useState } from "react";
import type { Client } from "../api/client";
import { type PageOf, readPages } from "../api/pages";

const PAGE = 50;

interface Page {
  next_cursor: string | null;
}

export interface Pages<T> {
  /** Undefined until the first page is there. */
  items: T[] | undefined;
  error: unknown;
  busy: boolean;
  /** Fetches the next page; undefined where there is none. */
  more: (() => void) | undefined;
  /** Reads from the first page on, as far as it was shown. */
  refresh: () => void;
}

/**
 * A listing that comes in pages, read as far as somebody has asked for.
 *
 * @param pageOf makes the request for a page; it must stay the same function, too.
 * @param pick takes the entries out of a page; it must stay the same function.
 */
export function usePages<P extends Page, T>(
  client: Client,
  pageOf: PageOf<P>,
  pick: (page: P) => T[],
): Pages<T> {
  const [items, setItems] = useState<T[]>();
  const [cursor, setCursor] = useState<string | null>(null);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [turn, setTurn] = useState(0);
  const shown = useRef(0);
  const stop = useRef(new AbortController());

  const read = useCallback(
    (wanted: number, after: string | null, signal: AbortSignal) =>
      readPages(client, pageOf, pick, { wanted, after, signal }),
    [client, pageOf, pick],
  );

  useEffect(() => {
    const current = new AbortController();
    stop.current = current;
    const all = async () => {
      setBusy(true);
      try {
        const { list, next } = await read(Math.max(PAGE, shown.current), null, current.signal);
        shown.current = list.length;
        setItems(list);
        setCursor(next);
        setError(undefined);
      } catch (problem) {
        if (!current.signal.aborted) setError(problem);
      } finally {
        if (!current.signal.aborted) setBusy(false);
      }
    };
    void all();
    return () => current.abort();
  }, [read, turn]);

  const more = async () => {
    const { signal } = stop.current;
    setBusy(true);
    try {
      const { list, next } = await read(PAGE, cursor, signal);
      if (signal.aborted) return;
      setItems((old) => {
        const all = [...(old ?? []), ...list];
        shown.current = all.length;
        return all;
      });
      setCursor(next);
    } catch (problem) {
      if (!signal.aborted) setError(problem);
    } finally {
      if (!signal.aborted) setBusy(false);
    }
  };
  const refresh = useCallback(() => setTurn((n) => n + 1), []);
  return { items, error, busy, more: cursor ? () => void more() : undefined, refresh };
}
