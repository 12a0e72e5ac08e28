/** Camera moves and styles that are said in words of a prompt, in its own language. */

import presets from "./presets.json";

export interface Preset {
  label: string;
  /** What the engine calls it. */
  is: string;
  en: string;
  zh: string;
}

export const CAMERA: Preset[] = presets.camera;
export const STYLE: Preset[] = presets.style;

/** The language of a prompt; of an empty one, that of the page. */
export function languageOf(text: string, page: "en" | "zh"): "en" | "zh" {
  if (/\p{Script=Han}/u.test(text)) return "zh";
  return /\p{Letter}/u.test(text) ? "en" : page;
}

export function has(text: string, preset: Preset): boolean {
  return placeOf(text, preset) !== undefined;
}

/** The text with the phrase of a preset at its end, or without it where it has it. */
export function toggled(text: string, preset: Preset, page: "en" | "zh"): string {
  const place = placeOf(text, preset);
  if (place) return without(text, place);
  const language = languageOf(text, page);
  const before = text.trimEnd();
  const phrase = preset[language];
  if (!before) return language === "en" ? phrase.charAt(0).toUpperCase() + phrase.slice(1) : phrase;
  if (/[,，;；:：、]$/.test(before)) return `${before}${language === "en" ? " " : ""}${phrase}`;
  if (/[.!?]$/.test(before)) return `${before} ${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}`;
  if (/[。！？]$/.test(before)) return `${before}${phrase}`;
  return `${before}${language === "en" ? ", " : "，"}${phrase}`;
}

type Place = readonly [from: number, to: number];

function placeOf(text: string, preset: Preset): Place | undefined {
  for (const phrase of [preset.en, preset.zh]) {
    // A longer preset may begin with the words of a shorter one: whole words only.
    const edge = phrase === preset.en ? ["(?<![\\p{L}])", "(?![\\p{L}])"] : ["", ""];
    const found = text.match(new RegExp(`${edge[0]}${phrase}${edge[1]}`, "iu"));
    if (found?.index !== undefined) return [found.index, found.index + found[0].length];
  }
  return undefined;
}

/** Takes a phrase out, and what joined it to the rest. */
function without(text: string, [from, to]: Place): string {
  const before = text.slice(0, from).replace(/[,，;；、\s]+$/, "");
  const after = text.slice(to);
  if (before) return before + after;
  const rest = after.replace(/^[\s,，;；、.。!！?？]+/, "");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
