import { expect, test } from "vitest";
import { lasting, sized } from "./amounts";

test("times are told in the largest unit of which there are two", () => {
  const told = (seconds: number) =>
    lasting(seconds).unit.replace("{n}", String(lasting(seconds).n));
  expect([0, 1.9, 119, 120, 7199, 7200, 172_799, 172_800].map(told)).toEqual([
    "0 s",
    "1 s",
    "119 s",
    "2 min",
    "119 min",
    "2 h",
    "47 h",
    "2 d",
  ]);
});

test("sizes have three digits", () => {
  expect([0, 999, 1000, 999_499, 999_500, 1_534_000_000].map(sized)).toEqual([
    "0 B",
    "999 B",
    "1 kB",
    "999 kB",
    "1 MB",
    "1.53 GB",
  ]);
});
