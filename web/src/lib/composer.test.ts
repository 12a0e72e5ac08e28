import { expect, test, vi } from "vitest";
import type { Params, Quote, Spec } from "../api/types";
import { zh } from "../i18n/zh";
import { composed } from "./composition";
import { foreseenIn } from "./foreseen";
import { Latest } from "./latest";
import { helpOf, inPeoplesWords, labelOf, SAID, sayValue, VALUES } from "./paramWords";
import { CAMERA, has, languageOf, type Preset, STYLE, toggled } from "./presets";
import { pictureModelFor } from "./siblings";

const t = (text: string, values?: Record<string, string | number>) =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(values?.[name]));

const parameter = (name: string, more: object = {}) => ({
  name,
  path: `input[0].params.${name}`,
  type: "string" as const,
  required: false,
  description: "",
  constraints: {},
  example: null,
  children: [],
  ...more,
});

const specOf = (parameters: object[], more: object = {}) =>
  ({ parameters, rules: [], model_id: "m", type: "text-to-video", ...more }) as unknown as Spec;

test("every word for a parameter, a value or a preset has Chinese", () => {
  const said = Object.values(SAID).flatMap(({ label, help }) => [label, help]);
  const words = [...said, ...Object.values(VALUES), ...[...CAMERA, ...STYLE].map((p) => p.label)];
  expect(words.filter((word) => word && !(word in zh))).toEqual([]);
});

test("no word for people is a name of the wire", () => {
  const said = Object.values(SAID).flatMap(({ label, help }) => [label, help ?? ""]);
  expect([...said, ...Object.values(VALUES)].filter((word) => /_|base64|JSON/.test(word))).toEqual(
    [],
  );
});

test("a parameter is called by its path, its place in a list, or its name", () => {
  expect(labelOf({ name: "image" }, t)).toBe("First picture");
  expect(labelOf({ name: "image", path: "input[0].params.image_list[].image" }, t)).toBe("Picture");
  const second = { name: "image_list 2", path: "input[0].params.image_list[].image" };
  expect(labelOf(second, t)).toBe("Picture 2");
  expect(labelOf({ name: "new_thing" }, t)).toBe("New thing");
  expect(sayValue("duration", "5", t)).toBe("5 s");
  expect(sayValue("mode", "pro", t)).toBe("High");
  expect(sayValue("character_orientation", "image", t)).toBe("The picture");
  expect(helpOf(parameter("new", { description: "Give new_thing." }), t)).toBe("");
  expect(helpOf(parameter("new", { description: "Something new." }), t)).toBe("Something new.");
});

test("rules speak of parameters as people do", () => {
  const options = { constraints: { enum: ["std", "pro"] } };
  const spec = specOf([parameter("image_tail"), parameter("image"), parameter("mode", options)]);
  expect(inPeoplesWords("image_tail works only with mode pro", spec, t)).toBe(
    "“Last picture” works only with “Quality” High",
  );
  const parts = { constraints: { enum: ["first_frame", "end_frame"] } };
  const omni = specOf([parameter("image_list", { children: [parameter("type", parts)] })]);
  expect(inPeoplesWords("an end_frame needs a first_frame beside it", omni, t)).toBe(
    "“Last picture” needs “First picture” beside it",
  );
  expect(inPeoplesWords("image, image_tail or both are needed", spec, t)).toBe(
    "“First picture”, “Last picture” or both are needed",
  );
});

test("parameters stand where they are handy, by what they are", () => {
  const delivery = parameter("callback_url", { format: "uri", constraints: { max_length: 2048 } });
  const spec = specOf(
    [
      parameter("image", { format: "image" }),
      parameter("static_mask", { format: "image" }),
      parameter("prompt", { constraints: { max_length: 2500 } }),
      parameter("negative_prompt", { constraints: { max_length: 2500 } }),
      parameter("mode", { constraints: { enum: ["std", "pro"] } }),
      parameter("shot_type", { constraints: { enum: ["customize"] } }),
      parameter("multi_shot", { type: "boolean" }),
      parameter("element_list", { type: "array", children: [parameter("element_id")] }),
      delivery,
    ],
    { rules: [{ kind: "same_shape", params: ["static_mask"], other: "image", message: "" }] },
  );
  const made = composed(spec, [spec, specOf([delivery])]);
  const names = (list: { name: string }[]) => list.map(({ name }) => name);
  expect(names(made.media)).toEqual(["image"]);
  expect(made.prompt?.name).toBe("prompt");
  expect(names(made.chips)).toEqual(["mode", "negative_prompt", "multi_shot"]);
  expect(names(made.blocks)).toEqual(["static_mask", "element_list"]);
  expect(names(made.folded)).toEqual(["shot_type", "callback_url"]);
});

const push = CAMERA[0] as Preset;
const water = STYLE[0] as Preset;

test("a preset is said in the language of the prompt, and taken out again", () => {
  expect(languageOf("", "zh")).toBe("zh");
  expect(languageOf("A dog", "zh")).toBe("en");
  expect(languageOf("一只狗", "en")).toBe("zh");
  const said = toggled("A dog on a beach", push, "en");
  expect(said).toBe("A dog on a beach, the camera pushes in slowly");
  expect(has(said, push)).toBe(true);
  const both = toggled(said, water, "zh");
  expect(both).toBe("A dog on a beach, the camera pushes in slowly, watercolour style");
  expect(toggled(both, push, "en")).toBe("A dog on a beach, watercolour style");
  expect(toggled("A dog.", push, "en")).toBe("A dog. The camera pushes in slowly");
  expect(toggled(toggled("A dog.", push, "en"), push, "en")).toBe("A dog.");
  expect(toggled("一只狗", push, "en")).toBe("一只狗，镜头缓慢推进");
  expect(toggled("一只狗，镜头缓慢推进，水彩风格", push, "en")).toBe("一只狗，水彩风格");
  expect(toggled("", push, "zh")).toBe("镜头缓慢推进");
  expect(toggled(toggled("", push, "en"), push, "en")).toBe("");
});

test("every preset can be said and unsaid beside every other", () => {
  for (const page of ["en", "zh"] as const) {
    const begin = page === "en" ? "A dog" : "一只狗";
    for (const one of [...CAMERA, ...STYLE]) {
      for (const other of [...CAMERA, ...STYLE]) {
        if (one === other) continue;
        const text = toggled(toggled(begin, one, page), other, page);
        expect(toggled(text, one, page)).toBe(toggled(begin, other, page));
      }
    }
  }
});

const quoteOf = (told: Params) => told as unknown as Quote;

test("a quote tells what is seen, what is not, and what is left to chance", () => {
  const [shot] = foreseenIn(
    quoteOf({
      scene: {
        kind: "procedural scene",
        understood: ["beach", "rain"],
        guessed: [],
        styles: ["watercolour"],
        cast: [{ word: "dog", motion: "run" }],
        missing: [{ word: "turns its head", kind: "motion" }],
        by_chance: ["extras", "season", "boxes"],
      },
      direction: { moves: [{ move: "push_in" }] },
      not_followed: ["pan left"],
    }),
  );
  expect(shot?.seen).toEqual([
    { word: "dog", does: "run" },
    { value: "beach" },
    { value: "rain" },
    { value: "watercolour" },
  ]);
  expect(shot?.camera).toEqual([{ value: "push_in" }]);
  expect(shot?.missing.map(({ word }) => word)).toEqual(["turns its head", "pan left"]);
  expect(shot?.chance).toEqual(["season"]);
});

test("each shot has its own, a title says so, and silence says nothing", () => {
  const scene = { kind: "title card", cast: [], missing: [{ word: "zorblax", kind: "noun" }] };
  const shots = foreseenIn(quoteOf({ shots: [{ scene }, { scene: { cast: [{ word: "cat" }] } }] }));
  expect(shots.map(({ title, seen }) => [title, seen.length])).toEqual([
    [true, 0],
    [false, 1],
  ]);
  expect(foreseenIn(quoteOf({}))).toEqual([]);
  expect(foreseenIn(undefined)).toEqual([]);
  const [pictured] = foreseenIn(
    quoteOf({ motion: { understood: [{ word: "snow" }], missing: [], found: "when rendered" } }),
  );
  expect(pictured?.later).toBe(true);
});

test("an old answer never replaces a newer one", async () => {
  vi.useFakeTimers();
  const latest = new Latest(100);
  const answers: string[] = [];
  const answering: Record<string, (value: string) => void> = {};
  const ask = (name: string) =>
    latest.ask(
      () => new Promise<string>((done) => Object.assign(answering, { [name]: done })),
      (answer) => answers.push(answer),
      () => answers.push("failed"),
    );
  ask("typed over");
  ask("first");
  await vi.advanceTimersByTimeAsync(100);
  ask("second");
  await vi.advanceTimersByTimeAsync(100);
  expect(Object.keys(answering)).toEqual(["first", "second"]);
  answering.second?.("new");
  answering.first?.("old");
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toEqual(["new"]);
  vi.useRealTimers();
});

test("a picture for words alone goes to the nearest model that takes one", () => {
  const words = specOf([parameter("prompt")], { model_id: "k_v2_t2v" });
  const picture = (id: string) =>
    specOf([parameter("image", { format: "image" })], { model_id: id, type: "image-to-video" });
  const specs = [picture("k_v1_i2v"), picture("k_v2_i2v")];
  expect(pictureModelFor(words, specs)?.spec.model_id).toBe("k_v2_i2v");
  expect(pictureModelFor(picture("k_v1_i2v"), specs)).toBeUndefined();
});
