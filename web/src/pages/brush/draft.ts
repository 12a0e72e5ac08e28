/** What the motion brush keeps in the browser, and what it hands to the form. */

import type { Json, Params, Spec } from "../../api/types";
import { Labels, STATIC } from "../../lib/labels";
import type { Held } from "../../lib/media";
import { deflate, greyPng, inflate } from "../../lib/png";
import { load, save } from "../../lib/store";
import { type Paths, toWire } from "../../lib/trajectory";
import { effective } from "../../lib/values";
import type { Easel } from "./Easel";

interface Stored {
  picture: string;
  width: number;
  height: number;
  labels: Uint8Array;
  paths: Paths;
  hand: Hand;
}

/** What the hand held. */
export interface Hand {
  /** Diameter of the brush in pixels of the picture. */
  size: number;
  label: number;
}

const keyOf = (model: string) => `brush ${model}`;

export async function keepPainting(
  model: string,
  picture: string,
  easel: Easel,
  hand: Hand,
): Promise<void> {
  const { width, height } = easel;
  const labels = await deflate(easel.labels.data);
  const stored: Stored = { picture, width, height, labels, paths: easel.paths, hand };
  await save(keyOf(model), stored);
}

/** Puts on the easel what was painted on this picture before, if anything was. */
export async function findPainting(
  model: string,
  picture: string,
  easel: Easel,
): Promise<Hand | undefined> {
  const found = await load<Stored>(keyOf(model));
  if (found?.picture !== picture) return undefined;
  if (found.width !== easel.width || found.height !== easel.height) return undefined;
  const data = await inflate(found.labels);
  easel.load(new Labels(found.width, found.height, data), found.paths);
  return found.hand;
}

/** Which parameters of a model are masks and paths: the rules of its spec tell. */
export interface Names {
  picture: string;
  list: string;
  mask: string;
  path: string;
  still: string | undefined;
}

export function namesOf(spec: Spec): Names | undefined {
  const rule = spec.rules.find((each) => each.kind === "points_inside");
  const [list, inner] = rule?.params?.[0]?.split("[].") ?? [];
  const parameter = spec.parameters.find((each) => each.name === list);
  const mask = parameter?.children.find((child) => child.format === "image")?.name;
  if (!rule?.other || !list || !inner || !mask) return undefined;
  const alike = spec.rules.find((each) => each.kind === "same_size");
  const still = alike?.params?.find((path) => !path.includes("["));
  return { picture: rule.other, list, mask, path: inner.replace("[]", ""), still };
}

/** Parameters with masks in them, and what masks need beside them, such as five seconds. */
export function withMasks(spec: Spec, params: Params, names: Names, made: Exported): Params {
  const { [names.still ?? ""]: _, ...others } = params;
  const next: Params = { ...others, [names.list]: made.moving, ...needed(spec, params, names) };
  if (names.still && made.still) next[names.still] = made.still;
  return next;
}

/** What has to be set for the masks of a model to be taken, and is not. */
export function needed(spec: Spec, params: Params, names: Names): Record<string, string> {
  const set: Record<string, string> = {};
  for (const rule of spec.rules) {
    if (rule.kind !== "only_with" || !rule.other || !rule.params?.includes(names.list)) continue;
    if (String(effective(spec, params, rule.other)) !== String(rule.equals)) {
      set[rule.other] = String(rule.equals);
    }
  }
  return set;
}

/** Stands for a mask that is not written yet, for the rules alone. */
const UNWRITTEN = "‹mask›";

/** What {@link exportMasks} will give, known without making any picture. */
export function outlined(easel: Easel, names: Names): Exported {
  const { used } = easel.summary;
  const moving = [...used].sort().flatMap((label): Params[] => {
    const path = easel.paths[label];
    if (label === STATIC || !path) return [];
    const points = toWire(path, easel.width, easel.height).map((p) => ({ ...p }));
    return [{ [names.mask]: UNWRITTEN, [names.path]: points }];
  });
  return { still: used.has(STATIC) ? UNWRITTEN : undefined, moving };
}

export interface Exported {
  /** Parameters by the names of the form: the static mask, and the numbered ones. */
  still: string | undefined;
  moving: Json[];
}

/** Masks of the picture's exact size, and their paths in its pixels from the bottom left. */
export async function exportMasks(
  easel: Easel,
  names: Names,
  keep: (held: Held) => string,
): Promise<Exported> {
  const { width, height, labels, paths } = easel;
  const { used } = easel.summary;
  const made = async (label: number, name: string) => {
    const blob = await greyPng(labels.mask(label), width, height);
    return keep({ blob, bytes: blob.size, name, type: "image", width, height });
  };
  const moving: Params[] = [];
  for (const label of [...used].sort()) {
    const path = paths[label];
    if (label === STATIC || !path) continue;
    moving.push({
      [names.mask]: await made(label, `mask ${label}.png`),
      [names.path]: toWire(path, width, height).map((p) => ({ ...p })),
    });
  }
  return { still: used.has(STATIC) ? await made(STATIC, "static.png") : undefined, moving };
}
