import type { Stroke } from "../../lib/labels";
import type { Point } from "../../lib/trajectory";

export type Step =
  | { kind: "stroke"; stroke: Stroke }
  | { kind: "path"; label: number; before: Point[] | undefined; after: Point[] | undefined }
  /** Steps that were taken at once, each of another kind, so that their order does not count. */
  | { kind: "both"; steps: Step[] };

const MOST_STEPS = 200;

/** What was done, and what was undone again. */
export class History {
  private readonly done: Step[] = [];
  private undone: Step[] = [];

  note(step: Step): void {
    this.done.push(step);
    if (this.done.length > MOST_STEPS) this.done.shift();
    this.undone = [];
  }

  /** The step to take back, if there is one. */
  back(): Step | undefined {
    const step = this.done.pop();
    if (step) this.undone.push(step);
    return step;
  }

  /** The step to do again, if there is one. */
  forth(): Step | undefined {
    const step = this.undone.pop();
    if (step) this.done.push(step);
    return step;
  }

  get canUndo() {
    return this.done.length > 0;
  }
  get canRedo() {
    return this.undone.length > 0;
  }
}
