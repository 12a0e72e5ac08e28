/** Where somebody is in the gallery, kept in the browser's history: who comes back is there again. */

import { useEffect } from "react";

/** In the history of a task that was opened from the gallery: closing it goes back. */
export const INSIDE = { inside: true };

/** Milliseconds after the last movement. */
const QUIET_MS = 150;

export interface Place {
  /** Pixels. */
  y: number;
  /** Tasks that were shown. */
  count: number;
}

interface Kept {
  gallery?: Place;
  inside?: boolean;
}

function kept(): Kept {
  return (history.state as Kept | null) ?? {};
}

/** Where somebody was when they left this entry of the history. */
export function keptPlace(): Place | undefined {
  return kept().gallery;
}

/** Whether the entry before this one is the gallery. */
export function openedInside(): boolean {
  return !!kept().inside;
}

/** Writes down where somebody is, once they rest. */
export function useKeptPlace(count: number): void {
  useEffect(() => {
    if (!count) return;
    let timer = 0;
    const keep = () => {
      const gallery: Place = { y: Math.round(scrollY), count };
      history.replaceState({ ...kept(), gallery }, "");
    };
    const soon = () => {
      clearTimeout(timer);
      timer = window.setTimeout(keep, QUIET_MS);
    };
    addEventListener("scroll", soon, { passive: true });
    addEventListener("pagehide", keep);
    return () => {
      clearTimeout(timer);
      removeEventListener("scroll", soon);
      removeEventListener("pagehide", keep);
    };
  }, [count]);
}
