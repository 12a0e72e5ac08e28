/** Rules about what the entries of lists hold, held against a form. */

import type { Json, Params, Rule, Spec } from "../api/types";
import { calledIn } from "./mentions";
import { effective, entriesOf, given, head, same } from "./values";
import type { Verdict } from "./verdict";

type Given = NonNullable<Rule["given"]>;

/** Where a form holds something, as JSON paths. */
export function places(what: Given | undefined, spec: Spec, params: Params): string[] {
  if (!what) return [];
  const [list = "", field] = what.param.split("[].");
  if (field) {
    const preset = presetOf(spec, list, field);
    return entriesOf(params[list]).flatMap((entry, index) =>
      same(given(entry[field]) ? entry[field] : preset, what.equals)
        ? [`${list}[${index}].${field}`]
        : [],
    );
  }
  const held =
    what.equals === undefined
      ? given(params[list])
      : same(effective(spec, params, list), what.equals);
  return held ? [list] : [];
}

/** Adds what a rule of this kind complains of. */
export function judgeEntries(rule: Rule, spec: Spec, params: Params, verdict: Verdict): void {
  const complain = (param: string) => verdict.problems.push({ param, message: rule.message });
  const where = places(rule.given, spec, params);
  const [first = ""] = rule.params ?? [];
  switch (rule.kind) {
    case "one_of_fields":
      oneOf(rule, params).forEach(complain);
      break;
    case "at_most_once":
      where.slice(1).forEach(complain);
      break;
    case "needs":
      if (!places(rule.needs, spec, params).length) where.forEach(complain);
      break;
    case "clashes":
      if (places(rule.against, spec, params).length) where.forEach(complain);
      break;
    case "at_most_entries":
      if ((!rule.given || where.length) && count(rule, params) > (rule.most ?? 0)) complain(first);
      break;
    case "required_unless":
      if (!rule.unless?.some((each) => places(each, spec, params).length)) {
        verdict.required.add(first);
      }
      break;
    case "seconds_at_most":
      if (where.length && Number(effective(spec, params, first)) > (rule.most ?? 0)) {
        complain(first);
      }
      break;
    case "ignored_where":
      if (where.length) for (const name of rule.params ?? []) verdict.idle[name] ??= rule;
      break;
    case "distinct":
      if (repeats(first, params)) complain(head(first));
      break;
    case "calls":
      for (const path of rule.params ?? []) uncalled(rule, path, params).forEach(complain);
      break;
  }
}

function presetOf(spec: Spec, list: string, field: string): Json | undefined {
  const parameter = spec.parameters.find((each) => each.name === list);
  return parameter?.children.find((child) => child.name === field)?.constraints.default;
}

/** Entries without any of several fields, or with more than one. */
function oneOf(rule: Rule, params: Params): string[] {
  const fields = (rule.params ?? []).map((path) => path.split("[].")[1] ?? "");
  const list = head(rule.params?.[0] ?? "");
  return entriesOf(params[list]).flatMap((entry, index) =>
    fields.filter((field) => given(entry[field])).length === 1
      ? []
      : [`${list}[${index}].${fields[0]}`],
  );
}

function count(rule: Rule, params: Params): number {
  return (rule.params ?? []).reduce((sum, name) => sum + entriesOf(params[name]).length, 0);
}

function repeats(path: string, params: Params): boolean {
  const [list = "", field = ""] = path.split("[].");
  const values = entriesOf(params[list]).map((entry) => String(entry[field]));
  return new Set(values).size < values.length;
}

/** Texts that call an entry that a list does not have: `<<<image_3>>>` beside two pictures. */
function uncalled(rule: Rule, path: string, params: Params): string[] {
  const list = rule.list ?? "";
  const most = entriesOf(params[list]).length;
  const mention = new RegExp(`<<<${calledIn(list)}_(\\d+)>>>`, "g");
  const wrong = (text: Json | undefined) =>
    typeof text === "string" &&
    [...text.matchAll(mention)].some(([, number]) => Number(number) < 1 || Number(number) > most);
  const [name = "", field] = path.split("[].");
  if (!field) return wrong(params[name]) ? [name] : [];
  return entriesOf(params[name]).flatMap((entry, index) =>
    wrong(entry[field]) ? [`${name}[${index}].${field}`] : [],
  );
}
