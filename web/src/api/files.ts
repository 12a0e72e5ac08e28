import * as routes from "@kirin/client/routes";
import type { Held } from "../lib/media";
import type { Client } from "./client";
import type { Upload } from "./types";

/** Uploads a file; `progress` is called with the share that was sent, from 0 to 1. */
export async function sendFile(
  client: Client,
  file: Blob,
  name: string,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Held> {
  return heldOf(await client.send(routes.upload(file, { signal }), progress), name);
}

/** Has the server fetch a file by its URL. */
export async function fetchFile(client: Client, url: string, signal: AbortSignal): Promise<Held> {
  return heldOf(await client.run(routes.fetch(url, { signal })), url);
}

function heldOf(upload: Upload, name: string): Held {
  const { type, width, height, size, duration, fps, has_audio } = upload;
  return {
    name,
    type,
    width,
    height,
    bytes: size,
    ...(duration === undefined ? {} : { seconds: duration }),
    ...(fps === undefined ? {} : { fps }),
    ...(has_audio === undefined ? {} : { sound: has_audio }),
    link: { url: upload.url, until: upload.expires_at },
  };
}
