import { type RefObject, useEffect } from "react";
import { bringIntoSight } from "../../lib/intoSight";
import { stillness } from "../../parts/stillness";

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
    return bringIntoSight(stage, !stillness.matches, () => !!stage.querySelector(".task-view"));
  }, [made, form]);
}
