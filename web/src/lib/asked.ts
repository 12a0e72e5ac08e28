/** What the request of a task tells of a video that is not there yet. */

import type { Json, Params, Task } from "../api/types";

/** Parameters whose picture a video begins with, or shows. */
const PICTURES = ["image", "image_url", "image_list"];

/** Where the picture is that a video begins with, if the request has one. */
export function firstPicture(params: Params): string | undefined {
  for (const name of PICTURES) {
    const url = address(params[name]);
    if (url) return url;
  }
  return undefined;
}

/** The first address in a value. */
function address(value: Json | undefined): string | undefined {
  if (typeof value === "string") return /^https?:\/\//.test(value) ? value : undefined;
  if (Array.isArray(value)) return value.map(address).find(Boolean);
  if (value && typeof value === "object")
    return PICTURES.map((n) => address(value[n])).find(Boolean);
  return undefined;
}

/** Width by height of a task's video, as far as the task or its request says it. */
export function shapeOf(task: Task, params: Params = {}): number | undefined {
  const { width, height } = task.metadata;
  if (Number(width) > 0 && Number(height) > 0) return Number(width) / Number(height);
  const [, across, down] = /^(\d+):(\d+)$/.exec(String(params.aspect_ratio ?? "")) ?? [];
  return Number(across) > 0 && Number(down) > 0 ? Number(across) / Number(down) : undefined;
}
