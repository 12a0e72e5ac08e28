/** Where each parameter of a model stands in the composer, by what the spec says of it. */

import type { Parameter, Spec } from "../api/types";
import { kindOf } from "./media";
import { isPlain } from "./paramWords";

export interface Composition {
  /** Pictures and videos, before the words. */
  media: Parameter[];
  prompt: Parameter | undefined;
  /** Settings that a chip can show. */
  chips: Parameter[];
  /** What needs room: shots, subjects, paths. */
  blocks: Parameter[];
  /** What is about delivery, or leaves no choice. */
  folded: Parameter[];
}

const LONG_TEXT = 300;

export function composed(spec: Spec, specs: Spec[]): Composition {
  const made: Composition = { media: [], prompt: undefined, chips: [], blocks: [], folded: [] };
  for (const parameter of spec.parameters) {
    if (isDelivery(parameter, specs) || isNoChoice(parameter)) made.folded.push(parameter);
    else if (isMedium(parameter) && !isMask(parameter, spec)) made.media.push(parameter);
    else if (isLong(parameter) && !made.prompt) made.prompt = parameter;
    else if (isChip(parameter)) made.chips.push(parameter);
    else made.blocks.push(parameter);
  }
  made.chips.sort((a, b) => Number(isPlain(b.name)) - Number(isPlain(a.name)));
  return made;
}

/** Optional texts that every model has are about delivery, not about the video. */
function isDelivery({ name, required, type }: Parameter, specs: Spec[]): boolean {
  return (
    type === "string" &&
    !required &&
    specs.every((other) => other.parameters.some((p) => p.name === name && !p.required))
  );
}

/** An option that is the only one is no choice. */
export function isNoChoice({ constraints, required }: Parameter): boolean {
  return !required && constraints.enum?.length === 1;
}

function isMedium({ format, children, type }: Parameter): boolean {
  const seen = (one?: string) => one === "image" || one === "video";
  return !!kindOf(format) || (type === "array" && children.some((child) => seen(child.format)));
}

/** What must have the shape of another picture is painted on it. */
function isMask({ name }: Parameter, spec: Spec): boolean {
  return spec.rules.some(
    ({ kind, params }) =>
      kind === "same_shape" && params?.some((path) => path.split("[", 1)[0] === name),
  );
}

function isLong({ type, format, constraints }: Parameter): boolean {
  return type === "string" && !format && (constraints.max_length ?? 0) >= LONG_TEXT;
}

function isChip(parameter: Parameter): boolean {
  const { type, constraints, children } = parameter;
  if (constraints.enum || type === "boolean" || isLong(parameter)) return true;
  if (type === "number") return constraints.min !== undefined && constraints.max !== undefined;
  return type === "object" && children.length === 1 && children[0]?.type === "boolean";
}
