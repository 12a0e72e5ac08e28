/** Pictures that the API does not take as they are, made into ones that it does, in the browser. */

import type { Limits } from "../api/types";
import { attempts, type Format, formatOf, HEAD_BYTES, needsChange, SENT } from "./pictures";

/** What became of a picture, for people to read and to undo. */
export interface Conversion {
  from: Format;
  to: Format;
  was: { bytes: number; width: number; height: number };
  original: Blob;
}

/** A picture that this browser cannot read. */
export class Unreadable extends Error {
  constructor(readonly format: Format | undefined) {
    super("not a picture that this browser reads");
  }
}

/** Wide and high enough for a glance at whether anything can be seen through. */
const GLANCE = 256;
const OPAQUE = 250;

/**
 * A picture as it can be sent: within the limits, as JPEG or PNG, the right way up.
 *
 * @returns the same file where nothing had to change.
 * @throws Unreadable where the browser has no decoder for it, or it is none.
 */
export async function sendable(
  file: Blob,
  limits: Limits,
): Promise<{ blob: Blob; conversion?: Conversion }> {
  const format = formatOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  if (!format) throw new Unreadable(undefined);
  // What is small and of a kind that is sent need not be read twice.
  if (SENT[format] && !limits.max_side && file.size <= (limits.max_bytes ?? file.size)) {
    return { blob: typed(file, SENT[format]) };
  }
  const bitmap = await read(file, format);
  try {
    const { width, height } = bitmap;
    const found = { format, width, height, bytes: file.size };
    if (!needsChange(found, limits)) return { blob: typed(file, SENT[format] ?? file.type) };
    const clear = format !== "JPEG" && isClear(bitmap);
    for (const attempt of attempts(found, limits, clear)) {
      const blob = await write(bitmap, attempt.width, attempt.height, attempt);
      if (limits.max_bytes && blob.size > limits.max_bytes) continue;
      const to = attempt.type === "image/png" ? "PNG" : "JPEG";
      const was = { bytes: file.size, width, height };
      return { blob, conversion: { from: format, to, was, original: file } };
    }
    throw new Unreadable(format);
  } finally {
    bitmap.close();
  }
}

/** Files that were renamed say the wrong thing of themselves. */
function typed(file: Blob, type: string): Blob {
  return file.type === type ? file : new Blob([file], { type });
}

/** The first frame, turned as its EXIF says. */
async function read(file: Blob, format: Format): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Unreadable(format);
  }
}

function isClear(bitmap: ImageBitmap): boolean {
  const pen = new OffscreenCanvas(GLANCE, GLANCE).getContext("2d", { willReadFrequently: true });
  if (!pen) return false;
  pen.drawImage(bitmap, 0, 0, GLANCE, GLANCE);
  const { data } = pen.getImageData(0, 0, GLANCE, GLANCE);
  for (let i = 3; i < data.length; i += 4) if ((data[i] as number) < OPAQUE) return true;
  return false;
}

async function write(
  bitmap: ImageBitmap,
  width: number,
  height: number,
  how: { type: string; quality: number },
): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Unreadable(undefined);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, width, height);
  return canvas.convertToBlob(how);
}
