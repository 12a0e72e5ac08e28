/** Asks whether the server is back: from one tab for all of them, and less and less often. */

const FIRST_MS = 1000;
const LONGEST_MS = 15_000;
const GROWTH = 1.6;

/** Name of the lock of the tab that asks, and of the channel on which it tells. */
const CHANNEL = "kirin.reach";

/** Milliseconds before each next question: longer each time, up to a quarter of a minute. */
export function pauseBefore(attempt: number): number {
  return Math.min(LONGEST_MS, Math.round(FIRST_MS * GROWTH ** attempt));
}

/** What it works with, so that tests can do without a browser. */
export interface Surroundings {
  /** Whether the server answers now. */
  answers: () => Promise<boolean>;
  /** Waits; ends early when there is reason to hope, such as a network that came back. */
  rest: (milliseconds: number) => Promise<void>;
  /** Runs something while no other tab does the like; at once where browsers have no locks. */
  alone: (run: () => Promise<void>, signal: AbortSignal) => Promise<void>;
  /** Whether somebody looks at this tab. */
  seen: () => boolean;
  /** Tells other tabs that the server is back. */
  tell: () => void;
  /** Calls back when another tab tells so; returns what ends that. */
  hear: (back: () => void) => () => void;
}

/**
 * Waits until the server answers.
 *
 * The first question is every tab's own, since only it knows that its request failed. Then one
 * tab holds a lock and asks; the others wait for its word, or for the lock when it is closed. As
 * browsers let tabs that nobody sees sleep, one that is seen looks now and then by itself.
 *
 * @param missing called when it is certain that nobody answers.
 */
export async function untilBack(around: Surroundings, missing: () => void): Promise<void> {
  if (await around.answers()) return;
  missing();
  const heard = new AbortController();
  const end = around.hear(() => heard.abort());
  let leads = false;
  const look = async () => {
    if (heard.signal.aborted || !(await around.answers())) return;
    around.tell();
    heard.abort();
  };
  const ask = async () => {
    leads = true;
    for (let attempt = 0; !heard.signal.aborted; attempt++) {
      await around.rest(pauseBefore(attempt));
      await look();
    }
  };
  const watch = async () => {
    while (!heard.signal.aborted) {
      await around.rest(LONGEST_MS);
      if (!leads && around.seen()) await look();
    }
  };
  void watch();
  try {
    await around.alone(ask, heard.signal);
  } catch (error) {
    if (!heard.signal.aborted) throw error;
  } finally {
    end();
  }
}

/** The browser's own: locks and a channel between the tabs of one origin. */
export function surroundings(answers: () => Promise<boolean>): Surroundings {
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(CHANNEL) : undefined;
  return {
    answers,
    rest,
    seen: () => !document.hidden,
    alone: (run, signal) => ("locks" in navigator ? locked(run, signal) : run()),
    tell: () => channel?.postMessage("back"),
    hear: (back) => {
      channel?.addEventListener("message", back);
      return () => channel?.removeEventListener("message", back);
    },
  };
}

/** A moment's rest; a network that comes back or somebody who looks at the tab ends it. */
function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      document.removeEventListener("visibilitychange", seen);
      resolve();
    };
    const seen = () => document.hidden || done();
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done);
    document.addEventListener("visibilitychange", seen);
  });
}

async function locked(run: () => Promise<void>, signal: AbortSignal): Promise<void> {
  await navigator.locks.request(CHANNEL, { signal }, run);
}
