/**
 * Colours of a chart that stay with their names, whatever else is shown beside them.
 *
 * They are those of Okabe and Ito (2008), which people with any colour vision tell apart; their
 * yellow and black, which vanish on paper or at night, are left out. Where names outnumber colours,
 * hatching tells them apart.
 */
const COLOURS = ["#d55e00", "#0a7fbf", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

export const HATCHES = ["solid", "stripes", "dots", "bars"] as const;

export interface Paint {
  colour: string;
  hatch: (typeof HATCHES)[number];
}

export function paintOf(slot: number): Paint {
  const colour = COLOURS[slot % COLOURS.length] as string;
  const hatch = HATCHES[Math.floor(slot / COLOURS.length) % HATCHES.length] ?? "solid";
  return { colour, hatch };
}

/**
 * Slots of a palette by name: names that had one keep it, new ones get the lowest that are free.
 *
 * @param known slots that were given before.
 */
export function slotsOf(names: string[], known: Record<string, number>): Record<string, number> {
  const slots = { ...known };
  const taken = new Set(Object.values(slots));
  let next = 0;
  for (const name of [...names].sort()) {
    if (Object.hasOwn(slots, name)) continue;
    while (taken.has(next)) next++;
    taken.add(next);
    slots[name] = next;
  }
  return slots;
}
