import { expect, test } from "vitest";
import { draggedBox, drawnBox, firstBox } from "./crop";

const FRAME = { width: 1280, height: 720 };
const BOX = { x: 100, y: 50, width: 400, height: 300 };

test("a box begins as a square in the middle", () => {
  expect(firstBox(FRAME)).toEqual({ x: 388, y: 108, width: 504, height: 504 });
});

test("a box is moved, and stays on the frame", () => {
  expect(draggedBox(BOX, "all", 10.4, -5, FRAME)).toEqual({ ...BOX, x: 110, y: 45 });
  expect(draggedBox(BOX, "all", 9999, -9999, FRAME)).toEqual({ ...BOX, x: 880, y: 0 });
});

test("its corners and sides are dragged, and never past each other", () => {
  expect(draggedBox(BOX, "se", 20, 30, FRAME)).toEqual({ ...BOX, width: 420, height: 330 });
  expect(draggedBox(BOX, "nw", -200, 10, FRAME)).toEqual({ x: 0, y: 60, width: 500, height: 290 });
  expect(draggedBox(BOX, "n", 50, 10, FRAME)).toEqual({ ...BOX, y: 60, height: 290 });
  expect(draggedBox(BOX, "e", -9999, 0, FRAME)).toEqual({ ...BOX, width: 16 });
  expect(draggedBox(BOX, "se", 9999, 9999, FRAME)).toEqual({ ...BOX, width: 1180, height: 670 });
});

test("a box is drawn in any direction, on the frame", () => {
  expect(drawnBox({ x: 300, y: 200 }, { x: -5, y: 999 }, FRAME)).toEqual({
    x: 0,
    y: 200,
    width: 300,
    height: 520,
  });
});
