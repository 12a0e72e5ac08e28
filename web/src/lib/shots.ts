/** The shots of a storyboard, as the rules of a spec name their parts. */

import type { Json, Params, Spec } from "../api/types";
import { effective } from "./values";

export interface ShotNames {
  list: string;
  /** Seconds of a shot, and the parameter that they add up to. */
  seconds: string;
  total: string;
  text: string;
  index: string | undefined;
}

export function shotNames(spec: Spec): ShotNames | undefined {
  const rule = spec.rules.find((each) => each.kind === "adds_up");
  const [list, seconds] = rule?.params?.[0]?.split("[].") ?? [];
  const parameter = spec.parameters.find((each) => each.name === list);
  const text = parameter?.children.find((c) => c.type === "string" && !c.constraints.enum)?.name;
  if (!rule?.total || !list || !seconds || !text) return undefined;
  const distinct = spec.rules.find(
    (each) => each.kind === "distinct" && each.params?.[0]?.startsWith(`${list}[]`),
  );
  return { list, seconds, total: rule.total, text, index: distinct?.params?.[0]?.split("[].")[1] };
}

/** Numbered anew in the order in which they stand. */
export function numbered(shots: Params[], names: ShotNames): Params[] {
  const { index } = names;
  return index ? shots.map((shot, i) => ({ ...shot, [index]: i + 1 })) : shots;
}

export function moved<T>(list: T[], from: number, to: number): T[] {
  const next = [...list];
  const [taken] = next.splice(from, 1);
  if (taken !== undefined) next.splice(to, 0, taken);
  return next;
}

/** Whole seconds for a number of shots that add up to a total, as even as can be. */
export function evenly(total: number, count: number): number[] {
  return Array.from(
    { length: count },
    (_, i) => Math.floor(((i + 1) * total) / count) - Math.floor((i * total) / count),
  );
}

/** What else must be set before shots have any effect: `multi_shot`, say. */
export function preparations(spec: Spec, names: ShotNames, params: Params): Params {
  const set: Params = {};
  for (const rule of spec.rules) {
    if (rule.kind !== "required_with" || !rule.other || !rule.params?.includes(names.list))
      continue;
    if (String(effective(spec, params, rule.other)) !== String(rule.equals)) {
      set[rule.other] = rule.equals as Json;
    }
    for (const name of rule.params) {
      const only = spec.parameters.find((p) => p.name === name)?.constraints.enum;
      if (only?.length === 1 && only[0] !== undefined && !params[name]) set[name] = only[0];
    }
  }
  return set;
}
