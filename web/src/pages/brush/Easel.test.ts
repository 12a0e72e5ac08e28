import { beforeAll, expect, test, vi } from "vitest";
import { Easel } from "./Easel";

/** A canvas that shows nothing: what is painted is in the labels. */
const canvas = () => ({ width: 64, height: 48, getContext: () => null }) as never;

beforeAll(() => {
  vi.stubGlobal("cancelAnimationFrame", () => undefined);
  vi.stubGlobal("requestAnimationFrame", () => 0);
});

function painted() {
  const picture = { naturalWidth: 64, naturalHeight: 48 } as HTMLImageElement;
  const easel = new Easel(picture, canvas(), canvas(), canvas(), () => undefined);
  easel.paint({ x: 10, y: 10 }, { x: 30, y: 10 }, 5, 1);
  easel.endStroke();
  easel.setPath(1, [
    { x: 10, y: 10 },
    { x: 40, y: 30 },
  ]);
  return easel;
}

test("a mask that was cleared comes back in one step, with its path", () => {
  const easel = painted();
  const before = easel.labels.data.slice();
  const paths = easel.paths;
  easel.clear(1);
  expect(easel.labels.used().size).toBe(0);
  expect(easel.paths).toEqual({});
  easel.undo();
  expect(easel.labels.data).toEqual(before);
  expect(easel.paths).toEqual(paths);
  easel.redo();
  expect(easel.labels.used().size).toBe(0);
  expect(easel.paths).toEqual({});
});

test("clearing what is empty leaves nothing to undo", () => {
  const easel = painted();
  easel.clear(1);
  easel.clear(1);
  easel.undo();
  expect(easel.labels.used()).toEqual(new Set([1]));
});

test("a point of a path is dragged in one step", () => {
  const easel = painted();
  const before = easel.paths;
  expect(easel.grab({ x: 41, y: 30 }, 5, 1)).toBe(1);
  easel.drag({ x: 45, y: 20 });
  easel.drag({ x: 999, y: 20 });
  easel.drop();
  expect(easel.paths[1]).toEqual([
    { x: 10, y: 10 },
    { x: 64, y: 20 },
  ]);
  easel.undo();
  expect(easel.paths).toEqual(before);
});

test("touching a point without moving it is nothing to undo", () => {
  const easel = painted();
  const { turn } = easel;
  easel.grab({ x: 40, y: 30 }, 5, 1);
  easel.drop();
  expect(easel.turn).toBe(turn);
});

test("a point is put on the line, and taken off", () => {
  const easel = painted();
  easel.grab({ x: 25, y: 20 }, 5, 1);
  easel.drop();
  expect(easel.paths[1]?.[1]).toEqual({ x: 25, y: 20 });
  expect(easel.dropPoint({ x: 25, y: 21 }, 5, 1)).toBe(true);
  expect(easel.paths[1]?.length).toBe(2);
  expect(easel.dropPoint({ x: 25, y: 21 }, 5, 1)).toBe(false);
  easel.shorten(1);
  easel.shorten(1);
  expect(easel.paths).toEqual({});
});

test("a selection is painted in one step, and its number stands inside of it", () => {
  const easel = painted();
  const mask = new Uint8Array(64 * 48);
  for (let y = 20; y < 40; y++) mask.fill(1, y * 64 + 30, y * 64 + 60);
  expect(easel.fill(mask, 2)).toBe(true);
  expect(easel.fill(mask, 2)).toBe(false);
  expect(easel.summary.used).toEqual(new Set([1, 2]));
  const place = easel.summary.places.get(2);
  expect(Math.abs((place?.x ?? 0) - 45)).toBeLessThan(1.5);
  expect(Math.abs((place?.y ?? 0) - 30)).toBeLessThan(1.5);
  easel.undo();
  expect(easel.summary.used).toEqual(new Set([1]));
});

test("what a first finger drew before a second one came is taken back", () => {
  const easel = painted();
  const before = easel.labels.data.slice();
  easel.paint({ x: 30, y: 30 }, { x: 50, y: 30 }, 6, 3);
  easel.abandon();
  expect(easel.labels.data).toEqual(before);
  easel.endStroke();
  expect(easel.summary.used).toEqual(new Set([1]));
  easel.undo();
  easel.undo();
  expect(easel.summary.used.size).toBe(0);
});
