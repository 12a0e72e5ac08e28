/**
 * What may go wrong, as a small tree:
 *
 *     KirinError
 *     ├── ApiError                the server refused the request
 *     │   ├── BadRequest          400, 413, 415, 422: `problems` names each parameter
 *     │   ├── Unauthenticated     401: the key is missing, unknown, expired or revoked
 *     │   ├── Forbidden           403: the key may not do this
 *     │   │   └── InsufficientBalance
 *     │   ├── NotFound            404, 410: unknown, of another account, or expired
 *     │   ├── Conflict            409: used already, or too late
 *     │   ├── RateLimited         429: `retryAfter` says when to come again
 *     │   └── ServerError         5xx: a fault or an overload of the server
 *     ├── ConnectionFailed        no answer came
 *     │   └── TimedOut            within the time limit
 *     ├── UnreadableAnswer        an answer that no Kirin server gives
 *     ├── TaskFailed              a task that was waited for has failed
 *     ├── WaitTimedOut            a task that was waited for goes on
 *     └── InvalidSignature        a webhook that this server has not sent
 *
 * A call that its own `signal` ends throws the reason of that signal, as fetch does.
 */

import type { Problem, Task } from "./models.js";

/** `error_code` of a refusal for lack of money. */
const BALANCE_TOO_LOW = 40201;

/** Anything that this package throws on purpose. */
export class KirinError extends Error {
  // Minifiers rename classes, so each says its name itself.
  override name = "KirinError";
}

/** The server refused a request. */
export class ApiError extends KirinError {
  override name = "ApiError";
  /** Stable identifier of the error, such as `unknown_task`. */
  readonly code: string;
  /** Everything that is wrong with the parameters, if that is why. */
  readonly problems: Problem[];
  /** What to quote to the operator. */
  readonly requestId: string | undefined;
  /** Seconds after which the server asks to come again, if it said so. */
  readonly retryAfter: number | undefined;

  /**
   * @param status of HTTP.
   * @param body the whole answer.
   */
  constructor(
    readonly status: number,
    readonly body: Record<string, unknown>,
    readonly headers: Headers = new Headers(),
  ) {
    super(String(body.message ?? "no message"));
    this.code = String(body.code ?? "unknown");
    this.problems = Array.isArray(body.errors) ? body.errors.filter(isProblem) : [];
    const id = body.request_id ?? headers.get("x-request-id");
    this.requestId = id == null ? undefined : String(id);
    this.retryAfter = secondsOf(headers.get("retry-after"));
  }
}

/** The request is wrong; `problems` names each parameter. */
export class BadRequest extends ApiError {
  override name = "BadRequest";
}

/** The key is missing, unknown, expired or revoked. */
export class Unauthenticated extends ApiError {
  override name = "Unauthenticated";
}

/** The key may not do this. */
export class Forbidden extends ApiError {
  override name = "Forbidden";
}

/** The account has too little money; `body.balance` says how much is needed. */
export class InsufficientBalance extends Forbidden {
  override name = "InsufficientBalance";
}

/** There is no such thing, or it belongs to another account, or it has expired. */
export class NotFound extends ApiError {
  override name = "NotFound";
}

/** It is used already, or it is too late for it. */
export class Conflict extends ApiError {
  override name = "Conflict";
}

/** A limit was reached; `retryAfter` says when to come again. */
export class RateLimited extends ApiError {
  override name = "RateLimited";
}

/** A fault or an overload of the server. */
export class ServerError extends ApiError {
  override name = "ServerError";
}

/** No answer came: the server is down, out of reach, or hung up. `cause` is what fetch threw. */
export class ConnectionFailed extends KirinError {
  override name = "ConnectionFailed";

  /** @param url what was asked for, without its query. */
  constructor(
    message: string,
    readonly url = "",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** No answer came within the time limit. */
export class TimedOut extends ConnectionFailed {
  override name = "TimedOut";
}

/** An answer that no Kirin server gives: is the base URL right? */
export class UnreadableAnswer extends KirinError {
  override name = "UnreadableAnswer";
}

/** A task ended without a result, or was cancelled. */
export class TaskFailed extends KirinError {
  override name = "TaskFailed";
  /** Of the error. */
  readonly code: string;

  /** @param task as the server shows it, with its `error`. */
  constructor(readonly task: Task) {
    super(task.error?.message ?? "no message");
    this.code = String(task.error?.code ?? "unknown");
  }
}

/** Waiting for a task took too long; the task goes on. */
export class WaitTimedOut extends KirinError {
  override name = "WaitTimedOut";

  /**
   * @param task as it was read last.
   * @param timeout milliseconds.
   */
  constructor(
    readonly task: Task,
    readonly timeout: number,
  ) {
    super(`task ${task.id} is still ${task.status} after ${timeout} ms`);
  }
}

/** A webhook is not signed with this secret, or is too old. */
export class InvalidSignature extends KirinError {
  override name = "InvalidSignature";
}

/** The error that an answer stands for. */
export function refusal(
  status: number,
  body: Record<string, unknown>,
  headers: Headers = new Headers(),
): ApiError {
  return new (kindOf(status, body))(status, body, headers);
}

function kindOf(status: number, body: Record<string, unknown>): typeof ApiError {
  switch (status) {
    case 400:
    case 413:
    case 415:
    case 422:
      return BadRequest;
    case 401:
      return Unauthenticated;
    case 403:
      return body.error_code === BALANCE_TOO_LOW ? InsufficientBalance : Forbidden;
    case 404:
    case 410:
      return NotFound;
    case 409:
      return Conflict;
    case 429:
      return RateLimited;
    default:
      return status >= 500 ? ServerError : ApiError;
  }
}

/** Seconds of `Retry-After`; of its two forms, servers of this API send a number. */
function secondsOf(value: string | null): number | undefined {
  const seconds = value?.trim() ? Number(value) : Number.NaN;
  return seconds >= 0 && seconds < Infinity ? seconds : undefined;
}

/** Another server, perhaps a proxy, has errors of another form. */
function isProblem(found: unknown): found is Problem {
  return (
    typeof found === "object" &&
    found !== null &&
    ["param", "code", "message"].every((name) => typeof Reflect.get(found, name) === "string")
  );
}
