/** When a request is sent again, and after how long. */

import { ApiError, ConnectionFailed } from "./errors.js";

/**
 * Milliseconds: pauses are drawn from 0 to a limit that doubles from the first to the longest, so
 * that clients that failed together do not come back together (full jitter).
 */
export const FIRST_PAUSE = 500;
export const LONGEST_PAUSE = 8000;

/** Seconds; if a server asks for more, the caller decides. */
const LONGEST_RETRY_AFTER = 60;

/** Statuses of requests that the server has not begun with: anything may be sent again. */
const NOT_DONE = [425, 429, 503];

/** Statuses of requests of which nobody knows: what is repeatable may be sent again. */
const PERHAPS_DONE = [408, 500, 502, 504];

/** Codes of Node.js for failures before a byte of the request has left; browsers tell none. */
const NOT_SENT = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];

/** Codes of answers to which another request would get the same. */
const NOT_AGAIN = ["SYNC_TIMEOUT"];

/** The attempts at one call. */
export class Attempts {
  /** Attempts that have failed. */
  made = 0;
  private readonly end: number;

  /**
   * @param retries attempts after the first one.
   * @param timeout milliseconds that all together may take; `null` for any.
   */
  constructor(
    private readonly retries: number,
    timeout: number | null,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.end = timeout === null ? Infinity : clock() + timeout;
  }

  /** Milliseconds that the next attempt has. */
  left(): number {
    return Math.max(this.end - this.clock(), 1);
  }

  /** Milliseconds until the next attempt; nothing if there is none. */
  again(error: unknown, repeatable: boolean): number | undefined {
    this.made += 1;
    if (this.made > this.retries || !worthRepeating(error, repeatable)) return undefined;
    const asked = error instanceof ApiError ? (error.retryAfter ?? 0) : 0;
    if (asked > LONGEST_RETRY_AFTER) return undefined;
    const pause = asked * 1000 + jitter(this.made);
    return pause < this.left() ? pause : undefined;
  }

  /** Counts from the beginning: something has been achieved. */
  reset(): void {
    this.made = 0;
  }
}

/** Milliseconds, drawn anew each time, after an attempt, counted from 1. */
export function jitter(attempt: number): number {
  return Math.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1));
}

/** Whether another attempt is safe, and may go better. */
function worthRepeating(error: unknown, repeatable: boolean): boolean {
  if (error instanceof ApiError) {
    if (NOT_AGAIN.includes(error.code)) return false;
    return NOT_DONE.includes(error.status) || (repeatable && PERHAPS_DONE.includes(error.status));
  }
  return error instanceof ConnectionFailed && (repeatable || !wasSent(error));
}

/** Whether the server may have received something, as far as is known. */
function wasSent({ cause }: ConnectionFailed): boolean {
  for (let deeper: unknown = cause; deeper instanceof Error; deeper = deeper.cause) {
    if (NOT_SENT.includes(String(Reflect.get(deeper, "code")))) return false;
  }
  return true;
}
