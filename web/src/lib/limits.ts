import type { LimitsOf, NewLimits } from "../api/types";

/** What people type as limits; an empty field is no limit. */
export type LimitsDraft = Record<keyof LimitsOf, string>;

/** The limits there are, in the order in which they are asked for, with their English names. */
export const LIMITS: [keyof LimitsOf, string][] = [
  ["requests_per_minute", "Requests a minute"],
  ["unfinished_tasks", "Unfinished tasks"],
  ["queued_tasks", "Waiting tasks"],
  ["daily_spend", "USD a day"],
];

export function draftOf(limits?: LimitsOf): LimitsDraft {
  const draft = {} as LimitsDraft;
  for (const [name] of LIMITS) draft[name] = limits?.[name]?.toString() ?? "";
  return draft;
}

/** For a request: whole numbers, and the amount as text; the server checks both. */
export function limitsOf(draft: LimitsDraft): NewLimits {
  const limits: Record<string, number | string> = {};
  for (const [name] of LIMITS) {
    const text = draft[name].trim();
    // What is no number goes as it is, for the server to refuse: as NaN it would mean no limit.
    const number = name === "daily_spend" ? Number.NaN : Number(text);
    if (text) limits[name] = Number.isNaN(number) ? text : number;
  }
  return limits as NewLimits;
}
