/** Values of a form, and what counts where there is none. */

import type { Json, Params, Spec } from "../api/types";

export function given(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "") return false;
  return !Array.isArray(value) || value.length > 0;
}

export function head(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}

/** A parameter's value, or the default that counts where there is none. */
export function effective(spec: Spec, params: Params, name: string): Json | undefined {
  if (given(params[name])) return params[name];
  return spec.parameters.find((p) => p.name === name)?.constraints.default;
}

/** Seconds are texts in a form and numbers in a rule; the server takes either for the same. */
export function same(value: Json | undefined, wanted: Json | undefined): boolean {
  return value !== undefined && value !== null && String(value) === String(wanted);
}

export function paramsOf(value: Json | undefined): Params {
  return value && typeof value === "object" && !Array.isArray(value) ? value : {};
}

export function entriesOf(value: Json | undefined): Params[] {
  return Array.isArray(value) ? value.map(paramsOf) : [];
}
