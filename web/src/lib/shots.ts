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

/** What the spec allows of lengths, in whole seconds. */
export interface ShotBounds {
  /** Of one shot. */
  least: number;
  most: number;
  /** Of all of them together, from the shortest; empty where any length goes. */
  totals: number[];
  /** How many there may be. */
  count: number;
}

export function shotBounds(spec: Spec, names: ShotNames): ShotBounds {
  const list = spec.parameters.find((each) => each.name === names.list);
  const one = list?.children.find((child) => child.name === names.seconds)?.constraints;
  const all = spec.parameters.find((each) => each.name === names.total)?.constraints;
  const totals = (all?.enum ?? []).map(Number).sort((a, b) => a - b);
  const lengths = (one?.enum ?? []).map(Number);
  return {
    least: lengths.length ? Math.min(...lengths) : Math.max(1, Math.ceil(one?.min ?? 1)),
    most: lengths.length
      ? Math.max(...lengths)
      : Math.floor(one?.max ?? all?.max ?? totals.at(-1) ?? Number.MAX_SAFE_INTEGER),
    totals,
    count: list?.constraints.max_items ?? Number.POSITIVE_INFINITY,
  };
}

export function secondsOf(shots: Params[], names: ShotNames): number[] {
  return shots.map((shot) => Math.round(Number(shot[names.seconds])) || 0);
}

export const sumOf = (lengths: number[]) => lengths.reduce((sum, each) => sum + each, 0);

/**
 * Lengths that add up to a total, changed as little as can be: second by second, the longest gives
 * and the shortest takes; a shot that is kept, last of all.
 *
 * @returns nothing where no lengths within the bounds add up to it.
 */
export function balanced(
  lengths: number[],
  total: number,
  { least, most }: ShotBounds,
  keep = -1,
): number[] | undefined {
  const next = lengths.map((each) => Math.min(most, Math.max(least, each)));
  if (!next.length || total < least * next.length || total > most * next.length) return undefined;
  for (let left = total - sumOf(next); left; left -= Math.sign(left)) {
    const able = next
      .map((length, index) => ({ length, index }))
      .filter(({ length }) => (left > 0 ? length < most : length > least));
    const others = able.filter(({ index }) => index !== keep);
    const from = (others.length ? others : able).reduce((best, each) =>
      left > 0 === each.length < best.length && each.length !== best.length ? each : best,
    );
    next[from.index] = from.length + Math.sign(left);
  }
  return next;
}

/** Lengths, and what they add up to: another total only where the old one has no room. */
export interface Lengths {
  lengths: number[];
  total: number;
}

/**
 * One more shot at the end: it takes what is left of the total, or else half of the longest.
 *
 * @returns nothing where there may be no more of them.
 */
export function added(lengths: number[], total: number, bounds: ShotBounds): Lengths | undefined {
  if (lengths.length >= bounds.count) return undefined;
  const left = total - sumOf(lengths);
  const longest = Math.max(0, ...lengths);
  const share = left >= bounds.least ? left : Math.floor(longest / 2);
  const next = [...lengths, Math.max(bounds.least, share)];
  return settled(next, total, bounds, next.length - 1);
}

/** One shot as two halves, in its place. */
export function divided(
  lengths: number[],
  index: number,
  total: number,
  bounds: ShotBounds,
): Lengths | undefined {
  const length = lengths[index];
  if (length === undefined || lengths.length >= bounds.count) return undefined;
  const half = Math.floor(length / 2);
  const next = lengths.toSpliced(index, 1, length - half, half);
  return settled(next, total, bounds);
}

/** Without a shot: the one before it, or else the one after it, takes its seconds. */
export function removed(
  lengths: number[],
  index: number,
  total: number,
  bounds: ShotBounds,
): Lengths | undefined {
  const next = lengths.toSpliced(index, 1);
  const heir = Math.max(0, index - 1);
  if (!next.length) return { lengths: next, total };
  next[heir] = (next[heir] ?? 0) + (lengths[index] ?? 0);
  return settled(next, total, bounds);
}

/** A shot of another length, as far as the others have room for it. */
export function resized(
  lengths: number[],
  index: number,
  seconds: number,
  total: number,
  bounds: ShotBounds,
): Lengths | undefined {
  const { least, most } = bounds;
  const others = lengths.length - 1;
  const highest = Math.min(most, total - others * least);
  const lowest = Math.max(least, total - others * most);
  const wanted = Math.min(highest, Math.max(lowest, seconds));
  return settled(lengths.with(index, wanted), total, bounds, index);
}

/** The total where it can be kept, else the nearest one that the lengths can fill. */
function settled(
  lengths: number[],
  total: number,
  bounds: ShotBounds,
  keep = -1,
): Lengths | undefined {
  const nearest = bounds.totals.toSorted((a, b) => Math.abs(a - total) - Math.abs(b - total));
  for (const each of [total, ...nearest]) {
    const next = balanced(lengths, each, bounds, keep);
    if (next) return { lengths: next, total: each };
  }
  return undefined;
}
