/** What of a path is under a point: paths are edited where they are seen. */

import { MOST_POINTS, type Paths, type Point } from "../../lib/trajectory";

/** A point of a path, or the place where a new one goes between two of them. */
export interface Handle {
  label: number;
  index: number;
  isNew: boolean;
}

/**
 * The nearest point of any path within reach, or else the nearest line, on which a point may be put.
 *
 * @param chosen label whose path comes first where several are in reach.
 */
export function handleAt(
  paths: Paths,
  at: Point,
  reach: number,
  chosen: number,
): Handle | undefined {
  const labels = Object.keys(paths)
    .map(Number)
    .sort((a, b) => Number(b === chosen) - Number(a === chosen));
  for (const label of labels) {
    const index = nearest(paths[label] ?? [], (p) => Math.hypot(p.x - at.x, p.y - at.y), reach);
    if (index >= 0) return { label, index, isNew: false };
  }
  const path = paths[chosen] ?? [];
  if (path.length >= MOST_POINTS) return undefined;
  const line = nearest(path.slice(1), (p, i) => offLine(at, path[i] as Point, p), reach * 0.7);
  return line >= 0 ? { label: chosen, index: line + 1, isNew: true } : undefined;
}

function nearest(points: Point[], far: (p: Point, i: number) => number, reach: number): number {
  let found = -1;
  let least = reach;
  points.forEach((p, i) => {
    const distance = far(p, i);
    if (distance > least) return;
    least = distance;
    found = i;
  });
  return found;
}

function offLine(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const squared = dx * dx + dy * dy;
  const t = squared ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / squared : 0;
  const along = Math.min(1, Math.max(0, t));
  return Math.hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}

/** What two fingers do: how much further apart they are, about where, and where that went. */
export interface Pinch {
  factor: number;
  /** The middle between them before. */
  from: Point;
  to: Point;
}

export function pinchOf(before: Point[], after: Point[]): Pinch | undefined {
  const [a, b] = before;
  const [c, d] = after;
  if (!a || !b || !c || !d) return undefined;
  const apart = Math.hypot(a.x - b.x, a.y - b.y);
  const now = Math.hypot(c.x - d.x, c.y - d.y);
  const middle = (p: Point, q: Point) => ({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 });
  return { factor: apart > 0 ? now / apart : 1, from: middle(a, b), to: middle(c, d) };
}
