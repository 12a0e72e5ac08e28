/** Lists that the server gives page by page. */

import type { Request } from "@kirin/client/core";
import type { Client } from "./client";

interface Page {
  next_cursor: string | null;
}

/** The most entries that a page can have. */
const LARGEST = 100;

/** Reads so many entries at most: more are found by searching, not by looking through them. */
export const MOST = 5000;

/** Makes the request for a page. */
export type PageOf<P> = (options: {
  limit: number;
  cursor?: string;
  signal?: AbortSignal;
}) => Request<P>;

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
 * @returns the entries, and the cursor of what follows, if anything does.
 */
export async function readPages<P extends Page, T>(
  client: Pick<Client, "run">,
  pageOf: PageOf<P>,
  entries: (page: P) => T[],
  { wanted = MOST, after = null, signal }: Reading = {},
): Promise<{ list: T[]; next: string | null }> {
  const list: T[] = [];
  let next = after;
  do {
    const limit = Math.min(LARGEST, wanted - list.length);
    const asked = { limit, ...(next && { cursor: next }), ...(signal && { signal }) };
    const page: P = await client.run(pageOf(asked));
    list.push(...entries(page));
    next = page.next_cursor;
  } while (next && list.length < wanted);
  return { list, next };
}
