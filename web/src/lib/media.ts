/** Pictures, videos and sounds in the browser: tokens that stand for files, and what they measure. */

import type { Limits } from "../api/types";
import type { Conversion } from "./convert";

export type Kind = "image" | "video" | "audio";

/** What a parameter takes, where it takes a file. */
export function kindOf(format: string | undefined): Kind | undefined {
  return format === "image" || format === "video" || format === "audio" ? format : undefined;
}

export interface Measured {
  /** Pixels; 0 of sounds. */
  width: number;
  height: number;
  seconds?: number;
  bytes?: number;
  fps?: number;
  sound?: boolean;
}

/** A file that the form has: in this browser, or as a link to what the server keeps. */
export interface Held extends Measured {
  name: string;
  type: Kind;
  blob?: Blob;
  link?: { url: string; until: number };
  /** What it was before this browser made it into what can be sent. */
  conversion?: Conversion;
  /** It is sent as it is, because somebody has said so. */
  asIs?: boolean;
}

/** Files of a draft, by what stands for them in its parameters: a token, or the typed URL. */
export type Files = Record<string, Held>;

/** A token says to people what it stands for, and no URL or base64 looks like it. */
export function tokenFor(name: string, held: Held, files: Files): string {
  const short = name.length > 40 ? `${name.slice(0, 36)}…` : name;
  const extent = held.width ? `${held.width}×${held.height}` : seconds(held.seconds ?? 0);
  const base = `‹${short} ${extent}, ${bytes(held.bytes ?? 0)}`;
  for (let n = 1; ; n++) {
    const token = n === 1 ? `${base}›` : `${base} #${n}›`;
    if (!(token in files)) return token;
  }
}

export function isToken(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("‹") && value.endsWith("›");
}

export function isUrl(value: unknown): value is string {
  return typeof value === "string" && /^https?:\/\/\S+$/i.test(value);
}

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  if (count < 1024 * 1024) return `${(count / 1024).toFixed(0)} KB`;
  return `${(count / 1024 / 1024).toFixed(count < 10 * 1024 * 1024 ? 1 : 0)} MB`;
}

export function seconds(count: number): string {
  return `${Number.isInteger(count) ? count : count.toFixed(1)} s`;
}

/** Whether what the server keeps of it is still there. */
export function isOver(held: Held): boolean {
  return held.link !== undefined && held.link.until < Date.now();
}

/** Width and height of a picture as it is seen: the browser applies EXIF, as the server does. */
function measure(url: string): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve({ width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => reject(new Error("not a picture"));
    image.src = url;
  });
}

/** The picture whose base64 somebody has put in, as a file. */
export function pictureOf(text: string): File | undefined {
  const type = text.startsWith("iVBORw0KGgo")
    ? "image/png"
    : text.startsWith("/9j/")
      ? "image/jpeg"
      : undefined;
  if (!type) return undefined;
  try {
    const data = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return new File([data], `base64.${type.slice(6)}`, { type });
  } catch {
    return undefined; // not all of it is there yet, or it is no base64
  }
}

/** A picture that stays in this browser until it is sent. */
export async function hold(blob: Blob, name: string): Promise<Held> {
  const url = URL.createObjectURL(blob);
  try {
    return { ...(await measure(url)), name, type: "image", blob, bytes: blob.size };
  } finally {
    URL.revokeObjectURL(url);
  }
}

export type Breach =
  | { kind: "bytes"; most: number }
  | { kind: "small"; least: number }
  | { kind: "large"; most: number }
  | { kind: "aspect"; most: number }
  | { kind: "short"; least: number }
  | { kind: "long"; most: number };

/**
 * Seconds by which a video may miss a limit of its length. The server allows two frames of its own,
 * which a browser cannot count, and no more than this.
 */
const GRACE_SECONDS = 1 / 12;

/** What in a medium breaks the limits that the spec gives. */
export function breaches(given: Measured, limits: Limits | undefined): Breach[] {
  if (!limits) return [];
  const found: Breach[] = [];
  const short = Math.min(given.width, given.height);
  const long = Math.max(given.width, given.height);
  if (limits.max_bytes && (given.bytes ?? 0) > limits.max_bytes)
    found.push({ kind: "bytes", most: limits.max_bytes });
  if (limits.min_side && short < limits.min_side)
    found.push({ kind: "small", least: limits.min_side });
  if (limits.max_side && long > limits.max_side)
    found.push({ kind: "large", most: limits.max_side });
  if (limits.max_aspect && long > limits.max_aspect * short)
    found.push({ kind: "aspect", most: limits.max_aspect });
  const length = given.seconds;
  if (limits.min_seconds && length !== undefined && length + GRACE_SECONDS < limits.min_seconds)
    found.push({ kind: "short", least: limits.min_seconds });
  if (limits.max_seconds && length !== undefined && length - GRACE_SECONDS > limits.max_seconds)
    found.push({ kind: "long", most: limits.max_seconds });
  return found;
}

export function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",", 2)[1] ?? "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
