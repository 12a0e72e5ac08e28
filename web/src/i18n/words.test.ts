import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { zh } from "./zh";

test("everything that the console says has Chinese words", () => {
  const source = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
    .map((name) => readFileSync(`src/${name}`, "utf8"))
    .join("\n");
  const said = [...source.matchAll(/\bt\(\s*"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? "");
  expect(said.length).toBeGreaterThan(200);
  expect(said.filter((text) => !(text in zh))).toEqual([]);
});
