/** How prompts call what stands in lists: `<<<image_1>>>` is the first picture of `image_list`. */

import type { Params, Spec } from "../api/types";
import { entriesOf } from "./values";

/** What a text of a form can call now. */
export function mentionsFor(spec: Spec, params: Params, path: string): string[] {
  return spec.rules
    .filter((rule) => rule.kind === "calls" && rule.params?.includes(path))
    .flatMap(({ list = "" }) =>
      entriesOf(params[list]).map((_, index) => `<<<${calledIn(list)}_${index + 1}>>>`),
    );
}

/** What an entry of a list is called: "image" of `image_list`. */
export function calledIn(list: string): string {
  return list.replace(/_list$/, "");
}
