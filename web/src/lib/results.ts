/** What tasks have made, and which models go on from it. */

import type { Limits, Parameter, Spec, Task } from "../api/types";

/** The link to a task's video, without a watermark; nothing if it has none, or none any more. */
export function videoOf(task: Task): string | undefined {
  const content = task.output?.flatMap((entry) => entry.content) ?? [];
  return content.find((part) => part.type === "video" && !part.watermark)?.url;
}

/** Whether a task's video is one that a parameter takes. */
export function continues(task: Task, limits: Limits | undefined): boolean {
  const { models, max_seconds: most, min_seconds: least = 0 } = limits ?? {};
  const length = Number(task.metadata.duration) || undefined;
  return (
    videoOf(task) !== undefined &&
    (!models || models.includes(task.model)) &&
    (!length || (length <= (most ?? length) && length >= least))
  );
}

/** A model that takes a task's video, and the parameter for it. */
export interface Onward {
  spec: Spec;
  parameter: Parameter;
}

export function onwardFrom(task: Task, specs: Spec[]): Onward[] {
  return specs.flatMap((spec) => {
    const parameter = spec.parameters.find((each) => each.format === "task");
    return parameter && continues(task, parameter.limits) ? [{ spec, parameter }] : [];
  });
}
