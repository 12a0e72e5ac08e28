import { Labels, STATIC } from "../../lib/labels";
import { type Paths, type Point, simplify } from "../../lib/trajectory";
import { History, type Step } from "./History";
import { type Handle, handleAt, pinchOf } from "./handles";
import { Layers } from "./Layers";
import { View } from "./View";

export type Tool = "brush" | "select" | "erase" | "path" | "hand";

/** What is on an easel, known without looking at every pixel again. */
export interface Summary {
  used: Set<number>;
  /** Where the number of each mask stands. */
  places: Map<number, Point>;
}

/**
 * A picture that is painted on: its masks, its paths, and how it is seen.
 *
 * The masks are one byte a pixel of the picture, and only what is in view is ever drawn: a stroke
 * costs the same on a picture of 4096 pixels as on a small one.
 */
export class Easel {
  labels: Labels;
  paths: Paths = {};
  readonly view: View;
  private readonly history = new History();
  private readonly layers: Layers;
  private trail: Point[] = [];
  private held: { handle: Handle; before: Point[] } | undefined;
  private known: Summary | undefined;
  /** Counts what was done: the same number is the same picture. */
  turn = 0;
  /** The label whose points are seen, ready to be dragged. */
  private editing = 0;
  private frame = 0;

  constructor(
    readonly picture: HTMLImageElement,
    base: HTMLCanvasElement,
    over: HTMLCanvasElement,
    lines: HTMLCanvasElement,
    /** Called when something to keep has changed. */
    private readonly changed: () => void,
  ) {
    this.labels = new Labels(picture.naturalWidth, picture.naturalHeight);
    this.view = new View(picture.naturalWidth, picture.naturalHeight);
    this.layers = new Layers(base, over, lines, picture);
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
    this.known = undefined;
    this.draw();
  }

  resize(width: number, height: number): void {
    this.layers.resize(width, height);
    this.fit();
  }

  fit(): void {
    this.view.fit(this.layers.width, this.layers.height);
    this.draw();
  }

  /** Zooms about a point of the view; about its middle where none is named. */
  zoom(factor: number, x = this.layers.width / 2, y = this.layers.height / 2): void {
    this.view.zoom(factor, x, y);
    this.drawSoon();
  }

  pan(dx: number, dy: number): void {
    this.view.pan(dx, dy);
    this.drawSoon();
  }

  /** Follows two fingers: their middle stays on the same spot of the picture. */
  pinch(before: Point[], after: Point[]): void {
    const pinch = pinchOf(before, after);
    if (!pinch) return;
    this.view.zoom(pinch.factor, pinch.from.x, pinch.from.y);
    this.view.pan(pinch.to.x - pinch.from.x, pinch.to.y - pinch.from.y);
    this.drawSoon();
  }

  /** What is painted, and where. */
  get summary(): Summary {
    this.known ??= { used: this.labels.used(), places: this.labels.places() };
    return this.known;
  }

  /** Shows the points of a path, or of none. */
  edit(label: number): void {
    this.editing = label;
    this.drawLines();
  }

  paint(from: Point, to: Point, radius: number, label: number): void {
    const rect = this.labels.line(from.x, from.y, to.x, to.y, radius, label);
    if (rect) this.layers.masks(this.view, this.labels, rect);
  }

  endStroke(): void {
    const stroke = this.labels.finish();
    if (stroke) this.note({ kind: "stroke", stroke });
  }

  /** Paints what is 1 in a mask of the picture's size, as one step. Returns whether it is new. */
  fill(mask: Uint8Array, label: number): boolean {
    this.labels.fill(mask, label);
    const stroke = this.labels.finish();
    if (!stroke) return false;
    this.note({ kind: "stroke", stroke });
    this.draw();
    return true;
  }

  /** Takes back what is just being drawn: a second finger came, so it was never meant. */
  abandon(): void {
    this.labels.abandon();
    this.trail = [];
    if (this.held) this.putPath(this.held.handle.label, this.held.before);
    this.held = undefined;
    this.draw();
  }

  /**
   * Takes hold of a path's point, or puts a new one on its line, ready to be dragged.
   *
   * @param reach pixels of the view within which it counts as touched.
   * @returns the label of the path, or nothing where there is none.
   */
  grab(at: Point, reach: number, chosen: number): number | undefined {
    const handle = handleAt(this.paths, at, reach / this.view.scale, chosen);
    const before = handle && this.paths[handle.label];
    if (!handle || !before) return undefined;
    this.held = { handle, before };
    if (handle.isNew) this.drag(at);
    return handle.label;
  }

  get dragging() {
    return this.held !== undefined;
  }

  drag(to: Point): void {
    if (!this.held) return;
    const { handle, before } = this.held;
    const at = this.inside(to);
    this.putPath(
      handle.label,
      handle.isNew ? before.toSpliced(handle.index, 0, at) : before.with(handle.index, at),
    );
  }

  /** Lets go of the point: one step, if it has moved. */
  drop(): void {
    if (!this.held) return;
    const { handle, before } = this.held;
    this.held = undefined;
    const after = this.paths[handle.label];
    if (after === before) return;
    this.note({ kind: "path", label: handle.label, before, after });
  }

  /** Takes a point off a path. Returns whether there was one. */
  dropPoint(at: Point, reach: number, chosen: number): boolean {
    const handle = handleAt(this.paths, at, reach / this.view.scale, chosen);
    if (!handle || handle.isNew) return false;
    const before = this.paths[handle.label] ?? [];
    this.setPath(handle.label, before.toSpliced(handle.index, 1));
    return true;
  }

  /** Takes the last point off a path. */
  shorten(label: number): void {
    const before = this.paths[label];
    if (before) this.setPath(label, before.slice(0, -1));
  }

  /** Draws a path by hand, point after point. */
  trace(point: Point): void {
    this.trail.push(this.inside(point));
    this.drawLines();
  }

  /** Ends drawing: a drag is a whole new path, a click one more point of the old one. */
  endTrace(label: number): void {
    const drawn = simplify(this.trail, 1.5 / this.view.scale);
    const reach = 4 / this.view.scale;
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

  /** Takes off a mask and its path, as one step. */
  clear(label: number): void {
    const steps: Step[] = [];
    this.labels.clear(label);
    const stroke = this.labels.finish();
    if (stroke) steps.push({ kind: "stroke", stroke });
    const before = this.paths[label];
    if (before) {
      this.putPath(label, undefined);
      steps.push({ kind: "path", label, before, after: undefined });
    }
    if (steps.length) this.note({ kind: "both", steps });
    this.draw();
  }

  undo(): void {
    this.apply(this.history.back(), "before");
  }

  redo(): void {
    this.apply(this.history.forth(), "after");
  }

  get canUndo() {
    return this.history.canUndo;
  }
  get canRedo() {
    return this.history.canRedo;
  }

  /** Shows the movement before it is sent. Returns what stops it. */
  play(): () => void {
    const stop = this.layers.play(this.view, this.labels, this.paths);
    return () => {
      stop();
      this.draw();
    };
  }

  private apply(step: Step | undefined, side: "before" | "after"): void {
    if (!step) return;
    this.take(step, side);
    this.turn++;
    this.known = undefined;
    this.draw();
    this.changed();
  }

  private take(step: Step, side: "before" | "after"): void {
    if (step.kind === "both") for (const each of step.steps) this.take(each, side);
    else if (step.kind === "stroke") this.labels.restore(step.stroke[side]);
    else this.putPath(step.label, step[side]);
  }

  private note(step: Step): void {
    this.history.note(step);
    this.turn++;
    if (step.kind !== "path") this.known = undefined;
    this.drawLines();
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

  private draw(): void {
    this.layers.picture(this.view);
    this.layers.allMasks(this.view, this.labels);
    this.drawLines();
  }

  private drawLines(): void {
    const { places } = this.summary;
    const { paths, trail, editing } = this;
    this.layers.paths(this.view, { paths, trail, editing, places });
  }
}
