import type { Point } from "../../lib/trajectory";

const CLOSEST = 16;
const SMALLEST = 64;
const MARGIN = 12;

/** How large a picture is seen and where, in pixels of the view. */
export class View {
  scale = 1;
  left = 0;
  top = 0;

  constructor(
    /** Of the picture. */
    readonly width: number,
    readonly height: number,
  ) {}

  /** Shows the whole picture in the middle of a view of this size. */
  fit(across: number, down: number): void {
    this.scale = Math.min((across - 2 * MARGIN) / this.width, (down - 2 * MARGIN) / this.height);
    this.left = (across - this.width * this.scale) / 2;
    this.top = (down - this.height * this.scale) / 2;
  }

  /** Zooms about a point of the view, which stays where it is. */
  zoom(factor: number, x: number, y: number): void {
    const least = SMALLEST / Math.max(this.width, this.height);
    const next = Math.min(CLOSEST, Math.max(this.scale * factor, least));
    const real = next / this.scale;
    this.left = x - (x - this.left) * real;
    this.top = y - (y - this.top) * real;
    this.scale = next;
  }

  pan(dx: number, dy: number): void {
    this.left += dx;
    this.top += dy;
  }

  /** From the view to the picture. */
  at(x: number, y: number): Point {
    return { x: (x - this.left) / this.scale, y: (y - this.top) / this.scale };
  }

  /** From the picture to the view. */
  seen(point: Point): Point {
    return { x: this.left + point.x * this.scale, y: this.top + point.y * this.scale };
  }
}
