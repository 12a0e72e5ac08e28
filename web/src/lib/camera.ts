/** A camera that moves by numbers: along one axis, or in one of the moves that have a name. */

import type { Json, Params } from "../api/types";
import { paramsOf } from "./values";

/** The type whose numbers stand in `config`; the other types have none. */
export const SIMPLE = "simple";

/** The numbers of a camera control that are not 0, by their axes. */
export function movesOf(value: Json | undefined): [string, number][] {
  const config = paramsOf(paramsOf(value).config);
  return Object.entries(config).filter(
    (entry): entry is [string, number] => Number(entry[1]) !== 0,
  );
}

/** Whether a control says one thing that the camera can do; nothing is fine as well. */
export function isOneMove(value: Json | undefined): boolean {
  const control = paramsOf(value);
  if (!Object.keys(control).length) return true;
  const moves = movesOf(value).length;
  return control.type === SIMPLE ? moves === 1 : !!control.type && moves === 0;
}

/** A move along one axis; none at all where it is 0. */
export function along(axis: string, amount: number): Params | undefined {
  return amount ? { type: SIMPLE, config: { [axis]: amount } } : undefined;
}
