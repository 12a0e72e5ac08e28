/** The canvases of the motion brush, one over the other: the picture, the masks, the paths. */

import { type Labels, NOTHING, type Rect, STATIC } from "../../lib/labels";
import { type Paths, type Point, pointAt } from "../../lib/trajectory";
import { COLOURS, css } from "./colours";
import { Reduced } from "./Reduced";
import type { View } from "./View";

const FADED = 0.48;

/** Pixels of a canvas for one of the page: more than two nobody sees, and they cost time. */
const FINEST = 2;

const LOOP_MS = 2600;
const MOVING_MS = 2200;

/** What is drawn over the masks. */
export interface Lines {
  paths: Paths;
  /** The path that is just being drawn. */
  trail: Point[];
  /** The label whose points can be dragged; 0 for none. */
  editing: number;
  /** Where the number of each mask stands, in pixels of the picture. */
  places: Map<number, Point>;
}

export class Layers {
  private ratio = 1;
  private readonly reduced: Reduced;

  constructor(
    private readonly base: HTMLCanvasElement,
    private readonly over: HTMLCanvasElement,
    private readonly lines: HTMLCanvasElement,
    picture: HTMLImageElement,
  ) {
    this.reduced = new Reduced(picture);
  }

  /** Of the view, in pixels of the page. */
  get width() {
    return this.base.width / this.ratio;
  }
  get height() {
    return this.base.height / this.ratio;
  }

  resize(width: number, height: number): void {
    this.ratio = Math.min(FINEST, Math.max(1, window.devicePixelRatio));
    for (const canvas of [this.base, this.over, this.lines]) {
      canvas.width = Math.max(1, Math.round(width * this.ratio));
      canvas.height = Math.max(1, Math.round(height * this.ratio));
    }
  }

  /** A canvas to draw on in pixels of the page, empty. */
  private fresh(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
    const pen = canvas.getContext("2d");
    pen?.setTransform(1, 0, 0, 1, 0, 0);
    pen?.clearRect(0, 0, canvas.width, canvas.height);
    pen?.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    return pen;
  }

  /** Where the picture is in pixels of the canvases. */
  private fine({ left, top, scale }: View): { left: number; top: number; scale: number } {
    return { left: left * this.ratio, top: top * this.ratio, scale: scale * this.ratio };
  }

  picture(view: View): void {
    const pen = this.fresh(this.base);
    if (!pen) return;
    pen.imageSmoothingEnabled = view.scale < 2;
    const { left, top, width, height, scale } = view;
    const source = this.reduced.for(scale * this.ratio);
    pen.drawImage(source, left, top, width * scale, height * scale);
  }

  allMasks(view: View, labels: Labels): void {
    this.over.getContext("2d")?.clearRect(0, 0, this.over.width, this.over.height);
    this.masks(view, labels, { x0: 0, y0: 0, x1: view.width, y1: view.height });
  }

  /** Draws the masks anew where a part of the picture is in view. */
  masks(view: View, labels: Labels, rect: Rect): void {
    const pen = this.over.getContext("2d");
    const { left, top, scale } = this.fine(view);
    const x0 = Math.max(0, Math.floor(left + rect.x0 * scale));
    const y0 = Math.max(0, Math.floor(top + rect.y0 * scale));
    const x1 = Math.min(this.over.width, Math.ceil(left + rect.x1 * scale));
    const y1 = Math.min(this.over.height, Math.ceil(top + rect.y1 * scale));
    if (!pen || x0 >= x1 || y0 >= y1) return;
    const image = pen.createImageData(x1 - x0, y1 - y0);
    const pixels = new Uint32Array(image.data.buffer);
    const { data, width, height } = labels;
    const columns = new Int32Array(x1 - x0);
    for (let x = x0; x < x1; x++) columns[x - x0] = Math.floor((x + 0.5 - left) / scale);
    for (let y = y0; y < y1; y++) {
      const sy = Math.floor((y + 0.5 - top) / scale);
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

  /** Draws all paths, the one that is just being drawn, and the numbers of masks and paths. */
  paths(view: View, { paths, trail, editing, places }: Lines): void {
    const pen = this.fresh(this.lines);
    if (!pen) return;
    const seen = (path: Point[]) => path.map((point) => view.seen(point));
    for (const [label, path] of Object.entries(paths))
      this.path(pen, seen(path), css(Number(label)));
    if (trail.length > 1) this.path(pen, seen(trail), "#fff");
    for (const point of seen(paths[editing] ?? [])) dot(pen, point, HANDLE, "#fff");
    for (const [label, place] of places) badge(pen, view.seen(place), label, "square");
    for (const [label, [first]] of Object.entries(paths))
      if (first) badge(pen, view.seen(first), Number(label), "round");
  }

  private path(pen: CanvasRenderingContext2D, seen: Point[], colour: string): void {
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
    dot(pen, first, 5, colour);
  }

  /** Shows the movement: each painted part carried along its path. Returns what stops it. */
  play(view: View, labels: Labels, paths: Paths): () => void {
    const started = performance.now();
    const { scale } = this.fine(view);
    const cuts = Object.entries(paths)
      .filter(([, path]) => path.length > 1)
      .map(([label, path]) => ({ path, cut: this.cutOut(view, labels, Number(label)) }));
    const over = this.over.getContext("2d");
    let id = 0;
    const show = (now: number) => {
      const phase = ((now - started) % LOOP_MS) / MOVING_MS;
      over?.clearRect(0, 0, this.over.width, this.over.height);
      for (const { path, cut } of cuts) {
        const start = path[0] as Point;
        const p = pointAt(path, Math.min(1, phase));
        over?.drawImage(cut, (p.x - start.x) * scale, (p.y - start.y) * scale);
      }
      id = requestAnimationFrame(show);
    };
    id = requestAnimationFrame(show);
    return () => cancelAnimationFrame(id);
  }

  /** The part of the picture under a mask, as large as the view. */
  private cutOut(view: View, labels: Labels, label: number): HTMLCanvasElement {
    const cut = document.createElement("canvas");
    cut.width = this.over.width;
    cut.height = this.over.height;
    const pen = cut.getContext("2d");
    if (!pen) return cut;
    const { left, top, scale } = this.fine(view);
    const image = pen.createImageData(cut.width, cut.height);
    const pixels = new Uint32Array(image.data.buffer);
    for (let y = 0; y < cut.height; y++) {
      const sy = Math.floor((y + 0.5 - top) / scale);
      if (sy < 0 || sy >= labels.height) continue;
      for (let x = 0; x < cut.width; x++) {
        const sx = Math.floor((x + 0.5 - left) / scale);
        if (sx < 0 || sx >= labels.width) continue;
        if (labels.data[sy * labels.width + sx] === label) pixels[y * cut.width + x] = 0xffffffff;
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

/** Radius of a point that can be dragged, and half the side of a number, in pixels of the page. */
const HANDLE = 5;
const BADGE = 9;

function dot(pen: CanvasRenderingContext2D, { x, y }: Point, radius: number, colour: string) {
  pen.fillStyle = colour;
  pen.strokeStyle = "#000b";
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  pen.fill();
  pen.stroke();
}

/** The number of a mask on a square, as beside the picture, and of a path on its round start. */
function badge(
  pen: CanvasRenderingContext2D,
  { x, y }: Point,
  label: number,
  shape: "square" | "round",
) {
  pen.fillStyle = css(label);
  pen.strokeStyle = "#000c";
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.roundRect(x - BADGE, y - BADGE, 2 * BADGE, 2 * BADGE, shape === "round" ? BADGE : 4);
  pen.fill();
  pen.stroke();
  pen.fillStyle = "#14110d";
  pen.font = "700 12px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(String(label === STATIC ? 0 : label), x, y + 0.5);
}
