/** Which mask each pixel of a picture belongs to, painted with a round brush, undone by tiles. */

export const NOTHING = 0;
export const MASKS = 6;
/** The label of what must not move; 1 to 6 are the numbered masks. */
export const STATIC = 7;

const TILE = 128;

/** Along the longer side, where the middle of a mask is looked for. */
const SAMPLES = 320;

export interface Rect {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/** Tiles before and after one stroke, by their number. */
export interface Stroke {
  before: Map<number, Uint8Array>;
  after: Map<number, Uint8Array>;
}

export class Labels {
  readonly data: Uint8Array;
  private readonly across: number;
  private saved = new Map<number, Uint8Array>();

  constructor(
    readonly width: number,
    readonly height: number,
    data?: Uint8Array,
  ) {
    this.data = data ?? new Uint8Array(width * height);
    this.across = Math.ceil(width / TILE);
  }

  /**
   * Paints what a round brush covers between two points, in pixels from the top left.
   *
   * A pixel is covered if its centre is within the radius of the line.
   *
   * @returns what may have changed, as half-open ranges, or nothing where it was all outside.
   */
  line(ax: number, ay: number, bx: number, by: number, radius: number, label: number): Rect | null {
    const x0 = Math.max(0, Math.floor(Math.min(ax, bx) - radius));
    const y0 = Math.max(0, Math.floor(Math.min(ay, by) - radius));
    const x1 = Math.min(this.width, Math.ceil(Math.max(ax, bx) + radius));
    const y1 = Math.min(this.height, Math.ceil(Math.max(ay, by) + radius));
    if (x0 >= x1 || y0 >= y1) return null;
    this.remember({ x0, y0, x1, y1 });
    const dx = bx - ax;
    const dy = by - ay;
    const squared = dx * dx + dy * dy;
    const limit = radius * radius;
    for (let y = y0; y < y1; y++) {
      const py = y + 0.5 - ay;
      const row = y * this.width;
      for (let x = x0; x < x1; x++) {
        const px = x + 0.5 - ax;
        let along = squared ? (px * dx + py * dy) / squared : 0;
        along = along < 0 ? 0 : Math.min(along, 1);
        const ex = px - along * dx;
        const ey = py - along * dy;
        if (ex * ex + ey * ey <= limit) this.data[row + x] = label;
      }
    }
    return { x0, y0, x1, y1 };
  }

  /** Paints what is 1 in a mask of the picture's size. */
  fill(mask: Uint8Array, label: number): void {
    const rect = boundsOf(mask, this.width);
    if (!rect) return;
    this.remember(rect);
    for (let y = rect.y0; y < rect.y1; y++) {
      const row = y * this.width;
      for (let i = row + rect.x0; i < row + rect.x1; i++) if (mask[i]) this.data[i] = label;
    }
  }

  /** Takes back what was painted since the last stroke was finished. */
  abandon(): void {
    this.restore(this.saved);
    this.saved = new Map();
  }

  /** Takes a label off everywhere. */
  clear(label: number): void {
    this.remember({ x0: 0, y0: 0, x1: this.width, y1: this.height });
    for (let i = 0; i < this.data.length; i++) if (this.data[i] === label) this.data[i] = NOTHING;
  }

  /** Ends a stroke: what undoes and redoes it. Nothing where nothing has changed. */
  finish(): Stroke | null {
    const stroke: Stroke = { before: new Map(), after: new Map() };
    for (const [tile, before] of this.saved) {
      const after = this.read(tile);
      if (before.some((label, i) => label !== after[i])) {
        stroke.before.set(tile, before);
        stroke.after.set(tile, after);
      }
    }
    this.saved = new Map();
    return stroke.before.size ? stroke : null;
  }

  restore(tiles: Map<number, Uint8Array>): void {
    for (const [tile, labels] of tiles) this.write(tile, labels);
  }

  /** The labels that some pixel has. */
  used(): Set<number> {
    const counts = new Uint8Array(STATIC + 1);
    for (const label of this.data) counts[label] = 1;
    return new Set([...counts.keys()].filter((label) => label && counts[label]));
  }

  /** Of each label that is used, a pixel of it near the middle of all of them. */
  places(): Map<number, { x: number; y: number }> {
    const step = Math.max(1, Math.floor(Math.max(this.width, this.height) / SAMPLES));
    const sums = new Map<number, { x: number; y: number; n: number }>();
    const each = (act: (label: number, x: number, y: number) => void) => {
      for (let y = step >> 1; y < this.height; y += step) {
        for (let x = step >> 1; x < this.width; x += step) {
          const label = this.data[y * this.width + x];
          if (label) act(label, x, y);
        }
      }
    };
    each((label, x, y) => {
      const sum = sums.get(label) ?? { x: 0, y: 0, n: 0 };
      sums.set(label, { x: sum.x + x, y: sum.y + y, n: sum.n + 1 });
    });
    const found = new Map<number, { x: number; y: number; off: number }>();
    each((label, x, y) => {
      const sum = sums.get(label);
      if (!sum) return;
      const off = Math.hypot(x - sum.x / sum.n, y - sum.y / sum.n);
      if (off < (found.get(label)?.off ?? Number.POSITIVE_INFINITY))
        found.set(label, { x, y, off });
    });
    // Specks between the samples.
    for (const label of this.used()) {
      if (found.has(label)) continue;
      const at = this.data.indexOf(label);
      found.set(label, { x: at % this.width, y: Math.floor(at / this.width), off: 0 });
    }
    return new Map([...found].map(([label, { x, y }]) => [label, { x: x + 0.5, y: y + 0.5 }]));
  }

  /** One byte a pixel: 255 where the label is, 0 elsewhere. */
  mask(label: number): Uint8Array {
    return this.data.map((each) => (each === label ? 255 : 0));
  }

  private remember(rect: Rect): void {
    for (let ty = Math.floor(rect.y0 / TILE); ty * TILE < rect.y1; ty++) {
      for (let tx = Math.floor(rect.x0 / TILE); tx * TILE < rect.x1; tx++) {
        const tile = ty * this.across + tx;
        if (!this.saved.has(tile)) this.saved.set(tile, this.read(tile));
      }
    }
  }

  private place(tile: number) {
    const x = (tile % this.across) * TILE;
    const y = Math.floor(tile / this.across) * TILE;
    return { x, y, w: Math.min(TILE, this.width - x), h: Math.min(TILE, this.height - y) };
  }

  private read(tile: number): Uint8Array {
    const { x, y, w, h } = this.place(tile);
    const copy = new Uint8Array(w * h);
    for (let row = 0; row < h; row++) {
      const from = (y + row) * this.width + x;
      copy.set(this.data.subarray(from, from + w), row * w);
    }
    return copy;
  }

  private write(tile: number, labels: Uint8Array): void {
    const { x, y, w, h } = this.place(tile);
    for (let row = 0; row < h; row++) {
      this.data.set(labels.subarray(row * w, row * w + w), (y + row) * this.width + x);
    }
  }
}

/** Where anything is in a mask. */
function boundsOf(mask: Uint8Array, width: number): Rect | null {
  let [x0, y0, x1, y1] = [width, Number.POSITIVE_INFINITY, 0, 0];
  for (let row = 0, y = 0; row < mask.length; row += width, y++) {
    const line = mask.subarray(row, row + width);
    const first = line.indexOf(1);
    if (first < 0) continue;
    x0 = Math.min(x0, first);
    x1 = Math.max(x1, line.lastIndexOf(1) + 1);
    y0 = Math.min(y0, y);
    y1 = y + 1;
  }
  return x1 > x0 ? { x0, y0, x1, y1 } : null;
}
