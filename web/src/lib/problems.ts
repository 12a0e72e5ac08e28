/** What the server refused of a request, and what of it still stands. */

import type { Json, Parameter, Params, Spec } from "../api/types";
import { head } from "./values";

/** One thing that was refused: of a parameter, or under "" of the request as a whole. */
export interface Refused {
  param: string;
  code: string;
  message: string;
}

/** The parameter at a JSON path such as "image_list[1].image". */
export function parameterAt(spec: Spec, path: string): Parameter | undefined {
  let list = spec.parameters;
  let found: Parameter | undefined;
  for (const name of path.replaceAll(/\[\d+\]/g, "").split(".")) {
    found = list.find((each) => each.name === name);
    if (!found) return undefined;
    list = found.children;
  }
  return found;
}

/** The value at a JSON path. */
export function valueAt(params: Params, path: string): Json | undefined {
  let value: Json | undefined = params;
  for (const part of path.split(/[.[]/).map((each) => each.replace("]", ""))) {
    if (!value || typeof value !== "object") return undefined;
    value = Array.isArray(value) ? value[Number(part)] : value[part];
  }
  return value;
}

/** Names of the parameters that could mend a problem: its own, and those that its rule names. */
export function concerned(problem: Refused, spec: Spec): string[] {
  const own = head(problem.param);
  const rule = spec.rules.find((each) => problem.message.startsWith(each.message));
  const words = new Set(rule?.message.match(/\w+/g));
  const named = spec.parameters.map(({ name }) => name).filter((name) => words.has(name));
  return own ? [...new Set([own, ...named])] : [];
}

/**
 * The problems that nobody has begun to mend: none of the parameters that they concern is another
 * than when the request was sent.
 *
 * @param sent parameters of the request.
 * @param now parameters of the form.
 */
export function standing(problems: Refused[], spec: Spec, sent: Params, now: Params): Refused[] {
  const edited = (name: string) => JSON.stringify(sent[name]) !== JSON.stringify(now[name]);
  const names = [...new Set([...Object.keys(sent), ...Object.keys(now)])];
  const any = names.some(edited);
  return problems.filter((problem) => {
    const concerns = concerned(problem, spec);
    if (!concerns.length) return !any;
    const own = valueAt(sent, problem.param);
    const mended = JSON.stringify(own) !== JSON.stringify(valueAt(now, problem.param));
    return !mended && !concerns.some((name) => name !== head(problem.param) && edited(name));
  });
}
