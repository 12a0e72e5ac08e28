import { expect, test } from "vitest";
import { enlarged, labOf, type Pixels, regionAt } from "./fill";

type Colour = [number, number, number];
const GREY: Colour = [120, 120, 120];
const RED: Colour = [200, 40, 30];

/** A picture from a rule that colours each pixel. */
function pictured(width: number, height: number, colour: (x: number, y: number) => Colour): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([...colour(x, y), 255], 4 * (y * width + x));
  }
  return { width, height, data };
}

const inside = (x: number, y: number) => Math.hypot(x - 20, y - 16) < 10;
const disc = pictured(48, 32, (x, y) => (inside(x, y) ? RED : GREY));

function found({ width, height, ...pixels }: Pixels, x: number, y: number, tolerance: number) {
  return regionAt(labOf({ width, height, ...pixels }), width, height, x, y, tolerance);
}

test("Lab is what the standard says of white, black and red", () => {
  const lab = labOf(
    pictured(3, 1, (x) => [[255, 255, 255] as Colour, [0, 0, 0], [255, 0, 0]][x] as Colour),
  );
  const wanted = [100, 0, 0, 0, 0, 0, 53.24, 80.09, 67.2];
  wanted.forEach((value, i) => {
    expect(lab[i]).toBeCloseTo(value, 1);
  });
});

test("a click finds the disc under it, and no more", () => {
  const region = found(disc, 22, 15, 20);
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 48; x++) {
      // Its border is smoothed by less than a pixel.
      if (Math.abs(Math.hypot(x - 20, y - 16) - 10) < 1) continue;
      expect(region?.[y * 48 + x]).toBe(inside(x, y) ? 1 : 0);
    }
  }
});

test("a larger tolerance takes what is shaded, a smaller one does not", () => {
  const shaded = pictured(64, 8, (x) => [60 + 2 * x, 60 + 2 * x, 60 + 2 * x]);
  const size = (tolerance: number) =>
    found(shaded, 32, 4, tolerance)?.reduce((sum, each) => sum + each, 0) ?? 0;
  expect(size(8)).toBeGreaterThan(8 * 8);
  expect(size(8)).toBeLessThan(size(20));
  expect(size(100)).toBe(64 * 8);
});

test("an edge stops it, though the colour beyond is near enough", () => {
  // Left and right are one colour each way within tolerance 30; the step between them is sharp.
  const step = pictured(40, 8, (x) => (x < 20 ? [100, 100, 100] : [165, 165, 165]));
  const region = found(step, 5, 4, 30);
  expect(region?.[4 * 40 + 19]).toBe(1);
  expect(region?.[4 * 40 + 20]).toBe(0);
});

test("small holes are filled, and the surroundings are not one", () => {
  const holed = pictured(48, 32, (x, y) =>
    x === 20 && y === 20 ? [255, 255, 255] : inside(x, y) ? RED : GREY,
  );
  const region = found(holed, 20, 12, 20);
  expect(region?.[20 * 48 + 20]).toBe(1);
  expect(region?.[0]).toBe(0);
});

test("outside of the picture there is nothing", () => {
  expect(found(disc, -1, 3, 20)).toBeUndefined();
  expect(found(disc, 48, 3, 20)).toBeUndefined();
});

test("a region is enlarged smoothly, and covers the same share", () => {
  const region = found(disc, 20, 16, 20) ?? new Uint8Array();
  const large = enlarged(region, 48, 32, 480, 320);
  const share = (of: Uint8Array) => of.reduce((sum, each) => sum + each, 0) / of.length;
  expect(share(large)).toBeCloseTo(share(region), 2);
  expect(large[160 * 480 + 200]).toBe(1);
  expect(enlarged(region, 48, 32, 48, 32)).toBe(region);
});
