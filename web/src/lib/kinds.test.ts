import { afterEach, expect, test, vi } from "vitest";
import type { Model } from "../api/types";
import { byKind, firstModels, LAST, usual } from "./kinds";

const model = (id: string, type: string) => ({ id, type, name: id }) as Model;
const MODELS = [
  model("face", "face-search"),
  model("i1", "image-to-video"),
  model("i2", "image-to-video"),
  model("odd", "bird-to-video"),
  model("t1", "text-to-video"),
  model("t2", "text-to-video"),
];

function remember(id: string | null): void {
  vi.stubGlobal("localStorage", { getItem: (name: string) => (name === LAST ? id : null) });
}
afterEach(() => vi.unstubAllGlobals());

test("kinds stand in the order in which people look for them", () => {
  expect(byKind(MODELS).map(({ type }) => type)).toEqual([
    "text-to-video",
    "image-to-video",
    "face-search",
    "bird-to-video",
  ]);
});

test("words to video come first, then the model that was used last", () => {
  remember(null);
  expect(usual(MODELS)).toBe("t1");
  expect(usual([])).toBeUndefined();
  remember("i2");
  expect(usual(MODELS)).toBe("i2");
  remember("gone");
  expect(usual(MODELS)).toBe("t1");
});

test("the first page reads the model that it opens with and one of each kind", () => {
  remember(null);
  expect(firstModels(MODELS, "/play/i2")).toEqual(["i2", "t1", "i1", "face", "odd"]);
  expect(firstModels(MODELS, "/play/none")).toEqual(["t1", "i1", "face", "odd"]);
  expect(firstModels(MODELS, "/gallery/i2")).toEqual(["t1", "i1", "face", "odd"]);
  expect(firstModels([], "/play/i2")).toEqual([]);
});
