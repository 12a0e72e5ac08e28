/** Whether the server answers, learned from the requests that the page makes anyway. */

import { useEffect, useRef, useSyncExternalStore } from "react";

const HEALTH = "/healthz";
const PROBE_MS = 1000;

/** What a proxy answers for a server that is not there. */
const NOBODY = [502, 504];

/** Whether the page is being left: browsers end its requests then, whatever the server does. */
let leaving = false;
addEventListener("pagehide", () => {
  leaving = true;
});
addEventListener("pageshow", () => {
  leaving = false;
});

let away = false;
let probing: Promise<void> | undefined;
const listeners = new Set<() => void>();

/** Like fetch; a request that nobody answers makes the page find out whether the server is away. */
export async function ask(path: string, init?: RequestInit): Promise<Response> {
  try {
    const answer = await fetch(path, init);
    if (NOBODY.includes(answer.status)) void suspect();
    return answer;
  } catch (error) {
    if (error instanceof TypeError) void suspect();
    throw error;
  }
}

/** Asks for a sign of life, and goes on asking until there is one. */
export function suspect(): Promise<void> {
  probing ??= probe();
  return probing;
}

async function probe(): Promise<void> {
  while (!(await answers())) {
    tell(!leaving);
    await new Promise((resolve) => setTimeout(resolve, PROBE_MS));
  }
  probing = undefined;
  tell(false);
}

async function answers(): Promise<boolean> {
  return fetch(HEALTH, { cache: "no-store" }).then(
    (answer) => !NOBODY.includes(answer.status),
    () => false,
  );
}

function tell(now: boolean): void {
  if (away === now) return;
  away = now;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useAway(): boolean {
  return useSyncExternalStore(subscribe, () => away);
}

/** Does something each time the server has come back. */
export function useReturn(act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => subscribe(() => away || latest.current()), []);
}
