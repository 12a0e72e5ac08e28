/** The clips that the console opens on, and the requests that made them; scripts/write_clips.py makes them. */

import type { Json, Params } from "../api/types";
import list from "./clips.json";

export interface Clip {
  name: string;
  title: string;
  /** What people are to notice about how it was made. */
  kind: string;
  model: string;
  /** Values that begin with {@link FILE} name a file of this folder. */
  params: Params;
}

/** What a request from this folder has in place of a file. */
export const FILE = "file:";

const URLS = import.meta.glob<string>(["./*.mp4", "./*.webp", "./*.jpg", "./*.png"], {
  eager: true,
  query: "?url",
  import: "default",
});

export const CLIPS = list as unknown as Clip[];

export function clipOf(name: string): Clip | undefined {
  return CLIPS.find((clip) => clip.name === name);
}

/** Where a file of this folder is. */
export function urlOf(file: string): string {
  return URLS[`./${file}`] ?? "";
}

export function videoUrl(clip: Clip): string {
  return urlOf(`${clip.name}.mp4`);
}

export function posterUrl(clip: Clip): string {
  return urlOf(`${clip.name}.webp`);
}

/** The files that a value names. */
export function filesIn(value: Json): string[] {
  if (typeof value === "string") return value.startsWith(FILE) ? [value.slice(FILE.length)] : [];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(filesIn);
}

/** A value with something else in place of the files that it names. */
export function withFiles(value: Json, put: (file: string) => string): Json {
  if (typeof value === "string")
    return value.startsWith(FILE) ? put(value.slice(FILE.length)) : value;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((each) => withFiles(each, put));
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withFiles(v, put)]));
}
