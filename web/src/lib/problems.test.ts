import { expect, test } from "vitest";
import type { Spec } from "../api/types";
import { concerned, parameterAt, standing, valueAt } from "./problems";
import { wordsOf } from "./problemWords";

const parameter = (name: string, rest: object = {}) => ({
  name,
  path: name,
  type: "string",
  constraints: {},
  children: [],
  ...rest,
});
const rule = {
  kind: "only_with",
  message: "image_tail works only with duration 5",
  rules: ["I2V-6"],
};
const spec = {
  parameters: [
    parameter("prompt", { constraints: { max_length: 20 } }),
    parameter("duration", { constraints: { enum: ["5", "10"] } }),
    parameter("image_tail", { format: "image", limits: { min_side: 300, max_bytes: 10485760 } }),
    parameter("shots", {
      type: "array",
      children: [parameter("text", { constraints: { max_length: 5 } }), parameter("seconds")],
    }),
    parameter("cfg_scale", { type: "number", constraints: { min: 0, max: 1 } }),
  ],
  rules: [rule],
} as unknown as Spec;

const refused = (param: string, code: string, message = "as it is") => ({ param, code, message });
const plain = (text: string, values: Record<string, string | number> = {}) =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
const words = (problem: ReturnType<typeof refused>, params = {}) =>
  wordsOf(problem, spec, params, plain);

test("a path finds its parameter and its value", () => {
  expect(parameterAt(spec, "shots[1].text")?.constraints.max_length).toBe(5);
  expect(parameterAt(spec, "nothing.here")).toBeUndefined();
  expect(valueAt({ shots: [{ text: "a" }, { text: "b" }] }, "shots[1].text")).toBe("b");
  expect(valueAt({ shots: "x" }, "shots[1].text")).toBeUndefined();
});

test("a problem is gone as soon as its value is edited, and the others stay", () => {
  const sent = { prompt: "x", shots: [{ text: "far too long" }, { text: "also too long" }] };
  const problems = [
    refused("prompt", "too_long"),
    refused("shots[0].text", "too_long"),
    refused("shots[1].text", "too_long"),
  ];
  expect(standing(problems, spec, sent, sent)).toEqual(problems);
  const now = { ...sent, shots: [{ text: "short" }, { text: "also too long" }] };
  expect(standing(problems, spec, sent, now)).toEqual([problems[0], problems[2]]);
});

test("what two parameters do to each other is gone when either is edited", () => {
  const sent = { image_tail: "x", duration: "10" };
  const problem = refused("image_tail", "not_in_this_combination", `${rule.message}, not 10`);
  expect(concerned(problem, spec)).toEqual(["image_tail", "duration"]);
  expect(standing([problem], spec, sent, { ...sent, prompt: "y" })).toEqual([problem]);
  expect(standing([problem], spec, sent, { ...sent, duration: "5" })).toEqual([]);
});

test("a list of what there is concerns none of it", () => {
  const message = "is unknown; the parameters are prompt, duration and image_tail";
  const problem = refused("nonsense", "unknown_parameter", message);
  const sent = { nonsense: 1, duration: "7" };
  expect(standing([problem], spec, sent, { ...sent, duration: "5" })).toEqual([problem]);
  expect(standing([problem], spec, sent, { duration: "7" })).toEqual([]);
});

test("what is wrong with the whole request is gone with any edit", () => {
  const problem = refused("", "insufficient_balance");
  expect(standing([problem], spec, { prompt: "x" }, { prompt: "x" })).toEqual([problem]);
  expect(standing([problem], spec, { prompt: "x" }, { prompt: "y" })).toEqual([]);
});

test("problems are worded from their codes and values", () => {
  expect(words(refused("prompt", "required"))).toBe("Prompt is missing.");
  expect(words(refused("prompt", "too_long"), { prompt: "a".repeat(23) })).toBe(
    "Prompt has 23 characters; at most 20 are allowed.",
  );
  expect(words(refused("duration", "not_an_option"))).toBe("Length takes 5 s or 10 s.");
  expect(words(refused("cfg_scale", "out_of_range"))).toBe("Close to the prompt takes 0 to 1.");
  expect(words(refused("cfg_scale", "wrong_type"))).toBe("Close to the prompt takes a number.");
  expect(words(refused("shots[1].text", "too_long"), { shots: [{}, { text: "1234567" }] })).toBe(
    "Text (number 2) has 7 characters; at most 5 are allowed.",
  );
  expect(words(refused("image_tail", "too_small"))).toBe(
    "Last picture is too small: each side must have at least 300 pixels.",
  );
  expect(words(refused("image_tail", "not_in_this_combination", `${rule.message}, not 10`))).toBe(
    "“Last picture” works only with “Length” 5 s",
  );
});

test("what is no parameter is called as it was written", () => {
  expect(words(refused("shots[0].no_such", "unknown_parameter"))).toBe(
    "“shots[0].no_such” is not a parameter of this model.",
  );
});

test("a code that nobody foresaw is said in the server's words", () => {
  expect(words(refused("prompt", "too_poetic", "rhymes; write prose"))).toBe(
    "Prompt was refused: rhymes; write prose",
  );
});
