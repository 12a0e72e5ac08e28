import { expect, test } from "vitest";
import type { Spec } from "../api/types";
import { zh } from "../i18n/zh";
import { REASONS, reasonOf } from "./failures";

const failures = [
  { code: "97", reason: "fetch" },
  { code: "95", reason: "generation" },
  { code: "95", reason: "resources" },
];
const spec = { failures } as unknown as Spec;

test("a code says why a task failed, unless it has several meanings", () => {
  expect(reasonOf(spec, "97")).toBe("A picture or video could not be fetched from its address.");
  expect(reasonOf(spec, "95")).toBeUndefined();
  expect(reasonOf(undefined, "97")).toBeUndefined();
});

test("every reason has Chinese words", () => {
  expect(Object.values(REASONS).filter((words) => !(words in zh))).toEqual([]);
});
