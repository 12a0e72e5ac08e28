import { expect, test } from "vitest";
import { backedOff } from "./backoff";

test("what fails is asked for less and less often, but not for ever less", () => {
  expect([0, 1, 2, 3].map((failures) => backedOff(900, failures, 30_000))).toEqual([
    900, 1800, 3600, 7200,
  ]);
  expect(backedOff(900, 100, 30_000)).toBe(30_000);
});

test("what is seldom asked for stays seldom", () => {
  expect(backedOff(60_000, 1, 30_000)).toBe(60_000);
});
