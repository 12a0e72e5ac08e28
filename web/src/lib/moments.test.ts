import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { written } from "./moments";

const AT = Date.parse("2026-03-04T05:06:07");

test("a moment is written in the language of the page", () => {
  expect(written(AT, "en")).toBe("4 Mar 2026, 05:06");
  expect(written(AT, "en", "day")).toBe("4 Mar 2026");
  expect(written(AT, "en", "time")).toBe("05:06:07");
  expect(written(AT, "zh")).toContain("2026年3月4日");
});

test("no page writes dates in a way of its own", () => {
  const others = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
    .filter((name) => /\.toLocale(Date|Time)?String\(/.test(readFileSync(`src/${name}`, "utf8")));
  expect(others).toEqual([]);
});
