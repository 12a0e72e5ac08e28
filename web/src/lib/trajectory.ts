/** Paths that masks follow: drawn from the top left, sent from the bottom left. */

export interface Point {
  x: number;
  y: number;
}

/** Paths by the label of their mask. */
export type Paths = Record<number, Point[]>;

export const MOST_POINTS = 77;

/**
 * The same path with few points: those that Ramer, Douglas and Peucker keep, with the smallest
 * tolerance that leaves no more than `most`.
 *
 * @param tolerance pixels by which a point may always be off.
 */
export function simplify(points: Point[], tolerance: number, most = MOST_POINTS): Point[] {
  const distinct = points.filter(
    (p, i) => i === 0 || p.x !== points[i - 1]?.x || p.y !== points[i - 1]?.y,
  );
  let kept = reduce(distinct, tolerance);
  for (let t = Math.max(tolerance, 0.25); kept.length > most; t *= 1.25) kept = reduce(distinct, t);
  return kept;
}

function reduce(points: Point[], tolerance: number): Point[] {
  if (points.length < 3) return points;
  const keep = new Uint8Array(points.length);
  keep[0] = keep[points.length - 1] = 1;
  const open: [number, number][] = [[0, points.length - 1]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [from, to] = span;
    let far = 0;
    let at = -1;
    for (let i = from + 1; i < to; i++) {
      const d = distance(points[i] as Point, points[from] as Point, points[to] as Point);
      if (d > far) {
        far = d;
        at = i;
      }
    }
    if (at >= 0 && far > tolerance) {
      keep[at] = 1;
      open.push([from, at], [at, to]);
    }
  }
  return points.filter((_, i) => keep[i]);
}

/** From a point to a line between two others. */
function distance(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const squared = dx * dx + dy * dy;
  const t = squared ? Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / squared)) : 0;
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/** As the API takes it: from the bottom left, on the picture, to a tenth of a pixel. */
export function toWire(points: Point[], width: number, height: number): Point[] {
  const tenth = (n: number) => Math.round(n * 10) / 10;
  return points.map((p) => ({
    x: tenth(Math.min(width, Math.max(0, p.x))),
    y: tenth(height - Math.min(height, Math.max(0, p.y))),
  }));
}

/** As it is drawn, from what the API took. */
export function fromWire(points: Point[], height: number): Point[] {
  return points.map((p) => ({ x: p.x, y: height - p.y }));
}

/** Where something is that goes along a path at an even pace; `t` from 0 to 1. */
export function pointAt(points: Point[], t: number): Point {
  const lengths = points.slice(1).map((p, i) => {
    const before = points[i] as Point;
    return Math.hypot(p.x - before.x, p.y - before.y);
  });
  let left = t * lengths.reduce((sum, each) => sum + each, 0);
  for (const [i, length] of lengths.entries()) {
    const a = points[i] as Point;
    const b = points[i + 1] as Point;
    if (left <= length && length > 0) {
      const share = left / length;
      return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) };
    }
    left -= length;
  }
  return points.at(-1) ?? { x: 0, y: 0 };
}
