/** A request as data: what it asks for, how its answer is read, and whether it may be repeated. */

import { type Body, bodyOf, formOf, isRepeatable, type Sendable } from "./bodies.js";
import { refusal, UnreadableAnswer } from "./errors.js";

/** How one call is made, where it differs from the client's options. */
export interface CallOptions {
  /** Ends the call; it throws the reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds that the call may take with all its attempts; `null` for any. */
  timeout?: number | null | undefined;
  /** Attempts after the first one. */
  maxRetries?: number | undefined;
  /** Sent beside the client's. */
  headers?: Record<string, string> | undefined;
}

/** A request of one route. */
export interface Request<T> {
  readonly method: string;
  /** The route's, as the OpenAPI document has it, with `{names}`. */
  readonly route: string;
  /** The path itself. */
  readonly path: string;
  /** Makes the result from a good answer. */
  readonly read: (answer: Answer) => T;
  /** Those that are undefined are not sent. */
  readonly query?: Record<string, unknown>;
  /** JSON, or the text of it. */
  readonly body?: unknown;
  /** A file to send instead. */
  readonly file?: Sendable;
  /** Whether the file goes as a form. */
  readonly form?: boolean;
  /** Its `Idempotency-Key`, which makes it repeatable: one is made where it is empty. */
  readonly key?: string;
  /** Whether it may be sent again when nobody knows what became of it. */
  readonly repeatable?: boolean;
  /** Milliseconds that the server may take on purpose. */
  readonly patience?: number;
  readonly options: CallOptions;
}

/** An answer whose body has been read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Where it came from, without the query. */
  readonly url: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** An answer as it came, and what the method would have returned. */
export class RawResponse<T> implements Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly url: string;
  /** The body. */
  readonly content: Uint8Array<ArrayBuffer>;
  readonly #read: (answer: Answer) => T;

  constructor(answer: Answer, read: (answer: Answer) => T) {
    this.status = answer.status;
    this.headers = answer.headers;
    this.url = answer.url;
    this.content = answer.content;
    this.#read = read;
  }

  /** What to quote to the operator. */
  get requestId(): string | undefined {
    return this.headers.get("x-request-id") ?? undefined;
  }

  /** What the method returns without `withRawResponse`. */
  parse(): T {
    return this.#read(this);
  }
}

/**
 * A request.
 *
 * @param names what stands in the path, in the order of the route.
 */
export function describe<T>(
  method: string,
  route: string,
  names: (string | number)[],
  read: (answer: Answer) => T,
  options: CallOptions | undefined,
  more: Partial<Request<T>> = {},
): Request<T> {
  let next = 0;
  const path = route.replace(/{\w+}/g, () => encodeURIComponent(names[next++] ?? ""));
  return {
    method,
    route,
    path,
    read,
    repeatable: method === "GET",
    options: options ?? {},
    ...more,
  };
}

/** What fetch takes as the body of one attempt, and what that is. */
export async function payload(
  asked: Request<unknown>,
): Promise<{ body: Body | null; type: string | undefined }> {
  const { body, file, form } = asked;
  // Of a form, fetch tells the type itself, with its boundary.
  if (file && form) return { body: await formOf(file), type: undefined };
  if (file) return { body: await bodyOf(file), type: "application/octet-stream" };
  if (body === undefined) return { body: null, type: undefined };
  return {
    body: typeof body === "string" ? body : JSON.stringify(body),
    type: "application/json",
  };
}

/** Whether a request can be sent a second time at all. */
export function isRepeated({ file }: Request<unknown>): boolean {
  return !file || isRepeatable(file);
}

/** Reads an answer that is a JSON object. */
export function json<T>(answer: Answer): T {
  const found = parsed(answer);
  if (!isObject(found)) throw unreadable(answer);
  return found as T;
}

/** Reads an answer that has a JSON object in an envelope, under `data`. */
export function data<T>(answer: Answer): T {
  const found = json<{ data: unknown }>(answer).data;
  if (!isObject(found)) throw unreadable(answer);
  return found as T;
}

/** Reads the text of an answer. */
export function text(answer: Answer): string {
  return new TextDecoder().decode(answer.content);
}

/** Reads the bytes of an answer. */
export function content(answer: Answer): Uint8Array<ArrayBuffer> {
  return answer.content;
}

/** Reads the bytes of an answer; `null` if it is 204. */
export function contentIfAny(answer: Answer): Uint8Array<ArrayBuffer> | null {
  return answer.status === 204 ? null : answer.content;
}

/**
 * An answer with its body, which is no refusal.
 *
 * @throws {ApiError} it is one.
 * @throws {UnreadableAnswer} it leads elsewhere.
 */
export async function answered(response: Response, url: string): Promise<Answer> {
  const { status, headers } = response;
  if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
    await response.body?.cancel();
    throw new UnreadableAnswer(`${url} answers ${status || "with a redirect"}: it is moved`);
  }
  const answer = { status, headers, url, content: new Uint8Array(await response.arrayBuffer()) };
  if (response.ok) return answer;
  throw refused(answer, response.statusText);
}

function refused(answer: Answer, phrase: string): Error {
  const found = parsed(answer);
  const body = isObject(found)
    ? found
    : { message: text(answer).slice(0, 200).trim() || phrase || String(answer.status) };
  return refusal(answer.status, body, answer.headers);
}

function parsed(answer: Answer): unknown {
  try {
    return JSON.parse(text(answer));
  } catch {
    return undefined;
  }
}

function isObject(found: unknown): found is Record<string, unknown> {
  return typeof found === "object" && found !== null && !Array.isArray(found);
}

function unreadable({ url, headers }: Answer): UnreadableAnswer {
  const type = headers.get("content-type") ?? "nothing";
  return new UnreadableAnswer(`expected a JSON object from ${url}, got ${type}`);
}
