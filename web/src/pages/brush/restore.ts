import type { Json, Params } from "../../api/types";
import { Labels, STATIC } from "../../lib/labels";
import { ownLink } from "../../lib/links";
import { type Files, isUrl } from "../../lib/media";
import { fromWire, type Paths, type Point } from "../../lib/trajectory";
import type { Names } from "./draft";
import type { Easel } from "./Easel";

const HALF = 128;

/**
 * Puts the masks and paths of the form on the easel: those of a task that is asked for again.
 *
 * @returns whether there were any that can be read here.
 */
export async function restore(
  easel: Easel,
  names: Names,
  params: Params,
  files: Files,
): Promise<boolean> {
  const { width, height } = easel;
  const labels = new Labels(width, height);
  const paths: Paths = {};
  const list = params[names.list];
  const moving = (Array.isArray(list) ? list : []) as Params[];
  const masks: [number, Json | undefined][] = moving.map((each, i) => [i + 1, each[names.mask]]);
  if (names.still) masks.push([STATIC, params[names.still]]);
  for (const [label, value] of masks) {
    const picture = typeof value === "string" ? await open(value, files) : undefined;
    if (picture) paint(labels, label, await createImageBitmap(picture));
  }
  moving.forEach((each, i) => {
    const path = each[names.path];
    if (Array.isArray(path)) paths[i + 1] = fromWire(path as unknown as Point[], height);
  });
  if (!labels.used().size) return false;
  easel.load(labels, paths);
  return true;
}

/** A mask that is here, or that this server keeps. */
async function open(value: string, files: Files): Promise<Blob | undefined> {
  const blob = files[value]?.blob;
  if (blob || !isUrl(value)) return blob;
  const path = ownLink(value);
  if (path === value) return undefined;
  const answer = await fetch(path);
  return answer.ok ? answer.blob() : undefined;
}

function paint(labels: Labels, label: number, mask: ImageBitmap): void {
  const { width, height, data } = labels;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return;
  pen.imageSmoothingEnabled = false;
  pen.drawImage(mask, 0, 0, width, height);
  const pixels = pen.getImageData(0, 0, width, height).data;
  for (let i = 0; i < data.length; i++) {
    if ((pixels[4 * i] as number) >= HALF) data[i] = label;
  }
}
