/** Files of Node.js, to send and to save. */

import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import type { Source } from "./bodies.js";
import type { Core } from "./core.js";
import { ANEW, type Downloadable, type DownloadOptions, pieces } from "./downloads.js";

/**
 * A file to send, read anew for each attempt: `kirin.upload(await file("photo.jpg"))`.
 *
 * @throws the error of Node.js, where there is no such file.
 */
export async function file(path: string): Promise<Source> {
  const { size } = await stat(path);
  return {
    size,
    name: basename(path),
    stream: () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
  };
}

/**
 * Saves a file; it appears under its name when all of it is there. A connection that breaks is
 * opened again for the rest.
 *
 * @param what a completed task, anything with a `url`, or a URL.
 * @param path of the file to write.
 * @returns the path.
 * @throws {TypeError} the task has no such file, or the path is a folder.
 */
export async function save(
  client: Core,
  what: Downloadable,
  path: string,
  options?: DownloadOptions,
): Promise<string> {
  const target = resolve(path);
  // Now rather than when all of it is there.
  if ((await stat(target).catch(() => undefined))?.isDirectory()) {
    throw new TypeError(`${path} is a folder`);
  }
  const name = `.${basename(target).slice(0, 200)}.${randomBytes(4).toString("hex")}.part`;
  const part = join(dirname(target), name);
  const handle = await open(part, "ax");
  try {
    for await (const piece of pieces(client, what, options)) {
      if (piece === ANEW) await handle.truncate(0);
      // A file opened for appending is written at its end, wherever that is now.
      else await handle.appendFile(piece);
    }
    await handle.close();
    await rename(part, target);
  } finally {
    await handle.close();
    await rm(part, { force: true });
  }
  return path;
}
