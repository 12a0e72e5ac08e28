import { useEffect, useRef, useState } from "react";
import { fetchFile } from "../../../../api/files";
import { useReturn } from "../../../../api/reach";
import { useSession } from "../../../../api/session";
import { useDraft } from "../../../../lib/draft";
import type { Held } from "../../../../lib/media";
import { useMessage } from "../../../../parts/useMessage";

const AFTER_MS = 600;

interface Fetched {
  busy: boolean;
  trouble: string;
}

/**
 * Has the server fetch a typed URL as soon as the typing stands still.
 *
 * The page shows the server's copy, so that it asks no other host itself, and what it tells of
 * the file is what the server has measured.
 */
export function useFetched(url: string | undefined, held: Held | undefined): Fetched {
  const { client } = useSession();
  const message = useMessage();
  const draft = useDraft();
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const [turn, setTurn] = useState(0);
  const latest = useRef({ draft, message });
  latest.current = { draft, message };
  const wanted = url && !held ? url : undefined;

  useEffect(() => {
    setTrouble("");
    setBusy(false);
    if (!wanted) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      setBusy(true);
      try {
        const found = await fetchFile(client, wanted, stop.signal);
        latest.current.draft.know(wanted, found);
      } catch (error) {
        if (!stop.signal.aborted) setTrouble(latest.current.message(error));
      }
      if (!stop.signal.aborted) setBusy(false);
    }, AFTER_MS);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [client, wanted, turn]);

  useReturn(() => trouble && setTurn((n) => n + 1));
  return { busy, trouble };
}
