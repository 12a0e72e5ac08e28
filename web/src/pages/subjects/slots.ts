/** Where a subject's pictures go, as the spec of the model that makes subjects has it. */

import type { Json, Limits, Params, Spec } from "../../api/types";
import { entriesOf, given, paramsOf } from "../../lib/values";

/** A place for one more picture in a form. */
export interface Slot {
  /** Names the place to people: the name of its parameter. */
  name: string;
  limits: Limits;
  /** The form with a picture there. */
  put: (picture: string) => Params;
}

/**
 * The next places for pictures: of a group, its own pictures first, then those of its lists, as
 * long as they have room.
 */
export function slotsOf(spec: Spec, params: Params): Slot[] {
  const slots: Slot[] = [];
  for (const group of spec.parameters) {
    if (group.type !== "object" || !group.children.some(isPicture)) continue;
    const held = paramsOf(params[group.name]);
    const put = (name: string, value: Json): Params => ({
      ...params,
      ...chosen(spec, group.name),
      [group.name]: { ...held, [name]: value },
    });
    for (const child of group.children) {
      if (isPicture(child) && !given(held[child.name])) {
        const { name, limits = {} } = child;
        slots.push({ name, limits, put: (picture) => put(name, picture) });
      }
      const [one] = child.children;
      const entries = entriesOf(held[child.name]);
      const most = child.constraints.max_items ?? Number.POSITIVE_INFINITY;
      if (child.type !== "array" || !one || !isPicture(one) || entries.length >= most) continue;
      slots.push({
        name: `${child.name} ${entries.length + 1}`,
        limits: one.limits ?? {},
        put: (picture) => put(child.name, [...entries, { [one.name]: picture }]),
      });
    }
  }
  return slots;
}

const isPicture = (parameter: { format?: string | undefined }) => parameter.format === "image";

/** What else has to be said for a group to count: that the subject comes from pictures. */
function chosen(spec: Spec, name: string): Params {
  const rule = spec.rules.find((each) => each.kind === "only_with" && each.params?.includes(name));
  return rule?.other ? { [rule.other]: rule.equals as Json } : {};
}
