/** What is on the canvases of the motion brush: the picture, the masks over it, the paths. */

import { Labels, NOTHING, type Rect, STATIC, type Stroke } from "../../lib/labels";
import { type Point, pointAt, simplify } from "../../lib/trajectory";
import { COLOURS, css } from "./colours";

export type Paths = Record<number, Point[]>;
export type Tool = "brush" | "erase" | "path" | "hand";

type Step =
  | { kind: "stroke"; stroke: Stroke }
  | { kind: "path"; label: number; before: Point[] | undefined; after: Point[] | undefined };

const MOST_STEPS = 200;
const CLOSEST = 16;
const FADED = 0.48;

/**
 * The masks are one byte a pixel of the picture, and only what is in view is ever drawn: a stroke
 * costs the same on a picture of 4096 pixels as on a small one.
 */
export class Easel {
  labels: Labels;
  paths: Paths = {};
  scale = 1;
  left = 0;
  top = 0;
  private readonly done: Step[] = [];
  private undone: Step[] = [];
  private trail: Point[] = [];
  private frame = 0;

  constructor(
    readonly picture: HTMLImageElement,
    private readonly base: HTMLCanvasElement,
    private readonly over: HTMLCanvasElement,
    private readonly lines: HTMLCanvasElement,
    /** Called when something to keep has changed. */
    private readonly changed: () => void,
  ) {
    this.labels = new Labels(picture.naturalWidth, picture.naturalHeight);
  }

  get width() {
    return this.labels.width;
  }
  get height() {
    return this.labels.height;
  }

  /** Takes over what was painted before. */
  load(labels: Labels, paths: Paths): void {
    this.labels = labels;
    this.paths = paths;
    this.draw();
  }

  resize(width: number, height: number): void {
    for (const canvas of [this.base, this.over, this.lines]) {
      canvas.width = Math.max(1, Math.round(width));
      canvas.height = Math.max(1, Math.round(height));
    }
    this.fit();
  }

  fit(): void {
    const { width, height } = this.base;
    this.scale = Math.min((width - 24) / this.width, (height - 24) / this.height);
    this.left = (width - this.width * this.scale) / 2;
    this.top = (height - this.height * this.scale) / 2;
    this.draw();
  }

  /** Zooms about a point of the view. */
  zoom(factor: number, x = this.base.width / 2, y = this.base.height / 2): void {
    const next = Math.min(
      CLOSEST,
      Math.max(this.scale * factor, 64 / Math.max(this.width, this.height)),
    );
    const real = next / this.scale;
    this.left = x - (x - this.left) * real;
    this.top = y - (y - this.top) * real;
    this.scale = next;
    this.drawSoon();
  }

  pan(dx: number, dy: number): void {
    this.left += dx;
    this.top += dy;
    this.drawSoon();
  }

  /** From the view to the picture. */
  at(x: number, y: number): Point {
    return { x: (x - this.left) / this.scale, y: (y - this.top) / this.scale };
  }

  paint(from: Point, to: Point, radius: number, label: number): void {
    const rect = this.labels.line(from.x, from.y, to.x, to.y, radius, label);
    if (rect) this.drawMasks(rect);
  }

  endStroke(): void {
    const stroke = this.labels.finish();
    if (stroke) this.note({ kind: "stroke", stroke });
  }

  /** Draws a path by hand, point after point. */
  trace(point: Point): void {
    this.trail.push(this.inside(point));
    this.drawLines();
  }

  /** Ends drawing: a drag is a whole new path, a click one more point of the old one. */
  endTrace(label: number): void {
    const drawn = simplify(this.trail, 1.5 / this.scale);
    const reach = 4 / this.scale;
    const [first] = this.trail;
    const moved = first && this.trail.some((p) => Math.hypot(p.x - first.x, p.y - first.y) > reach);
    this.trail = [];
    if (!first || label === STATIC) return;
    const before = this.paths[label];
    this.setPath(label, moved ? drawn : simplify([...(before ?? []), first], 0));
  }

  setPath(label: number, after: Point[] | undefined): void {
    const before = this.paths[label];
    this.putPath(label, after);
    this.note({ kind: "path", label, before, after });
  }

  clear(label: number): void {
    this.labels.clear(label);
    this.endStroke();
    if (this.paths[label]) this.setPath(label, undefined);
    this.draw();
  }

  undo(): void {
    const step = this.done.pop();
    if (!step) return;
    this.undone.push(step);
    this.apply(step, "before");
  }

  redo(): void {
    const step = this.undone.pop();
    if (!step) return;
    this.done.push(step);
    this.apply(step, "after");
  }

  get canUndo() {
    return this.done.length > 0;
  }
  get canRedo() {
    return this.undone.length > 0;
  }

  private apply(step: Step, side: "before" | "after"): void {
    if (step.kind === "stroke") this.labels.restore(step.stroke[side]);
    else this.putPath(step.label, step[side]);
    this.draw();
    this.changed();
  }

  private note(step: Step): void {
    this.done.push(step);
    if (this.done.length > MOST_STEPS) this.done.shift();
    this.undone = [];
    this.changed();
  }

  private putPath(label: number, path: Point[] | undefined): void {
    const { [label]: _, ...others } = this.paths;
    this.paths = path?.length ? { ...others, [label]: path } : others;
    this.drawLines();
  }

  private inside(p: Point): Point {
    return {
      x: Math.min(this.width, Math.max(0, p.x)),
      y: Math.min(this.height, Math.max(0, p.y)),
    };
  }

  private drawSoon(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw(): void {
    const pen = this.base.getContext("2d");
    if (!pen) return;
    pen.clearRect(0, 0, this.base.width, this.base.height);
    pen.imageSmoothingEnabled = this.scale < 2;
    pen.imageSmoothingQuality = "medium";
    pen.drawImage(
      this.picture,
      this.left,
      this.top,
      this.width * this.scale,
      this.height * this.scale,
    );
    this.over.getContext("2d")?.clearRect(0, 0, this.over.width, this.over.height);
    this.drawMasks({ x0: 0, y0: 0, x1: this.width, y1: this.height });
    this.drawLines();
  }

  /** Draws the masks anew where a part of the picture is in view. */
  private drawMasks(rect: Rect): void {
    const pen = this.over.getContext("2d");
    const x0 = Math.max(0, Math.floor(this.left + rect.x0 * this.scale));
    const y0 = Math.max(0, Math.floor(this.top + rect.y0 * this.scale));
    const x1 = Math.min(this.over.width, Math.ceil(this.left + rect.x1 * this.scale));
    const y1 = Math.min(this.over.height, Math.ceil(this.top + rect.y1 * this.scale));
    if (!pen || x0 >= x1 || y0 >= y1) return;
    const image = pen.createImageData(x1 - x0, y1 - y0);
    const pixels = new Uint32Array(image.data.buffer);
    const { data, width, height } = this.labels;
    const columns = new Int32Array(x1 - x0);
    for (let x = x0; x < x1; x++) columns[x - x0] = Math.floor((x + 0.5 - this.left) / this.scale);
    for (let y = y0; y < y1; y++) {
      const sy = Math.floor((y + 0.5 - this.top) / this.scale);
      if (sy < 0 || sy >= height) continue;
      const row = sy * width;
      const out = (y - y0) * columns.length;
      for (let i = 0; i < columns.length; i++) {
        const sx = columns[i] as number;
        if (sx < 0 || sx >= width) continue;
        const label = data[row + sx] as number;
        if (label) pixels[out + i] = PACKED[label] as number;
      }
    }
    pen.putImageData(image, x0, y0);
  }

  drawLines(): void {
    const pen = this.lines.getContext("2d");
    if (!pen) return;
    pen.clearRect(0, 0, this.lines.width, this.lines.height);
    for (const [label, path] of Object.entries(this.paths))
      this.drawPath(pen, path, css(Number(label)));
    if (this.trail.length > 1) this.drawPath(pen, this.trail, "#fff");
  }

  private drawPath(pen: CanvasRenderingContext2D, path: Point[], colour: string): void {
    const seen = path.map((p) => ({
      x: this.left + p.x * this.scale,
      y: this.top + p.y * this.scale,
    }));
    const [first] = seen;
    const last = seen.at(-1);
    if (!first || !last) return;
    pen.lineJoin = pen.lineCap = "round";
    for (const [width, style] of [
      [6, "#000b"],
      [3, colour],
    ] as const) {
      pen.lineWidth = width;
      pen.strokeStyle = style;
      pen.beginPath();
      for (const p of seen) pen.lineTo(p.x, p.y);
      pen.stroke();
      const before = seen.at(-2);
      if (before) arrow(pen, before, last);
    }
    pen.fillStyle = colour;
    pen.strokeStyle = "#000b";
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.arc(first.x, first.y, 5, 0, 7);
    pen.fill();
    pen.stroke();
  }

  /** Shows the movement: each painted part carried along its path. Returns what stops it. */
  play(): () => void {
    const started = performance.now();
    const cuts = Object.entries(this.paths)
      .filter(([, path]) => path.length > 1)
      .map(([label, path]) => ({ path, cut: this.cutOut(Number(label)) }));
    const over = this.over.getContext("2d");
    let id = 0;
    const show = (now: number) => {
      const phase = ((now - started) % 2600) / 2200;
      over?.clearRect(0, 0, this.over.width, this.over.height);
      for (const { path, cut } of cuts) {
        const start = path[0] as Point;
        const p = pointAt(path, Math.min(1, phase));
        over?.drawImage(cut, (p.x - start.x) * this.scale, (p.y - start.y) * this.scale);
      }
      id = requestAnimationFrame(show);
    };
    id = requestAnimationFrame(show);
    return () => {
      cancelAnimationFrame(id);
      this.draw();
    };
  }

  /** The part of the picture under a mask, as large as the view. */
  private cutOut(label: number): HTMLCanvasElement {
    const cut = document.createElement("canvas");
    cut.width = this.over.width;
    cut.height = this.over.height;
    const pen = cut.getContext("2d");
    if (!pen) return cut;
    const image = pen.createImageData(cut.width, cut.height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let y = 0; y < cut.height; y++) {
      const sy = Math.floor((y + 0.5 - this.top) / this.scale);
      if (sy < 0 || sy >= this.height) continue;
      for (let x = 0; x < cut.width; x++) {
        const sx = Math.floor((x + 0.5 - this.left) / this.scale);
        if (sx < 0 || sx >= this.width) continue;
        if (this.labels.data[sy * this.width + sx] === label)
          pixels[y * cut.width + x] = 0xffffffff;
      }
    }
    pen.putImageData(image, 0, 0);
    pen.globalCompositeOperation = "source-in";
    pen.drawImage(this.base, 0, 0);
    return cut;
  }
}

/** Labels as pixels of a canvas: in memory they are alpha, blue, green, red from the top. */
const PACKED = Uint32Array.from({ length: STATIC + 1 }, (_, label) => {
  if (label === NOTHING) return 0;
  const [r, g, b] = COLOURS[label] ?? [0, 0, 0];
  return ((Math.round(FADED * 255) << 24) | (b << 16) | (g << 8) | r) >>> 0;
});

function arrow(pen: CanvasRenderingContext2D, from: Point, to: Point): void {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  pen.beginPath();
  for (const turn of [2.6, -2.6]) {
    pen.moveTo(to.x, to.y);
    pen.lineTo(to.x + 13 * Math.cos(angle + turn), to.y + 13 * Math.sin(angle + turn));
  }
  pen.stroke();
}
