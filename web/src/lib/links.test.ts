import { afterEach, expect, test, vi } from "vitest";
import { ownLink } from "./links";

afterEach(() => vi.unstubAllGlobals());

test("what the server links to is loaded from where the page came from", () => {
  vi.stubGlobal("location", { href: "http://192.168.0.7:8000/gallery" });
  const signed = "/files/results/ab/1/video.mp4?expires=1&signature=x";
  for (const base of ["https://kirin.example", "http://127.0.0.1:8000", ""]) {
    expect(ownLink(base + signed)).toBe(signed);
  }
  expect(ownLink("https://elsewhere.example/video.mp4")).toBe(
    "https://elsewhere.example/video.mp4",
  );
});
