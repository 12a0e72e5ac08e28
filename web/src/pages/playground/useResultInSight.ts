import { type RefObject, useEffect } from "react";
import { stillness } from "../../parts/stillness";

/** Least share of the window that what is made should have. */
const SEEN = 0.4;

/**
 * Brings the stage into sight when a task was made and it is elsewhere: on a phone it is far from
 * the button.
 *
 * @param made counts the tasks that were made.
 * @param form beside the stage.
 */
export function useResultInSight(made: number, form: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const stage = made ? form.current?.parentElement?.querySelector(".stage") : undefined;
    if (!stage) return;
    const { top, bottom } = stage.getBoundingClientRect();
    const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
    if (seen >= SEEN * innerHeight) return;
    stage.scrollIntoView({ block: "start", behavior: stillness.matches ? "auto" : "smooth" });
  }, [made, form]);
}
