import type { Held } from "../lib/media";
import type { Client } from "./client";
import type { Upload } from "./types";

const FILES = "/model/v1/files";

/** Sends a file; `progress` hears of the share of it that has gone, from 0 to 1. */
export async function sendFile(
  client: Client,
  file: Blob,
  name: string,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Held> {
  return heldOf(await client.upload<Upload>(FILES, file, progress, signal), name);
}

/** Has the server fetch what lies at an address. */
export async function fetchFile(client: Client, url: string, signal: AbortSignal): Promise<Held> {
  return heldOf(await client.post<Upload>(`${FILES}/fetch`, { url }, signal), url);
}

function heldOf(filed: Upload, name: string): Held {
  const { type, width, height, size, duration, fps, has_audio } = filed;
  return {
    name,
    type,
    width,
    height,
    bytes: size,
    ...(duration === undefined ? {} : { seconds: duration }),
    ...(fps === undefined ? {} : { fps }),
    ...(has_audio === undefined ? {} : { sound: has_audio }),
    link: { url: filed.url, until: filed.expires_at },
  };
}
