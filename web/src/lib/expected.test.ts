import { expect, test } from "vitest";
import type { Task } from "../api/types";
import { usualSeconds } from "./expected";

const task = (seconds?: number) => ({ metadata: { render_seconds: seconds } }) as unknown as Task;

test("one slow task does not change what is usual", () => {
  expect(usualSeconds([task(9), task(400), task(11), task(10), task()])).toBe(11);
  expect(usualSeconds([task(9), task(400), task(10)])).toBe(10);
});

test("nothing is promised where nothing was made", () => {
  expect(usualSeconds([])).toBeUndefined();
  expect(usualSeconds([task(), task(0)])).toBeUndefined();
});
