/**
 * A client without the routes: it carries out requests that functions of `./routes` describe, so
 * that bundlers leave out all that a page does not call.
 *
 *     import { Core } from "@kirin/client/core";
 *     import { task } from "@kirin/client/routes";
 *
 *     const found = await new Core({ baseUrl, apiKey }).run(task(id));
 */

import { ConnectionFailed, KirinError, TimedOut } from "./errors.js";
import { Limited, sleep } from "./limits.js";
import {
  type Answer,
  answered,
  isRepeated,
  payload,
  RawResponse,
  type Request,
} from "./requests.js";
import { Attempts } from "./retries.js";
import { VERSION } from "./version.js";

export { Limited, sleep } from "./limits.js";
// For routes that this version does not know.
export { type CallOptions, describe, json, RawResponse, type Request } from "./requests.js";

/** How a client makes its calls. */
export interface ClientOptions {
  /** Of the server; `KIRIN_SERVER` of the environment if not given, else `http://127.0.0.1:8000`. */
  baseUrl?: string | undefined;
  /** A key of that server; `KIRIN_API_KEY` if not given. */
  apiKey?: string | undefined;
  /** Milliseconds that a call may take with all its attempts; `null` for any. */
  timeout?: number | null | undefined;
  /** Attempts after the first one, where another may go better. */
  maxRetries?: number | undefined;
  /** To send with each request to the server. */
  headers?: Record<string, string> | undefined;
  /** Used instead of the runtime's. */
  fetch?: typeof fetch | undefined;
  /** For `unwrap`; `KIRIN_WEBHOOK_SECRET` if not given. */
  webhookSecret?: string | string[] | undefined;
  /** Told each exchange in a line, without queries, headers or bodies. */
  log?: ((line: string) => void) | undefined;
}

const DEFAULT_URL = "http://127.0.0.1:8000";
const NODE = globalThis.process?.versions?.node;

/** Milliseconds without a byte after which a stream counts as broken. */
const SILENCE = 60_000;

/** A variable of the environment, where there is one. */
export function variable(name: string): string | undefined {
  return globalThis.process?.env?.[name] || undefined;
}

/** A client of one server with one key. */
export class Core {
  /** Of the server, without a slash at its end. */
  readonly baseUrl: string;
  /** Attempts after the first one. */
  readonly maxRetries: number;
  /** Milliseconds that a call may take; `null` for any. */
  readonly timeout: number | null;
  // Private to the runtime, too: whoever prints a client sees no key.
  readonly #options: ClientOptions;
  readonly #key: string;

  /** @throws {TypeError} the URL or the key cannot be one. */
  constructor(options: ClientOptions = {}) {
    const { baseUrl, apiKey, timeout = 60_000, maxRetries = 3 } = options;
    this.baseUrl = addressOf(baseUrl ?? variable("KIRIN_SERVER") ?? DEFAULT_URL);
    this.timeout = timeout;
    this.maxRetries = maxRetries;
    this.#options = options;
    this.#key = (apiKey ?? variable("KIRIN_API_KEY") ?? "").trim();
    // What fetch says of such a header would have the key in it.
    if (/[^\x21-\x7e]/.test(this.#key))
      throw new TypeError("the key has a character that none has");
  }

  /** The same client with other options, for one call or several. */
  withOptions(changes: Omit<ClientOptions, "baseUrl" | "apiKey">): this {
    const kind = this.constructor as new (options: ClientOptions) => this;
    const headers = { ...this.#options.headers, ...changes.headers };
    // Where it was from the environment, it stays what it was.
    const own = { baseUrl: this.baseUrl, apiKey: this.#key };
    return new kind({ ...this.#options, ...changes, ...own, headers });
  }

  /**
   * Carries out a request.
   *
   * @throws {ApiError} the server refused it.
   * @throws {ConnectionFailed} no answer came.
   */
  async run<T>(request: Request<T>): Promise<T> {
    return request.read(await this.#answerTo(request));
  }

  /** Carries out a request, and gives its answer as it came. */
  async raw<T>(request: Request<T>): Promise<RawResponse<T>> {
    return new RawResponse(await this.#answerTo(request), request.read);
  }

  /**
   * Opens a stream of bytes: one attempt, which is broken off where nothing comes for a while.
   *
   * @param url of anywhere, or a path on the server; the key goes to the server alone.
   * @param limited is over when the caller says so.
   * @param silence milliseconds that may go by without a byte.
   */
  async open(
    url: string,
    sent: { headers: Record<string, string>; cache?: "no-store" },
    limited: Limited,
    silence = SILENCE,
  ): Promise<{ response: Response; pieces: AsyncGenerator<Uint8Array> }> {
    const address = this.#address(url);
    const where = placeOf(address);
    const init = this.#init(address, { redirect: "follow", ...sent }, limited.signal);
    const heard = () => {
      const late = () => new TimedOut(`nothing came from ${where} for ${silence} ms`, where);
      limited.within(silence, late);
    };
    heard();
    try {
      const response = await this.#fetch(address, init);
      if (!response.ok) await answered(response, where);
      return { response, pieces: piecesOf(response, where, limited.signal, heard) };
    } catch (error) {
      throw failure(error, where, limited.signal);
    }
  }

  async #answerTo(request: Request<unknown>): Promise<Answer> {
    const { options, patience = 0 } = request;
    const { signal, timeout = this.timeout, maxRetries = this.maxRetries } = options;
    // One key for all attempts.
    const key = request.key === undefined ? undefined : request.key || uuid();
    const attempts = new Attempts(isRepeated(request) ? maxRetries : 0, timeout);
    for (;;) {
      try {
        return await this.#attempt(request, key, attempts.left() + patience);
      } catch (error) {
        const pause = attempts.again(error, !!request.repeatable || key !== undefined);
        if (pause === undefined) throw error;
        await sleep(pause, signal);
      }
    }
  }

  async #attempt(
    request: Request<unknown>,
    key: string | undefined,
    milliseconds: number,
  ): Promise<Answer> {
    const { method, options } = request;
    const address = this.#address(request.path + queryOf(request.query));
    const where = placeOf(address);
    const { body, type } = await payload(request);
    const limited = new Limited(options.signal);
    limited.within(milliseconds, () => new TimedOut(`no answer in time from ${where}`, where));
    const headers = {
      ...(type && { "Content-Type": type }),
      ...(key && { "Idempotency-Key": key }),
      ...options.headers,
    };
    try {
      // The answers of an API lead nowhere.
      const sent: RequestInit = { method, headers, body, redirect: "manual" };
      const init = this.#init(address, sent, limited.signal);
      return await answered(await this.#fetch(address, init), where);
    } catch (error) {
      throw failure(error, where, limited.signal);
    } finally {
      limited.over();
    }
  }

  /** The key and the common headers go to the server alone. */
  #init(address: URL, sent: RequestInit, signal: AbortSignal): RequestInit {
    const headers = new Headers(sent.headers);
    if (address.origin === new URL(this.baseUrl).origin) {
      if (this.#key) headers.set("Authorization", `Bearer ${this.#key}`);
      for (const [name, value] of Object.entries(this.#options.headers ?? {})) {
        if (!headers.has(name)) headers.set(name, value);
      }
    }
    // Browsers say who they are themselves.
    if (NODE) headers.set("User-Agent", `kirin-client-js/${VERSION} node/${NODE}`);
    const duplex = sent.body instanceof ReadableStream ? { duplex: "half" } : {};
    return { ...sent, ...duplex, headers, signal };
  }

  async #fetch(address: URL, init: RequestInit): Promise<Response> {
    const { log, fetch: own } = this.#options;
    const started = performance.now();
    const became = (what: string) => {
      const took = Math.round(performance.now() - started);
      log?.(`${init.method ?? "GET"} ${address.pathname}: ${what} in ${took} ms`);
    };
    try {
      // As a function of its own, which browsers want it to be.
      const act = own ?? globalThis.fetch;
      const response = await act(address.href, init);
      became(`${response.status} (request ${response.headers.get("x-request-id") ?? "-"})`);
      return response;
    } catch (error) {
      became(error instanceof Error ? error.name : "failed");
      throw error;
    }
  }

  #address(url: string): URL {
    return new URL(url.startsWith("/") ? this.baseUrl + url : url);
  }
}

function addressOf(baseUrl: string): string {
  let found: URL;
  try {
    found = new URL(baseUrl);
  } catch {
    throw new TypeError("baseUrl is no URL");
  }
  // Errors of fetch would show them.
  if (found.username || found.password)
    throw new TypeError("baseUrl has a name or a password in it");
  return (found.origin + found.pathname).replace(/\/+$/, "");
}

function placeOf(url: URL): string {
  return url.origin + url.pathname;
}

function queryOf(query: Record<string, unknown> = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  );
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

/** What a failure means to callers. */
function failure(error: unknown, where: string, signal?: AbortSignal): unknown {
  // The caller's own reason, or that time is up.
  if (signal?.aborted) return signal.reason;
  if (error instanceof KirinError || !(error instanceof Error)) return error;
  if (error.name === "AbortError") return error;
  return new ConnectionFailed(`no answer from ${where}: ${wordsOf(error)}`, where, {
    cause: error,
  });
}

/** Node.js says in the cause what was the matter. */
function wordsOf({ message, cause }: Error): string {
  return cause instanceof Error && cause.message ? cause.message : message;
}

/** The bytes of an answer as they come. */
async function* piecesOf(
  response: Response,
  where: string,
  signal: AbortSignal,
  heard: () => void,
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error) => {
        throw failure(error, where, signal);
      });
      if (done) return;
      heard();
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined); // broken already
  }
}

/** A random UUID, also where browsers have no `randomUUID`: on http, except on this machine. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
