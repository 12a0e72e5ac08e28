/** Amounts as people say them. */

export interface Amount {
  n: number;
  unit: string;
}

const TIMES: [number, string][] = [
  [86_400, "{n} d"],
  [3600, "{n} h"],
  [60, "{n} min"],
];

/** Seconds in the largest unit of which there are two; the unit is to be translated. */
export function lasting(seconds: number): Amount {
  for (const [size, unit] of TIMES) {
    if (seconds >= 2 * size) return { n: Math.floor(seconds / size), unit };
  }
  return { n: Math.floor(seconds), unit: "{n} s" };
}

const SIZES = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Bytes, with three digits: "1.53 GB". */
export function sized(bytes: number): string {
  let power = 0;
  let n = bytes;
  while (n >= 999.5 && power < SIZES.length - 1) {
    n /= 1000;
    power += 1;
  }
  return `${power ? Number(n.toPrecision(3)) : n} ${SIZES[power]}`;
}
