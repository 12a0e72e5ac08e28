/** The thing under a point, found by its colour: a region grown in CIE Lab that stops at edges. */

/** Pixels as a canvas gives them. */
export interface Pixels {
  width: number;
  height: number;
  /** Red, green, blue, alpha of each pixel, row by row from the top. */
  data: Uint8ClampedArray;
}

/** D65 white, 2 degrees (IEC 61966-2-1, CIE 15). */
const WHITE = [0.95047, 1, 1.08883] as const;

/** sRGB to linear light (IEC 61966-2-1). */
const LINEAR = Float32Array.from({ length: 256 }, (_, n) => {
  const c = n / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
});

/** CIE Lab of each pixel: three numbers, L from 0 to 100. */
export function labOf({ width, height, data }: Pixels): Float32Array {
  const lab = new Float32Array(3 * width * height);
  for (let i = 0, o = 0; o < lab.length; i += 4, o += 3) {
    const r = LINEAR[data[i] as number] as number;
    const g = LINEAR[data[i + 1] as number] as number;
    const b = LINEAR[data[i + 2] as number] as number;
    const x = bent((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / WHITE[0]);
    const y = bent(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
    const z = bent((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / WHITE[2]);
    lab[o] = 116 * y - 16;
    lab[o + 1] = 500 * (x - y);
    lab[o + 2] = 200 * (y - z);
  }
  return lab;
}

function bent(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116;
}

/** The colour of a point is that of this many pixels around it: one alone may be noise. */
const SEED_RADIUS = 2;

/** How much a difference in lightness counts: things are lit from one side, and stay one thing. */
const LIGHTNESS = 0.5;

/** Neighbours that differ by more than this share of the tolerance have an edge between them. */
const EDGE = 0.6;
/** The least difference that counts as an edge, in Lab: below it is noise. */
const LEAST_EDGE = 5;

/** Holes of a region that are smaller than this share of it belong to it: glints, eyes, buttons. */
const HOLE = 0.03;

/**
 * The region around a point whose colour is near that of the point.
 *
 * @param tolerance greatest difference to the colour of the point, in Lab (CIE 1976), of which
 *   lightness counts half.
 * @returns one byte a pixel, 1 inside; nothing where the point is outside the picture.
 */
export function regionAt(
  lab: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  tolerance: number,
): Uint8Array | undefined {
  if (x < 0 || y < 0 || x >= width || y >= height) return undefined;
  const region = new Uint8Array(width * height);
  const seed = meanAt(lab, width, height, x, y);
  const near = tolerance * tolerance;
  const edge = Math.max(LEAST_EDGE, tolerance * EDGE) ** 2;
  const first = y * width + x;
  const open = new Int32Array(width * height);
  let last = 0;
  open[last++] = first;
  region[first] = 1;
  const visit = (from: number, to: number) => {
    if (region[to] || apart(lab, to, seed) > near || between(lab, from, to) > edge) return;
    region[to] = 1;
    open[last++] = to;
  };
  while (last) {
    const at = open[--last] as number;
    const column = at % width;
    if (column > 0) visit(at, at - 1);
    if (column < width - 1) visit(at, at + 1);
    if (at >= width) visit(at, at - width);
    if (at < region.length - width) visit(at, at + width);
  }
  const smooth = smoothed(region, width, height);
  closeHoles(smooth, width, height);
  return smooth;
}

function meanAt(lab: Float32Array, width: number, height: number, x: number, y: number) {
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let v = Math.max(0, y - SEED_RADIUS); v <= Math.min(height - 1, y + SEED_RADIUS); v++) {
    for (let u = Math.max(0, x - SEED_RADIUS); u <= Math.min(width - 1, x + SEED_RADIUS); u++) {
      const at = 3 * (v * width + u);
      for (const c of [0, 1, 2] as const) sum[c] += lab[at + c] as number;
      count++;
    }
  }
  return sum.map((each) => each / count) as [number, number, number];
}

function apart(lab: Float32Array, at: number, [l, a, b]: readonly [number, number, number]) {
  const i = 3 * at;
  const dl = LIGHTNESS * ((lab[i] as number) - l);
  const da = (lab[i + 1] as number) - a;
  const db = (lab[i + 2] as number) - b;
  return dl * dl + da * da + db * db;
}

function between(lab: Float32Array, one: number, other: number) {
  const i = 3 * one;
  const j = 3 * other;
  const dl = (lab[i] as number) - (lab[j] as number);
  const da = (lab[i + 1] as number) - (lab[j + 1] as number);
  const db = (lab[i + 2] as number) - (lab[j + 2] as number);
  return dl * dl + da * da + db * db;
}

/** Of five by five pixels, whether most are inside: noise and single pixels go. */
const REACH = 2;

function smoothed(region: Uint8Array, width: number, height: number): Uint8Array {
  const sums = summed(summed(region, width, height, 1, width), width, height, width, 1);
  const most = (2 * REACH + 1) ** 2 / 2;
  return Uint8Array.from(sums, (sum) => (sum > most ? 1 : 0));
}

/** Sums along one direction; beyond the picture its border goes on. */
function summed(
  values: Uint8Array,
  width: number,
  height: number,
  step: number,
  across: number,
): Uint8Array {
  const made = new Uint8Array(values.length);
  const [length, lines] = step === 1 ? [width, height] : [height, width];
  for (let line = 0; line < lines; line++) {
    const start = line * across;
    const at = (i: number) => values[start + Math.min(length - 1, Math.max(0, i)) * step] as number;
    let sum = 0;
    for (let i = -REACH; i <= REACH; i++) sum += at(i);
    for (let i = 0; i < length; i++) {
      made[start + i * step] = sum;
      sum += at(i + REACH + 1) - at(i - REACH);
    }
  }
  return made;
}

/** Fills small holes: what the region surrounds on all sides. */
function closeHoles(region: Uint8Array, width: number, height: number): void {
  let size = 0;
  for (const each of region) size += each;
  const most = Math.max(16, size * HOLE);
  const seen = region.slice();
  const open = new Int32Array(width * height);
  for (let start = 0; start < region.length; start++) {
    if (seen[start]) continue;
    let [next, last, outside] = [0, 0, false];
    open[last++] = start;
    seen[start] = 1;
    while (next < last) {
      const at = open[next++] as number;
      const column = at % width;
      outside ||= column === 0 || column === width - 1 || at < width || at >= region.length - width;
      for (const to of [at - 1, at + 1, at - width, at + width]) {
        if (to < 0 || to >= region.length || seen[to]) continue;
        if (Math.abs((to % width) - column) > 1) continue;
        seen[to] = 1;
        open[last++] = to;
      }
    }
    if (outside || last > most) continue;
    for (let i = 0; i < last; i++) region[open[i] as number] = 1;
  }
}

/**
 * A region of a small picture on a large one: its border runs smoothly between the pixels.
 *
 * @returns one byte a pixel of the large one, 1 inside.
 */
export function enlarged(
  region: Uint8Array,
  width: number,
  height: number,
  across: number,
  down: number,
): Uint8Array {
  if (width === across && height === down) return region;
  const made = new Uint8Array(across * down);
  const columns = spread(width, across);
  const rows = spread(height, down);
  for (let y = 0; y < down; y++) {
    const above = (rows.from[y] as number) * width;
    const below = (rows.to[y] as number) * width;
    const fv = rows.share[y] as number;
    for (let x = 0; x < across; x++) {
      const left = columns.from[x] as number;
      const right = columns.to[x] as number;
      const a = region[above + left] as number;
      const b = region[above + right] as number;
      const c = region[below + left] as number;
      const d = region[below + right] as number;
      // Nearly everywhere all four are alike.
      if (a === b && a === c && a === d) {
        if (a) made[y * across + x] = 1;
        continue;
      }
      const fu = columns.share[x] as number;
      const top = a + (b - a) * fu;
      if (top + (c + (d - c) * fu - top) * fv >= 0.5) made[y * across + x] = 1;
    }
  }
  return made;
}

/** Between which two pixels of a short line each of a long one is, and how near to the second. */
function spread(short: number, long: number) {
  const from = new Int32Array(long);
  const to = new Int32Array(long);
  const share = new Float32Array(long);
  for (let i = 0; i < long; i++) {
    const at = ((i + 0.5) * short) / long - 0.5;
    const low = Math.floor(at);
    from[i] = Math.max(0, low);
    to[i] = Math.min(short - 1, low + 1);
    share[i] = at - low;
  }
  return { from, to, share };
}
