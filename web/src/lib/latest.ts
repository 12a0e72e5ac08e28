/** Answers that never replace newer ones, and questions that wait until nobody types. */

type Work<T> = (signal: AbortSignal) => Promise<T>;

export class Latest {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stop = new AbortController();

  constructor(private readonly afterMs: number) {}

  /** Asks a moment later, unless something newer is asked before; then the old answer is lost. */
  ask<T>(work: Work<T>, done: (answer: T) => void, failed: (error: unknown) => void): void {
    this.forget();
    const { signal } = this.stop;
    this.timer = setTimeout(() => {
      work(signal).then(
        (answer) => signal.aborted || done(answer),
        (error) => signal.aborted || failed(error),
      );
    }, this.afterMs);
  }

  /** Whatever is asked now is not wanted any more. */
  forget(): void {
    clearTimeout(this.timer);
    this.stop.abort();
    this.stop = new AbortController();
  }
}
