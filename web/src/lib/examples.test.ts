import { expect, test } from "vitest";
import type { Spec } from "../api/types";
import { ready } from "./examples";

const spec = (...examples: object[]) => ({ rules: [], examples }) as unknown as Spec;

test("pictures of the documentation become those of the bundle", () => {
  const found = ready(spec({ image: "https://example.com/first.jpg", prompt: "A barn" }));
  expect(found).toEqual([{ image: "file:barn-summer.jpg", prompt: "A barn" }]);
});

test("an example that nobody can send is not offered", () => {
  const words = { prompt: "A lake" };
  const found = ready(
    spec(
      { video_url: "https://example.com/dance.mp4" },
      { image: "https://example.com/first.jpg", static_mask: "https://example.com/still.png" },
      { video_id: "b2c1" },
      { session_id: "c3a9" },
      words,
    ),
  );
  expect(found).toEqual([words]);
});
