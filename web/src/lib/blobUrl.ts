/**
 * Milliseconds that the address of a blob stays good after its last use. A video that is taken from
 * a page goes on reading for a moment, and a download has only begun when its link was clicked: an
 * address that is gone by then is an error in the browser's log, or a file that never arrives.
 */
const LINGER_MS = 30_000;

/** Gives the address of a blob back, once nothing can still be reading from it. */
export function releaseBlobUrl(url: string): void {
  setTimeout(() => URL.revokeObjectURL(url), LINGER_MS);
}
