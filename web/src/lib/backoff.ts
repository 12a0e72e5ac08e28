/** Milliseconds until something is asked for again that has failed so often in a row. */
export function backedOff(usual: number, failures: number, longest: number): number {
  if (!failures) return usual;
  return Math.max(usual, Math.min(longest, usual * 2 ** failures));
}
