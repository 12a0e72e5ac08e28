/** Finds what is under a point, off the page's own thread: it takes a while on a large picture. */

import { enlarged, labOf, type Pixels, regionAt } from "../../lib/fill";

export interface Ask {
  /** Given once, before anything is asked: the picture, perhaps smaller than it is. */
  pixels?: Pixels;
  /** Of the picture as it is. */
  size?: { width: number; height: number };
  id?: number;
  point?: { x: number; y: number };
  tolerance?: number;
}

export interface Answer {
  id: number;
  /** One byte a pixel of the picture; nothing where nothing was found. */
  mask: Uint8Array | undefined;
}

let lab = new Float32Array();
let small = { width: 0, height: 0 };
let whole = { width: 0, height: 0 };

self.onmessage = ({ data }: MessageEvent<Ask>) => {
  const { pixels, size, id, point, tolerance } = data;
  if (pixels && size) {
    lab = labOf(pixels) as Float32Array<ArrayBuffer>;
    small = { width: pixels.width, height: pixels.height };
    whole = size;
  }
  if (id === undefined || !point || tolerance === undefined) return;
  const x = Math.floor((point.x * small.width) / whole.width);
  const y = Math.floor((point.y * small.height) / whole.height);
  const region = regionAt(lab, small.width, small.height, x, y, tolerance);
  const mask = region && enlarged(region, small.width, small.height, whole.width, whole.height);
  const answer: Answer = { id, mask };
  self.postMessage(answer, { transfer: mask ? [mask.buffer as ArrayBuffer] : [] });
};
