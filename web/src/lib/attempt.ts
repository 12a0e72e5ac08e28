/** Keys that make sending the same request twice create one task (`Idempotency-Key`). */

const BYTES = 16;

/** Not `crypto.randomUUID`, which pages have over HTTPS only. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * One request that somebody wants to be made once.
 *
 * Where its answer is lost, or it is stopped on the way, nobody knows whether the task was made:
 * the same request sent again then has the same key. What was answered is over: sent again, the
 * same is a new wish.
 */
export class Attempt {
  private body = "";
  private key = "";

  keyFor(body: string): string {
    if (!this.key || body !== this.body) {
      this.key = freshKey();
      this.body = body;
    }
    return this.key;
  }

  answered(): void {
    this.key = "";
    this.body = "";
  }
}
