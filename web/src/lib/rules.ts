/** The rules of a model as its spec tells them, held against a form before it is sent. */

import type { Json, Parameter, Params, Rule, Spec } from "../api/types";
import { isOneMove } from "./camera";
import { judgeEntries } from "./entryRules";
import { LEAST_MS } from "./faces";
import { effective, entriesOf, given, head, same } from "./values";
import type { Verdict } from "./verdict";

export function judge(spec: Spec, params: Params): Verdict {
  const verdict: Verdict = {
    blocked: {},
    idle: {},
    broken: {},
    required: new Set(),
    problems: [],
  };
  for (const parameter of spec.parameters) {
    if (parameter.required) verdict.required.add(parameter.name);
  }
  for (const rule of spec.rules) {
    const before = verdict.problems.length;
    apply(rule, spec, params, verdict);
    for (const { param } of verdict.problems.slice(before)) note(rule, head(param), verdict);
  }
  for (const name of Object.keys(verdict.idle)) {
    verdict.required.delete(name);
    delete verdict.broken[name];
  }
  verdict.problems = verdict.problems.filter(({ param }) => !verdict.idle[head(param)]);
  for (const parameter of spec.parameters) {
    if (verdict.idle[parameter.name]) continue;
    if (verdict.required.has(parameter.name) && !given(params[parameter.name])) {
      verdict.problems.push({ param: parameter.name, message: "required" });
    }
    lengths(parameter, params[parameter.name], parameter.name, verdict);
  }
  return verdict;
}

/** Kinds of rules that fields show by themselves, or that say no more than that one is required. */
const SHOWN = new Set(["only_with", "excludes", "adds_up", "at_least_one", "voice_length"]);

/** Keeps a broken rule for its parameter. */
function note(rule: Rule, name: string, verdict: Verdict): void {
  if (SHOWN.has(rule.kind)) return;
  const known = verdict.broken[name] ?? [];
  if (!known.includes(rule)) verdict.broken[name] = [...known, rule];
}

function apply(rule: Rule, spec: Spec, params: Params, verdict: Verdict): void {
  const names = (rule.params ?? []).map(head);
  const other = rule.other ? effective(spec, params, rule.other) : undefined;
  const complain = (param: string) => verdict.problems.push({ param, message: rule.message });
  switch (rule.kind) {
    case "only_with":
      if (other !== undefined && !same(other, rule.equals)) {
        for (const name of names) {
          verdict.blocked[name] ??= rule;
          if (given(params[name])) complain(name);
        }
      }
      break;
    case "required_with":
      if (same(other, rule.equals)) for (const name of names) verdict.required.add(name);
      break;
    case "ignored_with":
      if (same(other, rule.equals)) for (const name of names) verdict.idle[name] = rule;
      break;
    case "excludes":
      exclude(rule, params, verdict);
      break;
    case "at_least_one":
      if (!names.some((name) => given(params[name])) && names[0]) complain(names[0]);
      break;
    case "must_be":
      if (same(other, rule.equals)) {
        for (const name of names) {
          const chosen = effective(spec, params, name);
          if (chosen !== undefined && !same(chosen, rule.value)) complain(name);
        }
      }
      break;
    case "together":
      if (names.some((name) => given(params[name]))) {
        for (const name of names) {
          verdict.required.add(name);
          if (!given(params[name])) note(rule, name, verdict);
        }
      }
      break;
    case "adds_up":
      addUp(rule, spec, params, verdict);
      break;
    case "one_axis":
      for (const name of names) if (!isOneMove(params[name])) complain(name);
      break;
    case "voice_length":
      voices(rule, params).forEach(complain);
      break;
    default:
      judgeEntries(rule, spec, params, verdict);
  }
}

function exclude(rule: Rule, params: Params, verdict: Verdict): void {
  const first = (rule.first ?? []).filter((name) => given(params[name]));
  const second = (rule.second ?? []).filter((name) => given(params[name]));
  if (first.length) for (const name of rule.second ?? []) verdict.blocked[name] ??= rule;
  if (second.length) for (const name of rule.first ?? []) verdict.blocked[name] ??= rule;
  if (first[0] && second.length) {
    verdict.problems.push({ param: first[0], message: rule.message });
  }
}

function addUp(rule: Rule, spec: Spec, params: Params, verdict: Verdict): void {
  const path = rule.params?.[0] ?? "";
  const name = head(path);
  const field = path.split(".").at(-1) ?? "";
  if (verdict.idle[name] || !rule.total) return;
  const sum = total(params[name], field);
  const wanted = Number(effective(spec, params, rule.total));
  if (sum !== undefined && sum !== wanted) {
    verdict.problems.push({ param: name, message: rule.message });
  }
}

/** The sum of a field over the entries of a list; nothing where there are no entries. */
export function total(list: Json | undefined, field: string): number | undefined {
  if (!Array.isArray(list) || !list.length) return undefined;
  return list.reduce<number>((sum, entry) => {
    const value = entry && typeof entry === "object" && !Array.isArray(entry) ? entry[field] : 0;
    return sum + Number(value ?? 0);
  }, 0);
}

/** Where a part of a sound is used that is too short. */
function voices(rule: Rule, params: Params): string[] {
  const [list = "", start = ""] = rule.params?.[0]?.split("[].") ?? [];
  const end = rule.params?.[1]?.split("[].")[1] ?? "";
  return entriesOf(params[list]).flatMap((entry, index) =>
    typeof entry[start] === "number" &&
    typeof entry[end] === "number" &&
    entry[end] - entry[start] < LEAST_MS
      ? [`${list}[${index}].${end}`]
      : [],
  );
}

/** Lengths count characters, not the halves that JavaScript counts. */
export function characters(text: string): number {
  return [...text].length;
}

function lengths(parameter: Parameter, value: Json | undefined, path: string, verdict: Verdict) {
  if (!given(value)) return;
  const { max_length, min, max } = parameter.constraints;
  if (typeof value === "string" && max_length && characters(value) > max_length) {
    verdict.problems.push({ param: path, message: "too long" });
  }
  if (typeof value === "number" && ((min ?? value) > value || (max ?? value) < value)) {
    verdict.problems.push({ param: path, message: "out of range" });
  }
  if (Array.isArray(value)) {
    value.forEach((entry, index) => {
      for (const child of parameter.children) {
        inside(child, entry, `${path}[${index}].${child.name}`, verdict);
      }
    });
  } else if (value && typeof value === "object") {
    for (const child of parameter.children) {
      inside(child, value, `${path}.${child.name}`, verdict);
    }
  }
}

function inside(child: Parameter, holder: Json, path: string, verdict: Verdict): void {
  if (!holder || typeof holder !== "object" || Array.isArray(holder)) return;
  const value = holder[child.name];
  if (child.required && !given(value)) {
    verdict.problems.push({ param: path, message: "required" });
  }
  lengths(child, value, path, verdict);
}
