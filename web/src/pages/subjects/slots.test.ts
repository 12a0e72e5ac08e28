import { expect, test } from "vitest";
import type { Spec } from "../../api/types";
import { slotsOf } from "./slots";

const picture = (name: string) => ({
  name,
  type: "string",
  format: "image",
  constraints: {},
  limits: { min_side: 300 },
  children: [],
});

const SPEC = {
  parameters: [
    { name: "called", type: "string", constraints: {}, children: [] },
    {
      name: "pictures",
      type: "object",
      constraints: {},
      children: [
        picture("front"),
        { name: "more", type: "array", constraints: { max_items: 2 }, children: [picture("url")] },
      ],
    },
  ],
  rules: [
    { kind: "only_with", params: ["pictures"], other: "from", equals: "pictures", message: "" },
  ],
} as unknown as Spec;

test("pictures go to the front first, then to the list, up to its most", () => {
  let params = { called: "Ada" };
  for (const name of ["front", "more 1", "more 2"]) {
    const [slot] = slotsOf(SPEC, params);
    expect(slot?.name).toBe(name);
    expect(slot?.limits.min_side).toBe(300);
    params = slot?.put(`‹${name}›`) as typeof params;
  }
  expect(params).toEqual({
    called: "Ada",
    from: "pictures",
    pictures: { front: "‹front›", more: [{ url: "‹more 1›" }, { url: "‹more 2›" }] },
  });
  expect(slotsOf(SPEC, params)).toEqual([]);
});
