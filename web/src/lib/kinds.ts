/** Models by what they make of what. */

import type { Model } from "../api/types";

export interface Kind<T> {
  type: string;
  models: T[];
}

/** Kinds in the order in which people look for them; others follow by name. */
const ORDER = ["text-to-video", "image-to-video", "video-to-video", "face-search", "lip-sync"];

export function byKind<T extends { type: string }>(models: T[]): Kind<T>[] {
  const types = [...new Set(models.map(({ type }) => type))];
  const place = (type: string) => (ORDER.includes(type) ? ORDER.indexOf(type) : ORDER.length);
  return types
    .sort((a, b) => place(a) - place(b) || a.localeCompare(b))
    .map((type) => ({ type, models: models.filter((each) => each.type === type) }));
}

/** Where the browser keeps the model that was used last. */
export const LAST = "kirin.model";

/** The model that the playground opens with: the one that was used last, else one for words alone. */
export function usual(models: Model[]): string | undefined {
  const last = localStorage.getItem(LAST);
  return models.some(({ id }) => id === last)
    ? (last ?? undefined)
    : byKind(models)[0]?.models[0]?.id;
}

/**
 * The models that the first page cannot do without: the one that it opens with, and of each kind
 * one, by which it is seen what all have in common.
 */
export function firstModels(models: Model[], path = location.pathname): string[] {
  const [, page, chosen] = path.split("/");
  const known = page === "play" && models.find(({ id }) => id === chosen)?.id;
  const opened = known || usual(models);
  const others = byKind(models).flatMap(({ models: [first] }) => first?.id ?? []);
  return [...new Set([...(opened ? [opened] : []), ...others])];
}
