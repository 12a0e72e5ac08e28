import * as routes from "@kirin/client/routes";
import { useCallback } from "react";
import { type Session, sessionOf } from "../lib/faces";
import { usePoll } from "../parts/usePoll";
import { useSession } from "./session";
import { useSpecs } from "./specs";
import { useNewest } from "./tasks";
import type { Spec, Task } from "./types";

/** How long faces can be used after they were found. */
const VALID_MS = 24 * 3600 * 1000;
const SHOWN = 20;
const ID = /^[0-9a-f-]{32,36}$/;

/** The model that looks for faces, if there is one. */
export function useSearchModel(): Spec | undefined {
  return useSpecs().specs.find((spec) => spec.type === "face-search");
}

export interface FoundSession extends Session {
  /** When its search ended, in Unix milliseconds. */
  at: number;
}

/** The newest searches that have found faces which can still be used. */
export function useFaceSessions(): FoundSession[] | undefined {
  const model = useSearchModel()?.model_id ?? "";
  const { data } = useNewest({ state: "completed", model }, SHOWN);
  return data?.tasks.flatMap(usable);
}

function usable(task: Task): FoundSession[] {
  const session = sessionOf(task);
  const over = Date.now() - task.updated_at > VALID_MS;
  return session && !over ? [{ ...session, at: task.updated_at }] : [];
}

/** The faces of a session: one of the newest, or else one that the server is asked for. */
export function useFaceSession(id: string): Session | undefined {
  const { client } = useSession();
  const known = useFaceSessions();
  const found = known?.find((each) => each.id === id);
  const wanted = known && !found && ID.test(id) ? id : "";
  const read = useCallback(
    async (signal: AbortSignal) =>
      wanted ? sessionOf(await client.run(routes.task(wanted, { signal }))) : undefined,
    [client, wanted],
  );
  const { data } = usePoll(read, () => 0);
  return found ?? (data?.id === id ? data : undefined);
}
