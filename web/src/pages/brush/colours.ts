import { STATIC } from "../../lib/labels";

/** Of each label, red green blue: apart from each other for the colour-blind too (Okabe, Ito). */
export const COLOURS: Record<number, [number, number, number]> = {
  1: [230, 159, 0],
  2: [86, 180, 233],
  3: [0, 190, 125],
  4: [240, 228, 66],
  5: [213, 94, 30],
  6: [214, 130, 190],
  [STATIC]: [200, 200, 210],
};

export function css(label: number, alpha = 1): string {
  const [r, g, b] = COLOURS[label] ?? [0, 0, 0];
  return `rgb(${r} ${g} ${b} / ${alpha})`;
}
