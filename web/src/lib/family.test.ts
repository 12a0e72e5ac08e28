import { expect, test } from "vitest";
import type { Params, Spec, Task } from "../api/types";
import { along, isOneMove } from "./camera";
import { opened } from "./envelope";
import { type Face, fitting, lapsesOf, sessionIn } from "./faces";
import { mentionsFor } from "./mentions";
import { continues } from "./results";
import { judge } from "./rules";

const parameter = (name: string, more: object = {}) => ({
  name,
  path: name,
  type: "string" as const,
  required: false,
  description: "",
  constraints: {},
  example: null,
  children: [],
  ...more,
});

const specOf = (parameters: object[], rules: object[]) =>
  ({
    parameters,
    rules: rules.map((rule) => ({ rules: [], ...rule })),
  }) as unknown as Spec;

const complaints = (spec: Spec, params: object) =>
  judge(spec, params as Params).problems.map(({ param, message }) => `${param}: ${message}`);

test("a camera moves along one axis, or has a move with a name", () => {
  expect(along("pan", -3)).toEqual({ type: "simple", config: { pan: -3 } });
  expect(along("pan", 0)).toBeUndefined();
  expect(isOneMove(undefined)).toBe(true);
  expect(isOneMove({ type: "simple", config: { pan: 0, zoom: 2 } })).toBe(true);
  expect(isOneMove({ type: "simple", config: { pan: 1, zoom: 2 } })).toBe(false);
  expect(isOneMove({ type: "simple" })).toBe(false);
  expect(isOneMove({ type: "forward_up" })).toBe(true);
  expect(isOneMove({ type: "forward_up", config: { pan: 1 } })).toBe(false);
  expect(isOneMove({ config: { pan: 1 } })).toBe(false);
});

test("a value that another parameter demands can be set by a click", () => {
  const spec = specOf(
    [
      parameter("sound", { constraints: { default: "off", enum: ["on", "off"] } }),
      parameter("mode", { constraints: { default: "std", enum: ["std", "pro"] } }),
    ],
    [
      {
        kind: "must_be",
        params: ["mode"],
        other: "sound",
        equals: "on",
        value: "pro",
        message: "pro",
      },
    ],
  );
  expect(judge(spec, {}).broken).toEqual({});
  expect(judge(spec, { sound: "on" }).broken.mode?.map((rule) => rule.value)).toEqual(["pro"]);
  expect(judge(spec, { sound: "on", mode: "pro" }).broken).toEqual({});
});

test("what goes together is missed where the other is", () => {
  const spec = specOf(
    [parameter("front"), parameter("sides")],
    [{ kind: "together", params: ["front", "sides"], message: "both" }],
  );
  expect(judge(spec, {}).broken).toEqual({});
  expect(Object.keys(judge(spec, { front: "a" }).broken)).toEqual(["sides"]);
  expect(complaints(spec, { front: "a" })).toEqual(["sides: required"]);
  expect(complaints(spec, { front: "a", sides: "b" })).toEqual([]);
});

const FIRST = { param: "image_list[].type", equals: "first_frame" };
const END = { param: "image_list[].type", equals: "end_frame" };
const BASE = { param: "video_list[].refer_type", equals: "base" };

const omni = specOf(
  [
    parameter("prompt", { required: true }),
    parameter("image_list", {
      type: "array",
      children: [parameter("image_url"), parameter("image"), parameter("type")],
    }),
    parameter("video_list", {
      type: "array",
      children: [
        parameter("video_url"),
        parameter("refer_type", { constraints: { default: "base" } }),
      ],
    }),
    parameter("aspect_ratio"),
    parameter("duration", { constraints: { default: "5" } }),
  ],
  [
    {
      kind: "one_of_fields",
      params: ["image_list[].image_url", "image_list[].image"],
      message: "one field",
    },
    { kind: "at_most_once", given: END, message: "one end" },
    { kind: "needs", given: END, needs: FIRST, message: "needs first" },
    { kind: "at_most_entries", params: ["image_list"], most: 2, given: END, message: "two" },
    { kind: "clashes", given: FIRST, against: BASE, message: "no first" },
    {
      kind: "seconds_at_most",
      params: ["duration"],
      most: 10,
      given: { param: "video_list" },
      message: "ten",
    },
    { kind: "calls", params: ["prompt"], list: "image_list", message: "calls" },
    {
      kind: "required_unless",
      params: ["aspect_ratio"],
      unless: [FIRST, { param: "video_list" }],
      message: "shape",
    },
    { kind: "ignored_where", params: ["duration"], given: BASE, message: "own length" },
  ],
);

test("rules about entries of lists show before they bite", () => {
  const shape = { prompt: "a", aspect_ratio: "1:1" };
  const picture = (type?: string) => ({ image_url: "u", ...(type ? { type } : {}) });
  const pictures = (...types: (string | undefined)[]) => ({
    ...shape,
    image_list: types.map(picture),
  });
  const video = (refer_type?: string) => [
    { video_url: "v", ...(refer_type ? { refer_type } : {}) },
  ];
  expect(complaints(omni, { prompt: "a" })).toEqual(["aspect_ratio: required"]);
  expect(complaints(omni, { prompt: "a", video_list: video() })).toEqual([]);
  expect(complaints(omni, pictures("first_frame", "end_frame"))).toEqual([]);
  expect(complaints(omni, pictures("end_frame"))).toEqual(["image_list[0].type: needs first"]);
  expect(complaints(omni, pictures("first_frame", "end_frame", undefined))).toEqual([
    "image_list: two",
  ]);
  expect(complaints(omni, pictures("first_frame", "end_frame", "end_frame"))).toEqual([
    "image_list[2].type: one end",
    "image_list: two",
  ]);
  expect(complaints(omni, { ...shape, image_list: [{}] })).toEqual([
    "image_list[0].image_url: one field",
  ]);
  expect(complaints(omni, { ...shape, image_list: [{ image: "b" }] })).toEqual([]);
  // What stands as a default counts as well.
  const edited = { ...pictures("first_frame"), video_list: video() };
  expect(complaints(omni, edited)).toEqual(["image_list[0].type: no first"]);
  expect(complaints(omni, { ...edited, video_list: video("feature") })).toEqual([]);
  expect(Object.keys(judge(omni, edited as Params).idle)).toEqual(["duration"]);
  const long = { ...shape, duration: "11", video_list: video("feature") };
  expect(complaints(omni, long)).toEqual(["duration: ten"]);
  expect(complaints(omni, { ...long, duration: "10" })).toEqual([]);
  expect(complaints(omni, { ...long, video_list: video() })).toEqual([]);
});

test("prompts call what is there, and nothing else", () => {
  const params = { prompt: "<<<image_2>>>", aspect_ratio: "1:1", image_list: [{ image: "b" }] };
  expect(mentionsFor(omni, params, "prompt")).toEqual(["<<<image_1>>>"]);
  expect(complaints(omni, params)).toEqual(["prompt: calls"]);
  expect(complaints(omni, { ...params, prompt: "<<<image_1>>>" })).toEqual([]);
});

test("an envelope is opened where it stands alone", () => {
  const spec = specOf([parameter("image")], [{ kind: "envelope", params: ["data"], message: "" }]);
  expect(opened(spec, { data: { image: "a" } })).toEqual({ image: "a" });
  const flat = { image: "a" };
  expect(opened(spec, flat)).toBe(flat);
  const other = { data: { image: "a" } };
  expect(opened(omni, other)).toBe(other);
});

const face: Face = { id: "1", picture: "", start: 1000, end: 6000 };

test("the faces of a search are read from its text", () => {
  const data = [{ face_id: "1", face_image: "", start_time: 1000, end_time: 6000 }];
  expect(sessionIn(JSON.stringify({ session_id: "s", face_data: data }))).toEqual({
    id: "s",
    faces: [face],
  });
  for (const text of [undefined, "", "hello", "[]", '{"session_id": 1}']) {
    expect(sessionIn(text)).toBeUndefined();
  }
});

test("a voice lasts, lies within its sound, and its face is seen", () => {
  expect(lapsesOf({}, 3000, face)).toEqual([]);
  expect(lapsesOf({ start: 0, end: 1999, insert: 1000 }, 3000, face)).toEqual(["short"]);
  expect(lapsesOf({ start: 0, end: 2000, insert: 1000 }, 3000, face)).toEqual([]);
  expect(lapsesOf({ start: 0, end: 3051, insert: 1000 }, 3000, face)).toEqual(["beyond"]);
  expect(lapsesOf({ start: 0, end: 3000, insert: 4000 }, 3000, face)).toEqual([]);
  expect(lapsesOf({ start: 0, end: 3000, insert: 4001 }, 3000, face)).toEqual(["unseen"]);
  expect(fitting(9000, face)).toEqual({ start: 0, end: 5000, insert: 1000 });
  expect(fitting(3500.7, face)).toEqual({ start: 0, end: 3500, insert: 1000 });
});

test("a video is offered where its model and length apply", () => {
  const task = {
    model: "kirin_v1_t2v",
    metadata: { duration: 5 },
    output: [{ content: [{ type: "video", url: "/files/a" }] }],
  } as unknown as Task;
  expect(continues(task, undefined)).toBe(true);
  expect(continues(task, { models: ["kirin_v1_t2v"], max_seconds: 5 })).toBe(true);
  expect(continues(task, { max_seconds: 4 })).toBe(false);
  expect(continues(task, { models: ["kirin_v3_t2v"] })).toBe(false);
  expect(continues({ ...task, output: [] } as unknown as Task, undefined)).toBe(false);
});
