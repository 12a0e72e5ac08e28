import { expect, test } from "vitest";
import type { Spec } from "../api/types";
import {
  added,
  balanced,
  divided,
  removed,
  resized,
  type ShotBounds,
  shotBounds,
  shotNames,
  sumOf,
} from "./shots";

const BOUNDS: ShotBounds = { least: 1, most: 15, totals: [3, 5, 10, 15], count: 6 };

const SPEC = {
  parameters: [
    {
      name: "shots",
      constraints: { max_items: 4 },
      children: [
        { name: "words", type: "string", constraints: {} },
        { name: "length", type: "string", constraints: { enum: ["2", "3", "4"] } },
      ],
    },
    { name: "whole", constraints: { enum: ["10", "5"] }, children: [] },
  ],
  rules: [{ kind: "adds_up", params: ["shots[].length"], total: "whole", message: "" }],
} as unknown as Spec;

test("the bounds of shots come from the spec", () => {
  const names = shotNames(SPEC);
  expect(names && shotBounds(SPEC, names)).toEqual({
    least: 2,
    most: 4,
    totals: [5, 10],
    count: 4,
  });
});

test("a new shot takes what is left, or half of the longest", () => {
  expect(added([], 5, BOUNDS)).toEqual({ lengths: [5], total: 5 });
  expect(added([2, 1], 5, BOUNDS)).toEqual({ lengths: [2, 1, 2], total: 5 });
  expect(added([5], 5, BOUNDS)).toEqual({ lengths: [3, 2], total: 5 });
  expect(added([3, 2], 5, BOUNDS)).toEqual({ lengths: [2, 2, 1], total: 5 });
});

test("where a total has no room for one more, the next one does", () => {
  expect(added([1, 1, 1], 3, BOUNDS)).toEqual({ lengths: [2, 1, 1, 1], total: 5 });
  expect(added([1, 1, 1, 1, 1, 1], 15, BOUNDS)).toBeUndefined();
  const short = { ...BOUNDS, totals: [3] };
  expect(added([1, 1, 1], 3, short)).toBeUndefined();
});

test("a shot that goes leaves its seconds to the one before it", () => {
  expect(removed([2, 2, 1], 2, 5, BOUNDS)).toEqual({ lengths: [2, 3], total: 5 });
  expect(removed([2, 3], 0, 5, BOUNDS)).toEqual({ lengths: [5], total: 5 });
  expect(removed([5], 0, 5, BOUNDS)).toEqual({ lengths: [], total: 5 });
  // Three of four seconds at the most hold ten; two hold no more than eight.
  const tight = { least: 2, most: 4, totals: [5, 10], count: 4 };
  expect(removed([4, 3, 3], 1, 10, tight)).toEqual({ lengths: [2, 3], total: 5 });
});

test("a shot is divided in its place", () => {
  expect(divided([2, 3], 1, 5, BOUNDS)).toEqual({ lengths: [2, 2, 1], total: 5 });
  expect(divided([4, 1], 1, 5, BOUNDS)).toEqual({ lengths: [3, 1, 1], total: 5 });
  expect(divided([1, 1, 1], 0, 3, BOUNDS)?.total).toBe(5);
});

test("seconds that are typed keep the sum, whatever they are", () => {
  expect(resized([2, 2, 1], 0, 3, 5, BOUNDS)?.lengths).toEqual([3, 1, 1]);
  for (const typed of [-3, 0, 1, 4, 99]) {
    const found = resized([2, 2, 1], 1, typed, 5, BOUNDS);
    expect(sumOf(found?.lengths ?? [])).toBe(5);
    expect(Math.min(...(found?.lengths ?? []))).toBeGreaterThanOrEqual(1);
  }
  expect(resized([5], 0, 2, 5, BOUNDS)?.lengths).toEqual([5]);
});

test("what cannot add up is told by nothing", () => {
  expect(balanced([1, 1], 1, BOUNDS)).toBeUndefined();
  expect(balanced([], 5, BOUNDS)).toBeUndefined();
  expect(balanced([9, 9], 5, BOUNDS)).toEqual([2, 3]);
});
