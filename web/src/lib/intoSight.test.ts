import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bringIntoSight, isInSight } from "./intoSight";

const HEIGHT = 800;

/** A window whose frames come when the test says so, and which is scrolled as it says. */
class Screen {
  top = 2000;
  size = 300;
  there = true;
  readonly asked: unknown[] = [];
  private readonly due = new Map<number, () => void>();
  private readonly target = new EventTarget();
  private count = 0;

  readonly globals = {
    innerHeight: HEIGHT,
    requestAnimationFrame: (act: () => void) => {
      this.due.set(++this.count, act);
      return this.count;
    },
    cancelAnimationFrame: (id: number) => this.due.delete(id),
    addEventListener: this.target.addEventListener.bind(this.target),
    removeEventListener: this.target.removeEventListener.bind(this.target),
    KeyboardEvent: class extends Event {
      constructor(readonly key: string) {
        super("keydown");
      }
    },
  };

  /** The part of the page; `answer` is where a scroll leads. */
  part(answer: (behavior: string) => void): Element {
    return {
      getBoundingClientRect: () => ({ top: this.top, bottom: this.top + this.size }),
      scrollIntoView: ({ behavior }: { behavior: string }) => {
        this.asked.push(behavior);
        answer(behavior);
      },
    } as unknown as Element;
  }

  pass(frames: number): void {
    for (let n = 0; n < frames; n++) {
      const [first] = this.due;
      if (!first) return;
      this.due.delete(first[0]);
      first[1]();
    }
  }

  does(event: Event): void {
    this.target.dispatchEvent(event);
  }

  get waits(): boolean {
    return this.due.size > 0;
  }
}

let screen: Screen;

beforeEach(() => {
  screen = new Screen();
  for (const [name, value] of Object.entries(screen.globals)) vi.stubGlobal(name, value);
});
afterEach(() => vi.unstubAllGlobals());

test("enough of a part is in sight, or all of it", () => {
  expect(isInSight(100, 300, HEIGHT)).toBe(true);
  expect(isInSight(500, 1500, HEIGHT)).toBe(false);
  expect(isInSight(480, 1500, HEIGHT)).toBe(true);
  expect(isInSight(-900, 320, HEIGHT)).toBe(true);
  expect(isInSight(-900, 319, HEIGHT)).toBe(false);
  expect(isInSight(900, 1200, HEIGHT)).toBe(false);
  expect(isInSight(300, 300, HEIGHT)).toBe(false);
});

test("a scroll that was stopped on its way is made up for by a jump", () => {
  const part = screen.part((behavior) => {
    screen.top = behavior === "smooth" ? 1200 : 72;
  });
  bringIntoSight(part, true, () => true);
  screen.pass(40);
  expect(screen.asked).toEqual(["smooth", "instant"]);
  expect(screen.waits).toBe(false);
});

test("what moves is left to move, and what was moved away is fetched again", () => {
  const part = screen.part(() => undefined);
  bringIntoSight(part, true, () => screen.there);
  screen.there = false;
  for (; screen.top > 72; screen.top -= 8) screen.pass(1);
  expect(screen.asked).toEqual(["smooth"]);
  screen.pass(20);
  expect(screen.waits).toBe(true);
  // It gets its size, and something above it goes away.
  screen.top = -900;
  screen.there = true;
  screen.pass(9);
  screen.top = 72;
  screen.pass(20);
  expect(screen.asked).toEqual(["smooth", "instant"]);
  expect(screen.waits).toBe(false);
});

test("what is in sight is not scrolled", () => {
  screen.top = 200;
  bringIntoSight(
    screen.part(() => undefined),
    true,
    () => true,
  );
  screen.pass(20);
  expect(screen.asked).toEqual([]);
  expect(screen.waits).toBe(false);
});

test("whoever scrolls by hand is left alone, whoever taps or types is not meant", () => {
  const Key = screen.globals.KeyboardEvent;
  const part = screen.part(() => undefined);
  for (const event of [new Event("wheel"), new Event("touchmove"), new Key("PageUp")]) {
    bringIntoSight(part, true, () => true);
    screen.does(new Event("touchstart"));
    screen.does(new Key("a"));
    expect(screen.waits).toBe(true);
    screen.does(event);
    expect(screen.waits).toBe(false);
  }
});

test("what cannot be brought into sight is given up", () => {
  bringIntoSight(
    screen.part(() => undefined),
    true,
    () => true,
  );
  screen.pass(500);
  expect(screen.waits).toBe(false);
  expect(screen.asked.length).toBeLessThan(20);
});
