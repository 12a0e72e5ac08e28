/** Waiting, and acts that end early: by the caller's signal, or by a time limit. */

/** The longest time that timers take. */
const LONGEST = 2 ** 31 - 1;

/** An act that may be ended, and whose time limit may be set anew. */
export class Limited {
  private readonly control = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly stop = () => this.control.abort(this.outer?.reason);

  /**
   * @param outer the caller's.
   * @throws the reason of a signal that is aborted already.
   */
  constructor(private readonly outer?: AbortSignal | undefined) {
    outer?.throwIfAborted();
    outer?.addEventListener("abort", this.stop, { once: true });
  }

  /** What the act obeys. */
  get signal(): AbortSignal {
    return this.control.signal;
  }

  /** Gives the act some more milliseconds from now on, and a reason for the end. */
  within(milliseconds: number, late: () => Error): void {
    clearTimeout(this.timer);
    if (milliseconds < LONGEST) {
      this.timer = setTimeout(() => this.control.abort(late()), milliseconds);
    }
  }

  /** The act is over: whatever goes on is ended. */
  over(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener("abort", this.stop);
    this.control.abort();
  }
}

/** Waits for some milliseconds; throws the reason of a signal that ends it. */
export function sleep(milliseconds: number, signal?: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
