import { useCallback } from "react";
import { type Polled, usePoll } from "../parts/usePoll";
import { useSession } from "./session";
import type { Subject } from "./types";

export const ELEMENTS = "/model/v1/elements";
const PAUSE_MS = 5000;

/** The account's subjects, the newest first. */
export function useSubjects(): Polled<{ elements: Subject[] }> {
  const { client } = useSession();
  const read = useCallback(
    (signal: AbortSignal) => client.get<{ elements: Subject[] }>(ELEMENTS, signal),
    [client],
  );
  return usePoll(read, () => PAUSE_MS);
}
