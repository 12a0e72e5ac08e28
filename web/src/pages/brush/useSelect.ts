import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { Point } from "../../lib/trajectory";
import type { Easel } from "./Easel";
import { Selector } from "./Selector";

const FIRST_TOLERANCE = 24;

interface Selecting {
  busy: boolean;
  tolerance: number;
  /** Another tolerance: what was just selected is selected anew with it. */
  setTolerance: (tolerance: number) => void;
  /** Paints the thing under a point. */
  select: (at: Point, label: number) => void;
}

/** Selecting things by a click, with a tolerance that can be turned up and down afterwards. */
export function useSelect(picture: HTMLImageElement, easel: RefObject<Easel | null>): Selecting {
  const [tolerance, change] = useState(FIRST_TOLERANCE);
  const [busy, setBusy] = useState(false);
  const selector = useRef<Selector>(null);
  /** What was selected last, and whether that painted anything; void once more was done. */
  const last = useRef<{ at: Point; label: number; turn: number; painted: boolean }>(null);

  useEffect(() => {
    selector.current = new Selector(picture);
    return () => selector.current?.close();
  }, [picture]);

  const find = useCallback(
    async (at: Point, label: number, wanted: number) => {
      setBusy(true);
      const mask = await selector.current?.find(at, wanted);
      const made = easel.current;
      setBusy(false);
      if (!mask || !made) return;
      const before = last.current;
      if (before?.at === at && before.turn === made.turn && before.painted) made.undo();
      const painted = made.fill(mask, label);
      last.current = { at, label, turn: made.turn, painted };
    },
    [easel],
  );

  const select = useCallback(
    (at: Point, label: number) => {
      last.current = null;
      void find(at, label, tolerance);
    },
    [find, tolerance],
  );

  const setTolerance = useCallback(
    (next: number) => {
      change(next);
      const before = last.current;
      if (before && easel.current?.turn === before.turn) void find(before.at, before.label, next);
    },
    [find, easel],
  );
  return { busy, tolerance, setTolerance, select };
}
