/** Tasks that somebody likes, kept in this browser, for each key its own. */

/** Favourites that are kept: each of them is read by itself. */
export const MOST = 500;

/** A favourite, with what of it only listings tell. */
export interface Favourite {
  id: string;
  prompt: string;
}

/** Where those of a key are kept: under a digest of it, so that it does not lie about in clear. */
export function shelfOf(key: string): string {
  return `kirin.favourites.${digest(key)}`;
}

/** FNV-1a, 32 bits: enough to tell the few keys of a browser apart, and no way back to them. */
export function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}

/** What was written down; nothing where it was spoilt. */
export function readFavourites(text: string | null): Favourite[] {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    if (!Array.isArray(found)) return [];
    return found.filter(
      (one): one is Favourite => typeof one?.id === "string" && typeof one?.prompt === "string",
    );
  } catch {
    return [];
  }
}

/** The newest first; beyond the most that are kept, the oldest go. */
export function withFavourites(old: Favourite[], added: Favourite[]): Favourite[] {
  const fresh = added.filter((one) => !old.some((before) => before.id === one.id));
  return [...fresh, ...old].slice(0, MOST);
}

/** Whether all words of a search occur in a favourite, as the server compares them. */
export function fits({ id, prompt }: Favourite, q: string): boolean {
  const fold = (text: string) => text.normalize("NFKC").toLowerCase();
  const words = fold(`${prompt}\n${id}`);
  return fold(q)
    .split(/\s+/)
    .every((word) => words.includes(word));
}
