/** Faces that a search has found in a video, and the times of a voice that one of them speaks. */

import type { Json, Params, Spec, Task } from "../api/types";
import { paramsOf } from "./values";

export interface Face {
  id: string;
  /** A link to its picture; empty where that has expired. */
  picture: string;
  /** Milliseconds of the video in which it is seen. */
  start: number;
  end: number;
}

export interface Session {
  id: string;
  faces: Face[];
}

/** What stands in the text of a search for faces; nothing if it is another text. */
export function sessionIn(text: string | undefined): Session | undefined {
  if (!text) return undefined;
  try {
    const told = paramsOf(JSON.parse(text) as Json);
    const { session_id: id, face_data: data } = told;
    if (typeof id !== "string" || !Array.isArray(data)) return undefined;
    return { id, faces: data.map((each) => faceOf(paramsOf(each))) };
  } catch {
    return undefined;
  }
}

function faceOf(told: Params): Face {
  return {
    id: String(told.face_id ?? ""),
    picture: String(told.face_image ?? ""),
    start: Number(told.start_time ?? 0),
    end: Number(told.end_time ?? 0),
  };
}

/** The faces that a task has found, if it has looked for any. */
export function sessionOf(task: Task): Session | undefined {
  const content = task.output?.flatMap((entry) => entry.content) ?? [];
  return sessionIn(content.find((part) => part.type === "text")?.text);
}

/** The model that lets faces speak, and the names of its parameters. */
export interface SpeechNames {
  session: string;
  list: string;
  face: string;
  sound: string;
  start: string;
  end: string;
  insert: string;
}

export function speechNames(spec: Spec): SpeechNames | undefined {
  const session = spec.parameters.find((each) => each.format === "face_session")?.name;
  const rule = spec.rules.find((each) => each.kind === "voice_length");
  const [list, start] = rule?.params?.[0]?.split("[].") ?? [];
  const end = rule?.params?.[1]?.split("[].")[1];
  const fields = spec.parameters.find((each) => each.name === list)?.children ?? [];
  const face = fields.find((each) => each.format === "face")?.name;
  const sound = fields.find((each) => each.format === "audio")?.name;
  // The third time: where in the video the voice begins.
  const insert = fields.find(
    (each) => each.type === "integer" && each.name !== start && each.name !== end,
  )?.name;
  if (!session || !list || !start || !end || !face || !sound || !insert) return undefined;
  return { session, list, face, sound, start, end, insert };
}

/** Milliseconds that a voice lasts at least, and by which its face is seen meanwhile. */
export const LEAST_MS = 2000;

/** A voice's times, in milliseconds; what is not known yet is left out. */
export interface Voice {
  start?: number | undefined;
  end?: number | undefined;
  insert?: number | undefined;
}

export type Lapse = "short" | "beyond" | "unseen";

/**
 * What is wrong with the times of a voice, as far as it is known.
 *
 * @param sound how long the sound is, in milliseconds.
 * @param face who speaks.
 */
export function lapsesOf(voice: Voice, sound: number | undefined, face: Face | undefined): Lapse[] {
  const { start, end, insert } = voice;
  if (start === undefined || end === undefined) return [];
  const found: Lapse[] = [];
  if (end - start < LEAST_MS) found.push("short");
  if (sound !== undefined && end > sound + SLACK_MS) found.push("beyond");
  if (face && insert !== undefined && !found.length) {
    const seen = Math.min(insert + end - start, face.end) - Math.max(insert, face.start);
    if (seen < LEAST_MS) found.push("unseen");
  }
  return found;
}

/** MP3 and AAC come in packets: their ends are not known to the millisecond. */
const SLACK_MS = 50;

/** Times that fit: the whole sound, or as much of it as the face is seen. */
export function fitting(sound: number, face: Face | undefined): Required<Voice> {
  const whole = Math.floor(sound);
  if (!face) return { start: 0, end: whole, insert: 0 };
  return { start: 0, end: Math.min(whole, face.end - face.start), insert: face.start };
}
