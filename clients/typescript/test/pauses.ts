/** Milliseconds of each pause that a test has made so far. */
export const pauses: number[] = [];
