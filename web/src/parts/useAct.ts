import { useCallback, useRef, useState } from "react";
import { useMessage } from "./useMessage";

export interface Act<A extends unknown[]> {
  busy: boolean;
  /** Why it failed the last time, in words for people. */
  trouble: string;
  /** Does it; true where it succeeded. */
  run: (...given: A) => Promise<boolean>;
}

/** Something that somebody does and that the server may refuse. */
export function useAct<A extends unknown[]>(act: (...given: A) => Promise<unknown>): Act<A> {
  const message = useMessage();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const latest = useRef(act);
  latest.current = act;

  const run = useCallback(
    async (...given: A) => {
      setBusy(true);
      setTrouble("");
      try {
        await latest.current(...given);
        return true;
      } catch (error) {
        setTrouble(message(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [message],
  );
  return { busy, trouble, run };
}
