import * as routes from "@kirin/client/routes";
import { useCallback } from "react";
import { type Polled, usePoll } from "../parts/usePoll";
import { useLive, useNews } from "./news";
import { useSession } from "./session";
import type { SubjectList } from "./types";

const SELDOM_MS = 5000;
const RARELY_MS = 60_000;

/** The account's subjects, the newest first. */
export function useSubjects(): Polled<SubjectList> {
  const { client } = useSession();
  const read = useCallback(
    (signal: AbortSignal) => client.run(routes.elements({ signal })),
    [client],
  );
  const live = useLive();
  const polled = usePoll(read, () => (live.alive ? RARELY_MS : SELDOM_MS));
  useNews(({ task }) => {
    const made = task?.output?.some((entry) => entry.content.some((c) => c.type === "element"));
    if (!task || made) polled.refreshSoon();
  });
  return polled;
}
