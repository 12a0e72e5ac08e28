/** Lists that the server gives page by page. */

import type { Client } from "./client";

interface Page {
  next_cursor: string | null;
}

/** The most entries that a page can have. */
const LARGEST = 100;

/** Reads so many entries at most: more are found by searching, not by looking through them. */
export const MOST = 5000;

interface Reading {
  /** Entries at least, as far as there are so many. */
  wanted?: number;
  /** The cursor that an earlier reading has given; else it begins at the first entry. */
  after?: string | null;
  signal?: AbortSignal;
}

/**
 * Reads a list page after page.
 *
 * @param path with its query, but without limit and cursor.
 * @returns the entries, and the cursor of what follows, if anything does.
 */
export async function readPages<P extends Page, T>(
  client: Pick<Client, "get">,
  path: string,
  entries: (page: P) => T[],
  { wanted = MOST, after = null, signal }: Reading = {},
): Promise<{ list: T[]; next: string | null }> {
  const list: T[] = [];
  let next = after;
  do {
    const query = new URLSearchParams({ limit: String(Math.min(LARGEST, wanted - list.length)) });
    if (next) query.set("cursor", next);
    const page: P = await client.get<P>(`${path}${path.includes("?") ? "&" : "?"}${query}`, signal);
    list.push(...entries(page));
    next = page.next_cursor;
  } while (next && list.length < wanted);
  return { list, next };
}
