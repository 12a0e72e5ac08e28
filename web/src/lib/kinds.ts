/** Models by what they make of what. */

import type { Spec } from "../api/types";

export interface Kind {
  type: string;
  specs: Spec[];
}

/** Kinds in the order in which people look for them; others follow by name. */
const ORDER = ["text-to-video", "image-to-video", "video-to-video", "face-search", "lip-sync"];

export function byKind(specs: Spec[]): Kind[] {
  const types = [...new Set(specs.map((spec) => spec.type))];
  const place = (type: string) => (ORDER.includes(type) ? ORDER.indexOf(type) : ORDER.length);
  return types
    .sort((a, b) => place(a) - place(b) || a.localeCompare(b))
    .map((type) => ({ type, specs: specs.filter((spec) => spec.type === type) }));
}
