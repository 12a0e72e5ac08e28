/** Models that go together: the one that takes a picture, for one that takes words alone. */

import type { Parameter, Spec } from "../api/types";
import { kindOf } from "./media";

export interface Sibling {
  spec: Spec;
  /** Where its picture goes. */
  picture: Parameter;
}

/** The nearest model for a picture; nothing where a model takes pictures itself. */
export function pictureModelFor(spec: Spec, specs: Spec[]): Sibling | undefined {
  if (!takesWordsAlone(spec)) return undefined;
  const [first] = specs
    .flatMap((each) => {
      const picture = each.parameters.find(({ format }) => format === "image");
      const fits = picture && each.type === "image-to-video";
      return fits ? [{ spec: each, picture }] : [];
    })
    .sort((a, b) => shared(spec, b.spec) - shared(spec, a.spec));
  return first;
}

/** Whether a model makes its videos without any picture, video or sound. */
export function takesWordsAlone(spec: Spec): boolean {
  return !spec.parameters.some(takesMedia);
}

function takesMedia({ format, children }: Parameter): boolean {
  return kindOf(format) !== undefined || children.some(takesMedia);
}

/** Characters with which the ids of two models begin alike. */
function shared(one: Spec, other: Spec): number {
  const [a, b] = [one.model_id, other.model_id];
  let n = 0;
  while (n < a.length && a[n] === b[n]) n += 1;
  return n;
}
