import { expect, test } from "vitest";
import { frameAt, frameOf, lastFrame } from "./frames";

test("the last frame is the last of those that the server counts", () => {
  expect(lastFrame(5.04, 24, 121)).toEqual({ number: 120, at: 120.5 / 24 });
  expect(lastFrame(5, 30, 150).number).toBe(149);
});

test("where nobody counts, it is the last that fits into the length", () => {
  expect(lastFrame(5, 24, 0).number).toBe(119);
  expect(lastFrame(0.01, 24, 0).number).toBe(0);
});

test("a moment at the edge of two frames is the second of them", () => {
  expect(frameAt(2 / 24, 24, 121).number).toBe(2);
  expect(frameAt(2 / 24 - 1e-4, 24, 121).number).toBe(2);
  expect(frameAt(2 / 24 - 0.01, 24, 121).number).toBe(1);
});

test("no frame is before the first or after the last", () => {
  expect(frameOf(-3, 24, 121).number).toBe(0);
  expect(frameOf(500, 24, 121).number).toBe(120);
});
