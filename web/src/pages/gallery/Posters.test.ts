import { beforeEach, expect, test, vi } from "vitest";
import { Posters } from "./Posters";

let made = 0;
let answers: Map<string, { come: () => void; fail: (error: Error) => void }>;
let asked: string[];

function posters(): Posters {
  return new Posters(
    (id) =>
      new Promise((resolve, reject) => {
        asked.push(id);
        answers.set(id, { come: () => resolve(new Blob([id])), fail: reject });
      }),
    (error) => (error as Error).message === "never",
  );
}
const settle = () => new Promise((done) => setTimeout(done, 0));

beforeEach(() => {
  made = 0;
  answers = new Map();
  asked = [];
  vi.stubGlobal("URL", {
    createObjectURL: () => `blob:${++made}`,
    revokeObjectURL: () => undefined,
  });
});

test("three are fetched at a time, the last wanted first", async () => {
  const shelf = posters();
  for (const id of ["a", "b", "c", "d", "e"]) shelf.want(id, () => undefined);
  expect(asked).toEqual(["a", "b", "c"]);
  answers.get("b")?.come();
  await settle();
  expect(asked).toEqual(["a", "b", "c", "e"]);
});

test("what nobody wants any more is not fetched", async () => {
  const shelf = posters();
  for (const id of ["a", "b", "c"]) shelf.want(id, () => undefined);
  const leave = shelf.want("d", () => undefined);
  leave();
  answers.get("a")?.come();
  await settle();
  expect(asked).toEqual(["a", "b", "c"]);
});

test("all who want a picture get it, and it is fetched once", async () => {
  const shelf = posters();
  const told: string[] = [];
  shelf.want("a", (url) => told.push(url));
  shelf.want("a", (url) => told.push(url));
  answers.get("a")?.come();
  await settle();
  shelf.want("a", (url) => told.push(url));
  expect(told).toEqual(["blob:1", "blob:1", "blob:1"]);
  expect(asked).toEqual(["a"]);
});

test("a picture that failed is asked for again, one that will never be is not", async () => {
  const shelf = posters();
  for (const [id, word] of [
    ["a", "later"],
    ["b", "never"],
  ] as const) {
    shelf.want(id, () => undefined);
    answers.get(id)?.fail(new Error(word));
    await settle();
    shelf.want(id, () => undefined);
  }
  expect(asked).toEqual(["a", "a", "b"]);
});

test("so many are kept, and the one shown longest ago goes", async () => {
  const shelf = posters();
  for (let n = 0; n <= 400; n++) {
    shelf.want(`${n}`, () => undefined);
    answers.get(`${n}`)?.come();
    await settle();
    if (n === 200) shelf.want("0", () => undefined);
  }
  expect(shelf.get("0")).toBeDefined();
  expect(shelf.get("1")).toBeUndefined();
  expect(shelf.get("2")).toBeDefined();
});
