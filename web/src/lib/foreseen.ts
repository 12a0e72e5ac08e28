/** What an engine says that it will draw, from a quote, as people's words. */

import type { Json, Params, Quote } from "../api/types";
import { entriesOf, paramsOf } from "./values";

/** A thing or a quality that is seen; words of the prompt stay as they are. */
export interface Seen {
  /** Of the prompt, or else a value that has words in every language. */
  word?: string;
  value?: string;
  /** What it does. */
  does?: string;
}

export interface Unseen {
  word: string;
  kind: string;
}

/** One shot. */
export interface Foreseen {
  seen: Seen[];
  /** Moves of the camera that were asked for. */
  camera: Seen[];
  missing: Unseen[];
  /** Whether the words are shown as a title, because nothing of them can be drawn. */
  title: boolean;
  /** What another seed chooses otherwise. */
  chance: string[];
  /** Whether pictures are looked at only when they are rendered. */
  later: boolean;
  warnings: string[];
}

/** By shots; nothing where the engine tells nothing before it renders. */
export function foreseenIn(quote: Quote | undefined): Foreseen[] {
  if (!quote) return [];
  const shots = entriesOf(quote.shots as Json | undefined);
  const told = (shots.length ? shots : [quote as unknown as Params]).map(shotOf);
  const known = (shot: Foreseen) =>
    shot.seen.length + shot.camera.length + shot.missing.length + shot.warnings.length > 0 ||
    shot.title;
  return told.some(known) ? told : [];
}

function shotOf(told: Params): Foreseen {
  const scene = paramsOf(told.scene);
  const motion = paramsOf(told.motion);
  const understood = textsOf(scene.understood);
  const scenery = [...new Set([...understood, ...textsOf(scene.guessed)])];
  const seen: Seen[] = [
    ...entriesOf(scene.cast).map((member) => ({
      word: String(member.word),
      ...(typeof member.motion === "string" ? { does: member.motion } : {}),
    })),
    ...entriesOf(motion.understood).map((each) => ({ word: String(each.word) })),
    ...scenery.map((value) => ({ value })),
    ...textsOf(scene.styles).map((value) => ({ value })),
    ...(typeof scene.shot_size === "string" ? [{ value: scene.shot_size }] : []),
    ...lettering(scene),
  ];
  return {
    seen: distinct(seen),
    camera: cameraOf(told),
    missing: missingOf(told),
    title: scene.kind === "title card",
    chance: textsOf(scene.by_chance).filter((name) => CHANCE.has(name)),
    later: motion.found === WHEN_RENDERED,
    warnings: Array.isArray(motion.warnings) ? motion.warnings.map(String) : [],
  };
}

/** What people would want to say, were it not chosen for them. */
const CHANCE = new Set(["place", "time", "weather", "season", "direction"]);
const WHEN_RENDERED = "when rendered";

function cameraOf(told: Params): Seen[] {
  const moves = entriesOf(paramsOf(told.direction).moves);
  return distinct(moves.map((move) => ({ value: String(move.move) })));
}

function missingOf(told: Params): Unseen[] {
  const all = [
    ...entriesOf(paramsOf(told.scene).missing),
    ...entriesOf(paramsOf(told.motion).missing),
  ]
    .map(({ word, kind }) => ({ word: String(word), kind: String(kind) }))
    .concat(textsOf(told.not_followed).map((word) => ({ word, kind: "camera" })));
  return all.filter(({ word }, index) => all.findIndex((each) => each.word === word) === index);
}

function lettering(scene: Params): Seen[] {
  const { words } = paramsOf(scene.lettering);
  return typeof words === "string" ? [{ word: `“${words}”` }] : [];
}

function distinct(list: Seen[]): Seen[] {
  const texts = list.map((each) => JSON.stringify(each));
  return list.filter((_, index) => texts.indexOf(texts[index] ?? "") === index);
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
