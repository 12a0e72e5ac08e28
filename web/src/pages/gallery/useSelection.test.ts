import { expect, test } from "vitest";
import { withRange } from "./useSelection";

const ORDER = ["a", "b", "c", "d", "e"];
const after = (old: string[], from: string | undefined, id: string) =>
  [...withRange(new Set(old), ORDER, from, id)].sort().join("");

test("a click chooses one task, and again lets it go", () => {
  expect(after([], undefined, "c")).toBe("c");
  expect(after(["a", "c"], undefined, "c")).toBe("a");
});

test("with Shift all go along, in either direction", () => {
  expect(after(["b"], "b", "d")).toBe("bcd");
  expect(after(["d"], "d", "b")).toBe("bcd");
  expect(after(["a", "b", "c", "d"], "a", "c")).toBe("d");
  expect(after(["a"], "a", "a")).toBe("");
});

test("a task that is no longer there is no end of a range", () => {
  expect(after(["x"], "x", "c")).toBe("cx");
});
