import * as routes from "@kirin/client/routes";
import { useEffect, useState } from "react";
import { ApiError, type Client } from "../../api/client";
import { useSession } from "../../api/session";
import { Posters } from "./Posters";

/** One for each key, for as long as the page lives. */
const shelves = new WeakMap<Client, Posters>();

function shelfOf(client: Client): Posters {
  const there = shelves.get(client);
  if (there) return there;
  const made = new Posters(
    async (id) => (await client.blob(routes.poster(id))) ?? new Blob(),
    (error) => error instanceof ApiError && (error.status === 404 || error.status === 410),
  );
  shelves.set(client, made);
  return made;
}

/** The address of the picture of a task's video, as soon as it is here. */
export function usePoster(id: string, wanted: boolean): string | undefined {
  const { client } = useSession();
  const [url, setUrl] = useState(() => shelfOf(client).get(id));
  useEffect(() => {
    if (wanted) return shelfOf(client).want(id, setUrl);
  }, [client, id, wanted]);
  return url;
}
