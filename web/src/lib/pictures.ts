/** Which kinds of picture there are, which of them are sent, and what the others become. */

import type { Limits } from "../api/types";

export type Format = "JPEG" | "PNG" | "WebP" | "GIF" | "AVIF" | "HEIC" | "BMP" | "TIFF" | "SVG";

/** What the API takes; everything else is converted, where the browser can read it. */
export const SENT: Partial<Record<Format, string>> = { JPEG: "image/jpeg", PNG: "image/png" };

/** Bytes of a file that tell what it is. */
export const HEAD_BYTES = 64;

const HEIC_BRANDS = ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"];

/** What a file is by its first bytes: its name and its type are only what somebody says. */
export function formatOf(head: Uint8Array): Format | undefined {
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  if (text.startsWith("\xff\xd8\xff")) return "JPEG";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "PNG";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "WebP";
  if (/^GIF8[79]a/.test(text)) return "GIF";
  if (text.slice(4, 8) === "ftyp") {
    // ISO 14496-12: the major brand, a version, then the compatible ones.
    const brands = [text.slice(8, 12), ...(text.slice(16).match(/.{4}/gs) ?? [])];
    if (brands.some((brand) => brand === "avif" || brand === "avis")) return "AVIF";
    if (brands.some((brand) => HEIC_BRANDS.includes(brand))) return "HEIC";
  }
  if (text.startsWith("BM")) return "BMP";
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return "TIFF";
  if (/^\s*<(\?xml|svg)/.test(text)) return "SVG";
  return undefined;
}

/** A picture as the browser has read it. */
export interface Found {
  format: Format;
  width: number;
  height: number;
  bytes: number;
}

/** Whether a picture has to become another one before it can be sent. */
export function needsChange(found: Found, limits: Limits): boolean {
  return (
    !SENT[found.format] ||
    (limits.max_bytes !== undefined && found.bytes > limits.max_bytes) ||
    sideOf(found) > (limits.max_side ?? Number.POSITIVE_INFINITY)
  );
}

const sideOf = ({ width, height }: { width: number; height: number }) => Math.max(width, height);

/** One way to write a picture. */
export interface Attempt {
  type: "image/jpeg" | "image/png";
  /** Of JPEG, 0 to 1. */
  quality: number;
  width: number;
  height: number;
}

const QUALITIES = [0.95, 0.9, 0.82, 0.74];
const SHRINK = 0.8;
/** No side gets shorter than this where the spec names no least one. */
const LEAST_SIDE = 64;

/**
 * Ways to write a picture, the best first: whoever writes takes the first that is small enough.
 *
 * @param clear whether parts of it can be seen through, which JPEG cannot keep.
 */
export function* attempts(found: Found, limits: Limits, clear: boolean): Generator<Attempt> {
  const least = limits.min_side ?? LEAST_SIDE;
  const share = Math.min(1, (limits.max_side ?? Number.POSITIVE_INFINITY) / sideOf(found));
  for (let scale = share; ; scale *= SHRINK) {
    const width = Math.max(1, Math.round(found.width * scale));
    const height = Math.max(1, Math.round(found.height * scale));
    if (scale < share && Math.min(width, height) < least) return;
    if (clear) yield { type: "image/png", quality: 1, width, height };
    else for (const quality of QUALITIES) yield { type: "image/jpeg", quality, width, height };
  }
}
