/** What people call a parameter and its values: one table for every model. */

import type { Json, Parameter, Spec } from "../api/types";
import type { Translate } from "../i18n";
import { spoken } from "../parts/names";

interface Said {
  label: string;
  /** Instead of the spec's description, where that speaks to programs. */
  help?: string;
  /** Whether a value says enough without the label: "5 s", "16:9". */
  plain?: boolean;
  unit?: string;
}

/** By the path of a parameter, or else by its name. */
export const SAID: Record<string, Said> = {
  prompt: { label: "Prompt" },
  negative_prompt: { label: "What must not be seen" },
  image: { label: "First picture", help: "The video starts with it." },
  image_tail: { label: "Last picture", help: "The video ends with it." },
  image_url: { label: "Character", help: "One person or figure, and what is around them." },
  video_url: { label: "Video of people", help: "Seen clearly and without cuts." },
  image_list: { label: "Pictures", help: "Who and what appears in the video." },
  "image_list[].image": { label: "Picture", help: "" },
  "image_list[].image_url": { label: "Picture", help: "" },
  "image_list[].type": { label: "Part in the video" },
  video_list: { label: "Video", help: "To be edited, or to take its camera and rhythm from." },
  "video_list[].video_url": { label: "Video file", help: "3 to 10 seconds." },
  refer_type: { label: "What it is for", help: "" },
  keep_original_sound: { label: "Sound of the video", help: "" },
  element_list: { label: "Subjects" },
  element_id: { label: "Subject", help: "" },
  multi_shot: { label: "Several shots", help: "Each with words and seconds of its own." },
  shot_type: { label: "Who plans the shots", help: "" },
  multi_prompt: { label: "Shots", help: "They play in the order in which they stand." },
  index: { label: "Place" },
  duration: { label: "Length", plain: true, unit: "s" },
  aspect_ratio: { label: "Shape", help: "Width to height.", plain: true },
  mode: { label: "Quality", help: "High takes longer.", plain: true },
  sound: { label: "Sound" },
  cfg_scale: { label: "Close to the prompt", help: "Less leaves more freedom." },
  watermark_info: { label: "Copy with a watermark", help: "A second file, beside the clean one." },
  enabled: { label: "Copy with a watermark", help: "" },
  callback_url: { label: "Address to notify", help: "It is told of every change of the task." },
  external_task_id: { label: "Name of your own", help: "The task can be found by it." },
  camera_control: {
    label: "Camera by numbers",
    help: "Instead of words for it in the prompt: one move, by an amount.",
  },
  "camera_control.type": { label: "Kind of move", help: "" },
  config: { label: "Amount", help: "" },
  static_mask: { label: "What must not move", help: "White where it holds." },
  dynamic_masks: { label: "Painted parts", help: "Each moves along a path of its own." },
  mask: { label: "Painted part", help: "" },
  trajectories: { label: "Path", help: "" },
  video_id: { label: "One of your videos", help: "" },
  session_id: { label: "Faces that were found", help: "They can speak for 24 hours." },
  face_choose: { label: "Who speaks, and how", help: "" },
  face_id: { label: "Face", help: "" },
  sound_file: { label: "Voice", help: "2 to 60 seconds of mp3, wav or m4a." },
  sound_start_time: { label: "Voice begins", help: "Where its used part begins." },
  sound_end_time: { label: "Voice ends", help: "Where its used part ends." },
  sound_insert_time: { label: "Speaks from", help: "Where in the video the voice begins." },
  sound_volume: { label: "Loudness of the voice" },
  original_audio_volume: { label: "Loudness of the video" },
  character_orientation: { label: "Faces as in", help: "Whose facing the character keeps." },
  element_name: { label: "Name" },
  element_description: { label: "Description" },
  reference_type: { label: "Made from", help: "" },
  element_image_list: { label: "Pictures of it", help: "" },
  frontal_image: { label: "From the front", help: "" },
  refer_images: { label: "From other sides", help: "One to three pictures." },
  "element_image_list.refer_images[].image_url": { label: "Picture", help: "" },
  element_video_list: { label: "Video of it", help: "" },
  refer_videos: { label: "The video", help: "3 to 8 seconds." },
  "element_video_list.refer_videos[].video_url": { label: "The video", help: "" },
  element_frontal_image: { label: "Front view", help: "Where nothing says what it is made from." },
  element_refer_list: { label: "Other views", help: "Beside the front view." },
  "element_refer_list[].image_url": { label: "Picture", help: "" },
  tag_list: { label: "Tags", help: "Words to find it by." },
  tag_id: { label: "Tag", help: "" },
};

/** Values by "parameter=value", or else by the value. */
export const VALUES: Record<string, string> = {
  std: "Standard",
  pro: "High",
  on: "On",
  off: "Off",
  first_frame: "First picture",
  end_frame: "Last picture",
  customize: "As you write them",
  image_refer: "Pictures",
  video_refer: "A video",
  "character_orientation=image": "The picture",
  "character_orientation=video": "The video",
  "refer_type=base": "Edit it",
  "refer_type=feature": "Take its camera",
  "keep_original_sound=yes": "Kept",
  "keep_original_sound=no": "Left out",
  simple: "Along one axis",
};

const ROOT = "input[0].params.";
const WIRE = /[a-z]_[a-z]|<<<|\bURL\b|base64/;

function saidOf(name: string, path = ""): Said | undefined {
  return SAID[path.replace(ROOT, "")] ?? SAID[name];
}

/** What people call a parameter; "image_list 2" is the second of its entries. */
export function labelOf({ name, path }: { name: string; path?: string }, t: Translate): string {
  const [, list, number] = name.match(/^(.+) (\d+)$/) ?? [];
  const said = saidOf(list ?? name, path);
  const label = t(said?.label ?? spoken(list ?? name));
  return number ? `${label} ${number}` : label;
}

/** What a parameter does, in words without names of parameters; empty where the label says it. */
export function helpOf(parameter: Parameter, t: Translate): string {
  const help = saidOf(parameter.name, parameter.path)?.help;
  if (help !== undefined) return help && t(help);
  return WIRE.test(parameter.description) ? "" : t(parameter.description);
}

/** A value as people say it: "5 s", "High". */
export function sayValue(name: string, value: Json | undefined, t: Translate): string {
  if (typeof value === "boolean") return t(value ? "On" : "Off");
  if (value === undefined || value === null) return "";
  const text = String(value);
  const unit = SAID[name]?.unit;
  const word = VALUES[`${name}=${text}`] ?? VALUES[text];
  if (word) return t(word);
  return unit ? `${text} ${t(unit)}` : /^[a-z_]+$/.test(text) ? t(spoken(text)) : text;
}

/** Whether a value of it says enough by itself. */
export function isPlain(name: string): boolean {
  return SAID[name]?.plain ?? false;
}

/** What a model does; of its names only those that are said with a value: "mode pro". */
export function aboutOf(spec: Spec, t: Translate): string {
  return inPeoplesWords(spec.description, spec, t, (name) => /[ _]/.test(name));
}

/**
 * A sentence of the catalogue with people's words in place of the names in it.
 *
 * @param takes which names, by default all.
 */
export function inPeoplesWords(
  text: string,
  spec: Spec,
  t: Translate,
  takes: (name: string) => boolean = () => true,
): string {
  const names = new Map<string, string>();
  const add = (list: Parameter[]) => {
    for (const parameter of list) {
      const label = t("“{name}”", { name: labelOf(parameter, t) });
      if (!names.has(parameter.name)) names.set(parameter.name, label);
      for (const option of parameter.constraints.enum ?? []) {
        if (sayValue(parameter.name, option, t) !== option)
          names.set(
            `${parameter.name} ${option}`,
            `${label} ${sayValue(parameter.name, option, t)}`,
          );
        if (option.includes("_"))
          names.set(option, t("“{name}”", { name: sayValue(parameter.name, option, t) }));
      }
      add(parameter.children);
    }
  };
  add(spec.parameters);
  const known = [...names.keys()].filter(takes).sort((a, b) => b.length - a.length);
  if (!known.length) return t(text);
  // A name in quotation marks has no article before it.
  const pattern = new RegExp(`(?<![\\w<“])(?:an? )?(${known.join("|")})(?![\\w>”])`, "g");
  return t(text).replace(pattern, (all, name: string) => names.get(name) ?? all);
}
