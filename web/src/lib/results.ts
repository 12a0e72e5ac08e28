/** What tasks have made, and which models go on from it. */

import type { Limits, Parameter, Params, Spec, Task } from "../api/types";
import { breaches, type Held } from "./media";

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

/** The parameter of a model that begins its video with a picture. */
export function firstPicture(spec: Spec): Parameter | undefined {
  if (spec.type !== "image-to-video") return undefined;
  return spec.parameters.find((each) => each.format === "image");
}

/**
 * The model that goes on from a picture of a task: its own if that takes one, or else the one that
 * is called most like it, the newest of several.
 */
export function pictureModel(task: Task, specs: Spec[]): Onward | undefined {
  let best: Onward | undefined;
  let most = -1;
  for (const spec of specs) {
    const parameter = firstPicture(spec);
    const like = spec.model_id === task.model ? Infinity : common(spec.model_id, task.model);
    if (!parameter || like < most) continue;
    best = { spec, parameter };
    most = like;
  }
  return best;
}

/** How many letters two names begin with alike. */
function common(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

/** The model whose character moves as the person in a video, if it takes that video. */
export function drivenModel(video: Held, specs: Spec[]): Onward | undefined {
  for (const spec of specs) {
    const name = spec.rules.find((rule) => rule.kind === "longest_by")?.params?.[0];
    const parameter = spec.parameters.find((each) => each.name === name);
    if (parameter?.format === "video" && !breaches(video, parameter.limits).length)
      return { spec, parameter };
  }
  return undefined;
}

/** What a task made, as a video that a form can hold; its link says until when. */
export function heldVideo(task: Task): Held | undefined {
  const url = videoOf(task);
  if (!url) return undefined;
  const { width, height, duration, fps } = task.metadata;
  const until = Number(new URL(url, "http://localhost").searchParams.get("expires")) * 1000;
  return {
    name: `kirin-${task.id.slice(0, 8)}.mp4`,
    type: "video",
    width: Number(width) || 0,
    height: Number(height) || 0,
    ...(duration ? { seconds: Number(duration) } : {}),
    ...(fps ? { fps: Number(fps) } : {}),
    link: { url, until },
  };
}

/**
 * The beginning of a subject that is made of pictures.
 *
 * @param token of the picture; it is the subject from the front and, until there are others, also
 *   from the side.
 */
export function subjectFrom(spec: Spec, token: string): Params | undefined {
  if (spec.type !== "element") return undefined;
  const shows = (parameter: Parameter) => parameter.format === "image";
  const group = spec.parameters.find((each) => each.type === "object" && each.children.some(shows));
  const front = group?.children.find(shows);
  if (!group || !front) return undefined;
  const sides = group.children.find((each) => each.children.some(shows));
  const side = sides?.children.find(shows);
  const kind = spec.rules.find(
    (rule) => rule.kind === "only_with" && rule.params?.includes(group.name),
  );
  return {
    ...(kind?.other ? { [kind.other]: kind.equals ?? null } : {}),
    [group.name]: {
      [front.name]: token,
      ...(sides && side ? { [sides.name]: [{ [side.name]: token }] } : {}),
    },
  };
}
