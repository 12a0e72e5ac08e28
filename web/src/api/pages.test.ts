import { expect, test } from "vitest";
import { readPages } from "./pages";

/** A server with so many entries, which counts what it is asked. */
function server(count: number) {
  const asked: string[] = [];
  const get = async (path: string) => {
    asked.push(path);
    const query = new URL(path, "http://x").searchParams;
    const from = Number(query.get("cursor") ?? 0);
    const to = Math.min(count, from + Number(query.get("limit")));
    const list = Array.from({ length: to - from }, (_, i) => from + i);
    return { list, next_cursor: to < count ? String(to) : null };
  };
  return { asked, client: { get } as never };
}
const list = (page: { list: number[]; next_cursor: string | null }) => page.list;

test("a list of more than a page is read to its end", async () => {
  const { client, asked } = server(230);
  const found = await readPages(client, "/x?a=1", list);
  expect(found.list).toHaveLength(230);
  expect(found.list.at(-1)).toBe(229);
  expect(found.next).toBeNull();
  expect(asked).toEqual([
    "/x?a=1&limit=100",
    "/x?a=1&limit=100&cursor=100",
    "/x?a=1&limit=100&cursor=200",
  ]);
});

test("no more is read than is wanted", async () => {
  const { client, asked } = server(230);
  const found = await readPages(client, "/x", list, { wanted: 120 });
  expect(found.list).toHaveLength(120);
  expect(found.next).toBe("120");
  expect(asked).toEqual(["/x?limit=100", "/x?limit=20&cursor=100"]);
});
