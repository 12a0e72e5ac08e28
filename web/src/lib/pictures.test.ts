import { expect, test } from "vitest";
import { attempts, type Found, formatOf, needsChange } from "./pictures";

const head = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const LIMITS = { max_bytes: 10 * 1024 * 1024, min_side: 300, max_side: 4096 };
const found = (changes: Partial<Found>): Found => ({
  format: "JPEG",
  width: 4000,
  height: 3000,
  bytes: 2_000_000,
  ...changes,
});

test("a file is what its first bytes say", () => {
  expect(formatOf(head("\xff\xd8\xff\xe0 JFIF"))).toBe("JPEG");
  expect(formatOf(head("\x89PNG\r\n\x1a\n...."))).toBe("PNG");
  expect(formatOf(head("RIFF1234WEBPVP8 "))).toBe("WebP");
  expect(formatOf(head("RIFF1234WAVEfmt "))).toBeUndefined();
  expect(formatOf(head("GIF89a"))).toBe("GIF");
  expect(formatOf(head("\0\0\0\x20ftypavif\0\0\0\0avifmif1"))).toBe("AVIF");
  // Cameras write a general brand first, and the exact one after it.
  expect(formatOf(head("\0\0\0\x20ftypmif1\0\0\0\0mif1avif"))).toBe("AVIF");
  expect(formatOf(head("\0\0\0\x18ftypheic\0\0\0\0mif1heic"))).toBe("HEIC");
  expect(formatOf(head("\0\0\0\x18ftypisom\0\0\0\0isommp41"))).toBeUndefined();
  expect(formatOf(head(""))).toBeUndefined();
});

test("only what cannot be sent is changed", () => {
  expect(needsChange(found({}), LIMITS)).toBe(false);
  expect(needsChange(found({ bytes: 10 * 1024 * 1024 }), LIMITS)).toBe(false);
  expect(needsChange(found({ bytes: 10 * 1024 * 1024 + 1 }), LIMITS)).toBe(true);
  expect(needsChange(found({ width: 4096 }), LIMITS)).toBe(false);
  expect(needsChange(found({ width: 4097 }), LIMITS)).toBe(true);
  expect(needsChange(found({ width: 9000, bytes: 9e9 }), {})).toBe(false);
  expect(needsChange(found({ format: "WebP" }), {})).toBe(true);
});

test("quality goes first, and sides after it, never below the least", () => {
  const all = [...attempts(found({ width: 8192, height: 1000 }), LIMITS, false)];
  expect(all[0]).toEqual({ type: "image/jpeg", quality: 0.95, width: 4096, height: 500 });
  expect(all[3]).toMatchObject({ quality: 0.74, width: 4096 });
  expect(all[4]).toMatchObject({ quality: 0.95, width: 3277, height: 400 });
  expect(Math.min(...all.map((each) => each.height))).toBeGreaterThanOrEqual(300);
  expect(all.length).toBe(12);
});

test("what can be seen through stays PNG, and one too small is not enlarged", () => {
  const [first, ...more] = [...attempts(found({ width: 200, height: 200 }), LIMITS, true)];
  expect(first).toEqual({ type: "image/png", quality: 1, width: 200, height: 200 });
  expect(more).toEqual([]);
});
