/** The examples of a model that work as they are. */

import type { Json, Params, Spec } from "../api/types";
import { FILE } from "../clips";
import { opened } from "./envelope";

/** Where examples of the documentation have their files: nobody serves them. */
const NOWHERE = "https://example.com/";

/** Pictures of the bundle that can stand for those of the documentation. */
const BUNDLED: Record<string, string> = {
  "first.jpg": "barn-summer.jpg",
  "last.jpg": "barn-winter.jpg",
};

/** What only somebody's own earlier work can fill. */
const OWN = ["video_id", "session_id"];

/** The examples of a model with pictures that are there; without those that somebody has to fill. */
export function ready(spec: Spec): Params[] {
  return spec.examples
    .map((example) => put(opened(spec, example)) as Params)
    .filter((params) => !JSON.stringify(params).includes(NOWHERE))
    .filter((params) => !OWN.some((name) => name in params));
}

function put(value: Json): Json {
  if (typeof value === "string") {
    const file = value.startsWith(NOWHERE) && BUNDLED[value.slice(NOWHERE.length)];
    return file ? FILE + file : value;
  }
  if (Array.isArray(value)) return value.map(put);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, put(inner)]));
}
