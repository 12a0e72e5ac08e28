import type { Point } from "../../lib/trajectory";
import type { Answer, Ask } from "./select.worker";

/** Longer side of the picture in which regions are looked for, in pixels. */
const LOOKED_AT = 1600;

/** Finds the thing under a point of a picture; the newest question alone is answered. */
export class Selector {
  private worker: Worker | undefined;
  private asked = 0;
  private answer: ((mask: Uint8Array | undefined) => void) | undefined;

  constructor(private readonly picture: HTMLImageElement) {}

  /** One byte a pixel of the picture, 1 inside; nothing where it is outside or a newer one came. */
  find(point: Point, tolerance: number): Promise<Uint8Array | undefined> {
    const worker = this.start();
    this.answer?.(undefined);
    const id = ++this.asked;
    const ask: Ask = { id, point, tolerance };
    worker.postMessage(ask);
    return new Promise((resolve) => {
      this.answer = resolve;
    });
  }

  close(): void {
    this.answer?.(undefined);
    this.worker?.terminate();
    this.worker = undefined;
  }

  private start(): Worker {
    if (this.worker) return this.worker;
    const made = new Worker(new URL("./select.worker.ts", import.meta.url));
    made.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.id === this.asked) this.answer?.(data.mask);
    };
    made.onerror = () => this.answer?.(undefined);
    const { naturalWidth: width, naturalHeight: height } = this.picture;
    const share = Math.min(1, LOOKED_AT / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * share));
    canvas.height = Math.max(1, Math.round(height * share));
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (pen) {
      pen.imageSmoothingQuality = "high";
      pen.drawImage(this.picture, 0, 0, canvas.width, canvas.height);
      const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
      const pixels = { width: canvas.width, height: canvas.height, data };
      made.postMessage({ pixels, size: { width, height } } satisfies Ask, [data.buffer]);
    }
    this.worker = made;
    return made;
  }
}
