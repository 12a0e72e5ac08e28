import { expect, test } from "vitest";
import { SEEDS, Series } from "./seeds";

const created = (id: string) => ({ id, status: "in_progress" as const, model: "m", created_at: 0 });

test("each of four has a key of its own", async () => {
  const keys: string[] = [];
  const series = new Series();
  await series.goOn(async (key) => {
    keys.push(key);
    return created(`task ${keys.length}`);
  });
  expect(series.made).toEqual(["task 1", "task 2", "task 3", "task 4"]);
  expect(new Set(keys).size).toBe(SEEDS);
});

test("what is refused ends it, and trying again makes only the rest, by the same keys", async () => {
  const keys: string[] = [];
  const series = new Series();
  const limited = async (key: string) => {
    keys.push(key);
    if (keys.length === 3) throw new Error("at most 2");
    return created(key);
  };
  await expect(series.goOn(limited)).rejects.toThrow("at most 2");
  expect([series.made.length, series.left]).toEqual([2, 2]);
  await series.goOn(limited);
  expect(series.made.length).toBe(SEEDS);
  expect(keys[2]).toBe(keys[3]);
  expect(new Set(series.made).size).toBe(SEEDS);
});
