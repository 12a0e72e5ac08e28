import { expect, test } from "vitest";
import { paintOf, slotsOf } from "./palette";

test("a name keeps its colour whatever comes or goes beside it", () => {
  const first = slotsOf(["omni", "lipsync"], {});
  const second = slotsOf(["a new one", "omni"], first);
  expect(second.omni).toBe(first.omni);
  expect(new Set(Object.values(second)).size).toBe(3);
});

test("24 names look different from each other", () => {
  const seen = Array.from({ length: 24 }, (_, slot) => JSON.stringify(paintOf(slot)));
  expect(new Set(seen).size).toBe(24);
});

/** What people see of a colour, in linear RGB (Viénot, Brettel and Mollon, 1999). */
const SIGHTS: Record<string, number[][]> = {
  protanopia: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deuteranopia: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
};

function linear(colour: string): number[] {
  return [1, 3, 5].map((at) => (Number.parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
}

test("colours differ for people who do not see red or green", () => {
  const colours = Array.from({ length: 6 }, (_, slot) => linear(paintOf(slot).colour));
  for (const matrix of Object.values(SIGHTS)) {
    const seen = colours.map((colour) =>
      matrix.map((row) => {
        const sum = row.reduce((total, weight, i) => total + weight * (colour[i] ?? 0), 0);
        return Math.max(0, sum) ** (1 / 2.2);
      }),
    );
    for (const [i, one] of seen.entries()) {
      for (const other of seen.slice(i + 1)) {
        const apart = Math.hypot(...one.map((value, channel) => value - (other[channel] ?? 0)));
        expect(apart).toBeGreaterThan(0.1);
      }
    }
  }
});
