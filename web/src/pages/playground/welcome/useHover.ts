import { useState } from "react";
import { stillness } from "../../../parts/stillness";

/** Whether somebody points at an element or has reached it by keys, and wants to see it move. */
export function useHover() {
  const [active, setActive] = useState(false);
  const begin = () => setActive(!stillness.matches);
  const end = () => setActive(false);
  return {
    active,
    // A finger that taps an element does not point at it.
    onPointerEnter: (event: { pointerType: string }) => event.pointerType === "mouse" && begin(),
    onPointerLeave: end,
    onFocus: (event: { currentTarget: Element }) =>
      event.currentTarget.matches(":focus-visible") && begin(),
    onBlur: end,
  };
}
