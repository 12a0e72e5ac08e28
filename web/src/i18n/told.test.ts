import { expect, test } from "vitest";
import { linesOf } from "../pages/reference/document";
import { spoken } from "../parts/names";
import told from "./told.json";
import { zh } from "./zh";

test("what the server says of models and of its API has Chinese words", () => {
  const said = [
    ...told.names.map(spoken),
    ...told.texts,
    ...told.answers.flatMap(linesOf).map(([, meaning]) => meaning),
  ];
  expect(said.length).toBeGreaterThan(300);
  expect(said.filter((text) => !zh[text])).toEqual([]);
});

test("Chinese words keep the places for values", () => {
  const places = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();
  const lost = Object.entries(zh).filter(([text, words]) => {
    const given = places(text);
    return places(words).some((place) => !given.includes(place));
  });
  expect(lost).toEqual([]);
});
