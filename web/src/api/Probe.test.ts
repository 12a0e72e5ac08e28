import { expect, test } from "vitest";
import { pauseBefore, type Surroundings, untilBack } from "./Probe";

const LONGEST_MS = 15_000;

/** Tabs of one browser, a server that is away, and a clock that jumps. */
class Browser {
  up = false;
  asked = 0;
  readonly rests: number[] = [];
  readonly tabs = new Set<() => void>();
  private queue: Promise<void> = Promise.resolve();

  tab(): Surroundings {
    let mine: (() => void) | undefined;
    return {
      answers: async () => {
        this.asked++;
        return this.up;
      },
      rest: async (milliseconds) => {
        if (milliseconds === LONGEST_MS) return new Promise(() => undefined);
        this.rests.push(milliseconds);
        await new Promise((resolve) => setTimeout(resolve, 1));
      },
      alone: (run, signal) => {
        const before = this.queue;
        const turn = before.then(() => (signal.aborted ? undefined : run()));
        this.queue = turn.catch(() => undefined);
        return Promise.race([
          turn,
          new Promise<void>((_, reject) => signal.addEventListener("abort", () => reject("heard"))),
        ]);
      },
      seen: () => true,
      tell: () => {
        for (const tab of this.tabs) if (tab !== mine) tab();
      },
      hear: (back) => {
        mine = back;
        this.tabs.add(back);
        return () => this.tabs.delete(back);
      },
    };
  }
}

test("eight tabs ask once each, and then one asks for all", async () => {
  const browser = new Browser();
  const missing: number[] = [];
  const all = Promise.all(
    Array.from({ length: 8 }, (_, n) => untilBack(browser.tab(), () => missing.push(n))),
  );
  while (browser.rests.length < 6) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(missing).toHaveLength(8);
  // Eight first questions, and one after each rest but the one that goes on.
  expect(browser.asked).toBeLessThanOrEqual(8 + browser.rests.length);
  expect(browser.rests.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5].map(pauseBefore));
  browser.up = true;
  await all;
  expect(browser.tabs.size).toBe(0);
});

test("questions become rare, but never rarer than four in a minute", () => {
  const pauses = Array.from({ length: 20 }, (_, n) => pauseBefore(n));
  expect(pauses[0]).toBe(1000);
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(pauses.at(-1)).toBe(LONGEST_MS);
});

test("a server that answers was never away", async () => {
  const browser = new Browser();
  browser.up = true;
  await untilBack(browser.tab(), () => expect.fail("it is there"));
  expect(browser.asked).toBe(1);
});
