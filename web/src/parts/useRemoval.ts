import { useState } from "react";
import { useAct } from "./useAct";

export interface Removal<T> {
  /** What shall go as soon as somebody confirms it. */
  doomed: T | undefined;
  busy: boolean;
  trouble: string;
  ask: (item: T) => void;
  spare: () => void;
  confirm: () => Promise<void>;
}

/** Takes something away that does not come back: asks first, and says why where it can't. */
export function useRemoval<T>(remove: (item: T) => Promise<unknown>, done: () => void): Removal<T> {
  const [doomed, setDoomed] = useState<T>();
  const { busy, trouble, run } = useAct(remove);

  async function confirm() {
    if (doomed === undefined) return;
    await run(doomed);
    setDoomed(undefined);
    done();
  }
  return { doomed, busy, trouble, ask: setDoomed, spare: () => setDoomed(undefined), confirm };
}
