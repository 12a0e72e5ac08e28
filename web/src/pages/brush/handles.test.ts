import { expect, test } from "vitest";
import { handleAt, pinchOf } from "./handles";
import { View } from "./View";

const PATHS = {
  1: [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 100, y: 100 },
  ],
  2: [
    { x: 100, y: 4 },
    { x: 300, y: 300 },
  ],
};

test("the nearest point in reach is taken, that of the chosen mask first", () => {
  expect(handleAt(PATHS, { x: 98, y: 3 }, 10, 1)).toEqual({ label: 1, index: 1, isNew: false });
  expect(handleAt(PATHS, { x: 98, y: 3 }, 10, 2)).toEqual({ label: 2, index: 0, isNew: false });
  expect(handleAt(PATHS, { x: 300, y: 290 }, 10, 1)).toEqual({ label: 2, index: 1, isNew: false });
  expect(handleAt(PATHS, { x: 300, y: 289 }, 10, 1)).toBeUndefined();
});

test("on the line of the chosen mask a new point is put between its neighbours", () => {
  expect(handleAt(PATHS, { x: 103, y: 50 }, 10, 1)).toEqual({ label: 1, index: 2, isNew: true });
  expect(handleAt(PATHS, { x: 50, y: 5 }, 10, 1)).toEqual({ label: 1, index: 1, isNew: true });
  // Beyond reach, and on the line of another mask.
  expect(handleAt(PATHS, { x: 50, y: 9 }, 10, 1)).toBeUndefined();
  expect(handleAt(PATHS, { x: 200, y: 152 }, 10, 1)).toBeUndefined();
});

test("a path that is full takes no more points", () => {
  const full = { 1: Array.from({ length: 77 }, (_, i) => ({ x: 20 * i, y: 0 })) };
  expect(handleAt(full, { x: 30, y: 0 }, 8, 1)).toBeUndefined();
});

test("what is between two fingers stays between them", () => {
  const view = new View(1000, 1000);
  view.fit(500, 500);
  const before = [
    { x: 200, y: 250 },
    { x: 300, y: 250 },
  ];
  const after = [
    { x: 180, y: 300 },
    { x: 380, y: 300 },
  ];
  const held = view.at(250, 250);
  const pinch = pinchOf(before, after);
  expect(pinch?.factor).toBe(2);
  if (!pinch) return;
  view.zoom(pinch.factor, pinch.from.x, pinch.from.y);
  view.pan(pinch.to.x - pinch.from.x, pinch.to.y - pinch.from.y);
  const now = view.seen(held);
  expect(now.x).toBeCloseTo(280);
  expect(now.y).toBeCloseTo(300);
});

test("one finger is no pinch, and two at one spot do not divide by nothing", () => {
  expect(pinchOf([{ x: 1, y: 1 }], [{ x: 2, y: 2 }])).toBeUndefined();
  const spot = [
    { x: 5, y: 5 },
    { x: 5, y: 5 },
  ];
  expect(pinchOf(spot, spot)?.factor).toBe(1);
});
