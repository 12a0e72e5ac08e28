import { expect, test } from "vitest";
import { digest, fits, MOST, readFavourites, shelfOf, withFavourites } from "./favourites";

test("each key has its own shelf, whose name does not tell the key", () => {
  expect(shelfOf("key-one")).not.toBe(shelfOf("key-two"));
  expect(shelfOf("key-one")).not.toContain("key-one");
  expect(digest("")).toBe("811c9dc5");
  expect(digest("a")).toBe("e40c292c");
});

test("what was spoilt counts as nothing", () => {
  for (const text of [null, "", "{", "7", '{"id":"a"}']) expect(readFavourites(text)).toEqual([]);
  const mixed = '[{"id":"a","prompt":"b"},null,{"id":7},{"id":"c"}]';
  expect(readFavourites(mixed)).toEqual([{ id: "a", prompt: "b" }]);
});

test("a favourite is there once, the newest first, and so many are kept", () => {
  const one = (id: string) => ({ id, prompt: "" });
  const some = withFavourites([one("a")], [one("b"), one("a")]);
  expect(some.map(({ id }) => id)).toEqual(["b", "a"]);
  const many = withFavourites(
    Array.from({ length: MOST }, (_, n) => one(`${n}`)),
    [one("new")],
  );
  expect([many.length, many[0]?.id, many.at(-1)?.id]).toEqual([MOST, "new", `${MOST - 2}`]);
});

test("favourites are searched as the server searches", () => {
  const lake = { id: "3fa9", prompt: "A Lake at dawn" };
  expect(fits(lake, "dawn  LAKE")).toBe(true);
  expect(fits(lake, "3FA lake")).toBe(true);
  expect(fits(lake, "lake dusk")).toBe(false);
  expect(fits(lake, "")).toBe(true);
});
