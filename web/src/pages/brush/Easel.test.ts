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
