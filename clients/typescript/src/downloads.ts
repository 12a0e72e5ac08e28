/** Downloads, which go on where a connection broke. */

import type { Core } from "./core.js";
import { ConnectionFailed, UnreadableAnswer } from "./errors.js";
import { Limited, sleep } from "./limits.js";
import type { Task } from "./models.js";
import type { CallOptions } from "./requests.js";
import { Attempts } from "./retries.js";

/** A completed task, anything with a `url` (an upload, a share, an archive), or a URL. */
export type Downloadable = Task | { url: string } | string;

export interface DownloadOptions extends Pick<CallOptions, "signal" | "maxRetries"> {
  /** Of a task, whether to fetch the marked copy. */
  watermarked?: boolean | undefined;
}

/**
 * Where the file is.
 *
 * @throws {TypeError} there is no such file.
 */
export function urlOf(what: Downloadable, watermarked = false): string {
  if (typeof what === "string") return what;
  if ("url" in what && typeof what.url === "string" && what.url) return what.url;
  if ("output" in what) {
    const entries = what.output?.flatMap((output) => output.content) ?? [];
    const found = entries.find(({ url, watermark }) => url && !!watermark === watermarked);
    if (found?.url) return found.url;
  }
  throw new TypeError("there is no such file in it");
}

/** Means that the file begins anew: it has changed, or its server cannot go on in its middle. */
export const ANEW = null;

/** The bytes of a file, over as many connections as it takes, and where it begins anew. */
export async function* pieces(
  client: Core,
  what: Downloadable,
  { watermarked, signal, maxRetries = client.maxRetries }: DownloadOptions = {},
): AsyncGenerator<Uint8Array | typeof ANEW> {
  const url = urlOf(what, watermarked);
  const attempts = new Attempts(maxRetries, null);
  let done = 0;
  let furthest = 0;
  let whole: number | undefined;
  let version = "";
  for (;;) {
    const limited = new Limited(signal);
    try {
      const headers = {
        // Bytes are counted. Browsers ignore it, and say whether they were packed.
        "Accept-Encoding": "identity",
        ...(done && version ? { Range: `bytes=${done}-`, "If-Range": version } : {}),
      };
      const answer = await client.open(url, { headers }, limited, client.timeout ?? undefined);
      const { status, headers: told } = answer.response;
      if (status === 206) {
        const span = told.get("content-range") ?? "";
        if (!span.startsWith(`bytes ${done}-`)) {
          throw new UnreadableAnswer(`asked for bytes from ${done}, got ${span || "others"}`);
        }
      } else {
        if (done) yield ANEW;
        done = 0;
        const packed = (told.get("content-encoding") ?? "identity") !== "identity";
        const length = told.get("content-length") ?? "";
        whole = /^\d+$/.test(length) && !packed ? Number(length) : undefined;
        const tag = told.get("etag") ?? "";
        // A weak tag does not promise the same bytes, and a packed file has others.
        version = packed || tag.startsWith("W/") ? "" : tag;
      }
      for await (const piece of answer.pieces) {
        done += piece.length;
        if (done > furthest) {
          furthest = done; // not where the same is read once more
          attempts.reset();
        }
        yield piece;
      }
      if (whole === undefined || done >= whole) return;
      throw new ConnectionFailed(`${done} of ${whole} bytes came`);
    } catch (error) {
      const pause = signal?.aborted ? undefined : attempts.again(error, true);
      if (pause === undefined) throw error;
      await sleep(pause, signal);
    } finally {
      limited.over();
    }
  }
}

/** The bytes of a file, all of them. */
export async function read(
  client: Core,
  what: Downloadable,
  options?: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  let found: Uint8Array[] = [];
  for await (const piece of pieces(client, what, options)) {
    if (piece === ANEW) found = [];
    else found.push(piece);
  }
  const bytes = new Uint8Array(found.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of found) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/**
 * The bytes of a file as they come.
 *
 * What was handed out already cannot begin anew: if the file has changed, or its server cannot go
 * on in its middle, the stream fails with an `UnreadableAnswer`.
 */
export function download(
  client: Core,
  what: Downloadable,
  options?: DownloadOptions,
): ReadableStream<Uint8Array> {
  const control = new AbortController();
  const outer = options?.signal;
  const stop = () => control.abort(outer?.reason);
  if (outer?.aborted) stop();
  outer?.addEventListener("abort", stop, { once: true });
  const source = pieces(client, what, { ...options, signal: control.signal });
  const over = () => outer?.removeEventListener("abort", stop);
  return new ReadableStream<Uint8Array>({
    async pull(sink) {
      try {
        const { done, value } = await source.next();
        if (value === ANEW) throw new UnreadableAnswer("the file changed while it was read");
        if (!done) return sink.enqueue(value);
        sink.close();
      } catch (error) {
        control.abort(error);
        sink.error(error);
      }
      over();
    },
    cancel(reason) {
      over();
      control.abort(reason);
    },
  });
}
