/** Lists that the server gives page by page. */

import type { Client } from "./client";

interface Page {
  next_cursor: string | null;
}

/** The most entries that a page can have. */
const LARGEST = 100;

/** Reads so many entries at most: more are found by searching, not by looking through them. */
export const MOST = 5000;

/**
 * Reads a list page after page.
 *
 * @param path with its query, but without limit and cursor.
 * @param wanted entries at least, as far as there are so many.
 * @returns the entries, and the cursor of what follows, if anything does.
 */
export async function readPages<P extends Page, T>(
  client: Pick<Client, "get">,
  path: string,
  entries: (page: P) => T[],
  { wanted = MOST, signal }: { wanted?: number; signal?: AbortSignal } = {},
): Promise<{ list: T[]; next: string | null }> {
  const list: T[] = [];
  let next: string | null = null;
  do {
    const query = new URLSearchParams({ limit: String(Math.min(LARGEST, wanted - list.length)) });
    if (next) query.set("cursor", next);
    const page: P = await client.get<P>(`${path}${path.includes("?") ? "&" : "?"}${query}`, signal);
    list.push(...entries(page));
    next = page.next_cursor;
  } while (next && list.length < wanted);
  return { list, next };
}
