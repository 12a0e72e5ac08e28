import { type CallOptions, describe, json, type Request } from "@kirin/client/core";
import { expect, test } from "vitest";
import { readPages } from "./pages";

interface Page {
  list: number[];
  next_cursor: string | null;
}

/** A server with so many entries, which counts what it is asked. */
function server(count: number) {
  const asked: unknown[] = [];
  const run = async ({ query }: Request<unknown>) => {
    asked.push(query);
    const { cursor = 0, limit } = query as { cursor?: string; limit: number };
    const from = Number(cursor);
    const to = Math.min(count, from + limit);
    const list = Array.from({ length: to - from }, (_, i) => from + i);
    return { list, next_cursor: to < count ? String(to) : null };
  };
  return { asked, client: { run } as never };
}
const pageOf = ({ signal, ...query }: CallOptions) =>
  describe("GET", "/x", [], json<Page>, { signal }, { query });
const list = (page: Page) => page.list;

test("a list of more than a page is read to its end", async () => {
  const { client, asked } = server(230);
  const found = await readPages(client, pageOf, list);
  expect(found.list).toHaveLength(230);
  expect(found.list.at(-1)).toBe(229);
  expect(found.next).toBeNull();
  expect(asked).toEqual([
    { limit: 100 },
    { limit: 100, cursor: "100" },
    { limit: 100, cursor: "200" },
  ]);
});

test("no more is read than is wanted", async () => {
  const { client, asked } = server(230);
  const found = await readPages(client, pageOf, list, { wanted: 120 });
  expect(found.list).toHaveLength(120);
  expect(found.next).toBe("120");
  expect(asked).toEqual([{ limit: 100 }, { limit: 20, cursor: "100" }]);
});
