/** Cutting a part out of a frame: boxes in pixels of the frame. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

/** The part of a box that is being dragged: its corners and sides by compass, or all of it. */
export type Grip = "nw" | "ne" | "sw" | "se" | "n" | "s" | "w" | "e" | "all";

/** A square in the middle, as large as a portrait wants it. */
export function firstBox({ width, height }: Size): Box {
  const side = Math.round(Math.min(width, height) * 0.7);
  return {
    x: Math.round((width - side) / 2),
    y: Math.round((height - side) / 2),
    width: side,
    height: side,
  };
}

/** The shortest side that a box can be dragged to. */
const SMALLEST = 16;

/** A box after a part of it was dragged by so many pixels; it never leaves the frame. */
export function draggedBox(box: Box, grip: Grip, dx: number, dy: number, frame: Size): Box {
  if (grip === "all") {
    return {
      ...box,
      x: clamp(box.x + dx, 0, frame.width - box.width),
      y: clamp(box.y + dy, 0, frame.height - box.height),
    };
  }
  let [x0, y0, x1, y1] = [box.x, box.y, box.x + box.width, box.y + box.height];
  if (grip.includes("w")) x0 = clamp(x0 + dx, 0, x1 - SMALLEST);
  if (grip.includes("e")) x1 = clamp(x1 + dx, x0 + SMALLEST, frame.width);
  if (grip.startsWith("n")) y0 = clamp(y0 + dy, 0, y1 - SMALLEST);
  if (grip.startsWith("s")) y1 = clamp(y1 + dy, y0 + SMALLEST, frame.height);
  return { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
}

/** A box that is drawn from one point to another. */
export function drawnBox(
  a: { x: number; y: number },
  b: { x: number; y: number },
  frame: Size,
): Box {
  const [ax, bx] = [clamp(a.x, 0, frame.width), clamp(b.x, 0, frame.width)];
  const [ay, by] = [clamp(a.y, 0, frame.height), clamp(b.y, 0, frame.height)];
  return {
    x: Math.round(Math.min(ax, bx)),
    y: Math.round(Math.min(ay, by)),
    width: Math.round(Math.abs(ax - bx)),
    height: Math.round(Math.abs(ay - by)),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.round(Math.min(Math.max(value, least), Math.max(least, most)));
}
