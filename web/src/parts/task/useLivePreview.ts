import * as routes from "@kirin/client/routes";
import { useCallback } from "react";
import { useSession } from "../../api/session";
import { stateOf } from "../../api/tasks";
import type { Task } from "../../api/types";
import { useBlobUrl } from "../useBlobUrl";
import { usePoll } from "../usePoll";

/** The server makes two a second at most. */
const EVERY_MS = 1000;

/** An address of the newest frame of a task that is being rendered, once there is one. */
export function useLivePreview(task: Task): string | undefined {
  const { client } = useSession();
  const rendering = stateOf(task) === "rendering";
  const read = useCallback(
    async (signal: AbortSignal) => {
      return rendering ? client.blob(routes.preview(task.id, { signal })) : null;
    },
    [client, task.id, rendering],
  );
  // What is shown stays until there is something newer.
  const { data } = usePoll<Blob | null>(
    read,
    () => (rendering ? EVERY_MS : 0),
    (old, found) => found ?? old,
  );
  return useBlobUrl(data ?? undefined);
}
