import { resolveObjectURL } from "node:buffer";
import { inflateSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import type { Spec } from "../api/types";
import { releaseBlobUrl } from "./blobUrl";
import { Labels, STATIC } from "./labels";
import { breaches } from "./media";
import { greyPng } from "./png";
import { curlOf, pythonOf } from "./request";
import { judge } from "./rules";
import { evenly, moved } from "./shots";
import { pointAt, simplify, toWire } from "./trajectory";

test("a round brush covers the pixels whose centres it covers, and undo takes them back", () => {
  const labels = new Labels(300, 200);
  labels.line(50, 50, 150, 50, 10, 3);
  const stroke = labels.finish();
  for (let y = 0; y < 200; y++) {
    for (let x = 0; x < 300; x++) {
      const along = Math.min(150, Math.max(50, x + 0.5));
      const inside = Math.hypot(x + 0.5 - along, y + 0.5 - 50) <= 10;
      expect(labels.data[y * 300 + x]).toBe(inside ? 3 : 0);
    }
  }
  expect(labels.used()).toEqual(new Set([3]));
  labels.restore(stroke?.before ?? new Map());
  expect(labels.used().size).toBe(0);
  labels.restore(stroke?.after ?? new Map());
  expect(labels.mask(3)[50 * 300 + 100]).toBe(255);
  labels.line(-50, -50, -40, -40, 5, STATIC);
  expect(labels.finish()).toBeNull();
});

test("a mask is a grey PNG of nothing but 0 and 255", async () => {
  const pixels = Uint8Array.from({ length: 12 }, (_, i) => (i % 3 ? 255 : 0));
  const bytes = new Uint8Array(await (await greyPng(pixels, 4, 3)).arrayBuffer());
  const view = new DataView(bytes.buffer);
  expect([view.getUint32(16), view.getUint32(20), bytes[24], bytes[25]]).toEqual([4, 3, 8, 0]);
  const rows = inflateSync(bytes.subarray(41, 41 + view.getUint32(33)));
  expect([...rows]).toEqual([0, 1, 2].flatMap((y) => [0, ...pixels.subarray(y * 4, y * 4 + 4)]));
});

test("a path keeps its ends and shape with no more than 77 points", () => {
  const circle = Array.from({ length: 2000 }, (_, i) => ({
    x: 500 + 300 * Math.cos(i / 300),
    y: 500 + 300 * Math.sin(i / 300),
  }));
  const few = simplify(circle, 0);
  expect(few.length).toBeLessThanOrEqual(77);
  expect(few.length).toBeGreaterThan(30);
  expect([few[0], few.at(-1)]).toEqual([circle[0], circle.at(-1)]);
  for (const p of few) expect(Math.hypot(p.x - 500, p.y - 500)).toBeCloseTo(300, 6);
});

test("points go over the wire from the bottom left, and stay on the picture", () => {
  expect(
    toWire(
      [
        { x: 10.04, y: 20 },
        { x: -5, y: 900 },
      ],
      640,
      480,
    ),
  ).toEqual([
    { x: 10, y: 460 },
    { x: 0, y: 0 },
  ]);
  expect(
    pointAt(
      [
        { x: 0, y: 0 },
        { x: 10, y: 0 },
        { x: 10, y: 30 },
      ],
      0.5,
    ),
  ).toEqual({ x: 10, y: 10 });
});

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

const spec = {
  parameters: [
    parameter("image", { required: true }),
    parameter("tail"),
    parameter("duration", { constraints: { default: "5", enum: ["5", "10"] } }),
    parameter("masks", { type: "array", children: [parameter("seconds")] }),
    parameter("prompt", { constraints: { max_length: 3 } }),
  ],
  rules: [
    {
      kind: "only_with",
      params: ["tail"],
      other: "duration",
      equals: 5,
      message: "only 5",
      rules: [],
    },
    { kind: "excludes", first: ["tail"], second: ["masks"], message: "one of them", rules: [] },
    { kind: "adds_up", params: ["masks[].seconds"], total: "duration", message: "sum", rules: [] },
  ],
} as unknown as Spec;

test("rules show before they bite", () => {
  const problems = (params: object) => judge(spec, params as never).problems.map((p) => p.message);
  expect(problems({})).toEqual(["required"]);
  expect(problems({ image: "x", tail: "y" })).toEqual([]);
  expect(problems({ image: "x", tail: "y", duration: "10" })).toEqual(["only 5"]);
  expect(judge(spec, { duration: 10 }).blocked.tail?.message).toBe("only 5");
  expect(judge(spec, { tail: "y" }).blocked.masks?.message).toBe("one of them");
  expect(problems({ image: "x", masks: [{ seconds: "2" }, { seconds: "2" }] })).toEqual(["sum"]);
  expect(problems({ image: "x", masks: [{ seconds: "2" }, { seconds: 3 }] })).toEqual([]);
  expect(problems({ image: "x", prompt: "🐉🐉🐉" })).toEqual([]);
  expect(problems({ image: "x", prompt: "🐉🐉🐉🐉" })).toEqual(["too long"]);
});

test("media are held against their limits", () => {
  const limits = { min_side: 300, max_aspect: 2.5, max_bytes: 1000, max_seconds: 10 };
  const kinds = (w: number, h: number, bytes: number, seconds?: number) =>
    breaches({ width: w, height: h, bytes, ...(seconds ? { seconds } : {}) }, limits).map(
      (b) => b.kind,
    );
  expect(kinds(750, 300, 1000, 10)).toEqual([]);
  expect(kinds(750, 300, 1000, 10.07)).toEqual([]); // two frames more
  expect(kinds(751, 299, 1001, 10.1)).toEqual(["bytes", "small", "aspect", "long"]);
});

test("shots share their seconds and change places", () => {
  expect(evenly(10, 3)).toEqual([3, 3, 4]);
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
});

test("programs carry any prompt unharmed", () => {
  const body = { prompt: "it's 'quoted' ''' \\ \"so\"\nJSON\n$HOME `x`" };
  expect(curlOf("http://h/x", "k", body)).toContain(JSON.stringify(body, null, 2));
  const python = pythonOf("http://h/model/v1/generation", "k", body);
  const json = python.split("r'''")[1]?.split("''')")[0] ?? "";
  expect(JSON.parse(json)).toEqual(body);
});

test("the address of a blob outlives the video that is taken from the page", async () => {
  vi.useFakeTimers();
  const url = URL.createObjectURL(new Blob(["a video"]));
  releaseBlobUrl(url);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(resolveObjectURL(url)).toBeDefined();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(resolveObjectURL(url)).toBeUndefined();
  vi.useRealTimers();
});
