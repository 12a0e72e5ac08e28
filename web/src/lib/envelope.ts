import { useEffect } from "react";
import type { Params, Spec } from "../api/types";
import type { Draft } from "./draft";
import { paramsOf } from "./values";

/** Parameters that a request has put into an object, `data`, as the form has them: side by side. */
export function opened(spec: Spec, params: Params): Params {
  const name = spec.rules.find((rule) => rule.kind === "envelope")?.params?.[0];
  const inside = name ? paramsOf(params[name]) : {};
  const alone = Object.keys(params).length === 1 && Object.keys(inside).length > 0;
  return alone ? inside : params;
}

/** Opens the envelope of a request that was taken over from elsewhere. */
export function useOpened(spec: Spec, draft: Draft): void {
  const { params, replace } = draft;
  useEffect(() => {
    const inside = opened(spec, params);
    if (inside !== params) replace(inside);
  }, [spec, params, replace]);
}
