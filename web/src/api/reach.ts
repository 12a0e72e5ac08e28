/** Whether the server answers, learned from the requests that the page makes anyway. */

import { useEffect, useRef, useSyncExternalStore } from "react";
import { surroundings, untilBack } from "./Probe";

const HEALTH = "/healthz";

/** Statuses of a proxy whose server is down. */
export const DOWN = [502, 504];

/** Whether the page is being left: browsers abort its requests then. */
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

/**
 * Like fetch; when a request gets no answer, the page checks whether the server is down.
 *
 * @param transport what carries the request.
 */
export async function ask(
  path: Parameters<typeof fetch>[0],
  init?: RequestInit,
  transport: typeof fetch = fetch,
): Promise<Response> {
  try {
    const answer = await transport(path, init);
    if (DOWN.includes(answer.status)) void suspect();
    return answer;
  } catch (error) {
    if (error instanceof TypeError) void suspect();
    throw error;
  }
}

/** Checks the health of the server until it answers. */
export function suspect(): Promise<void> {
  probing ??= probe();
  return probing;
}

const around = surroundings(answers);

async function probe(): Promise<void> {
  await untilBack(around, () => tell(!leaving));
  probing = undefined;
  tell(false);
}

async function answers(): Promise<boolean> {
  return fetch(HEALTH, { cache: "no-store" }).then(
    (answer) => !DOWN.includes(answer.status),
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

/** Whether nobody answers, as far as is known. */
export function isAway(): boolean {
  return away;
}

export function useAway(): boolean {
  return useSyncExternalStore(subscribe, () => away);
}

/** Calls a function each time the server is reachable again. */
export function useReturn(act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => subscribe(() => away || latest.current()), []);
}
