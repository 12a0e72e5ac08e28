import { expect, test } from "vitest";
import type { Task } from "../api/types";
import { firstPicture, shapeOf } from "./asked";

const task = (metadata: Task["metadata"]) => ({ metadata }) as Task;

test("a video begins with the picture of its request", () => {
  expect(firstPicture({ image: "https://here/files/a", prompt: "x" })).toBe("https://here/files/a");
  expect(firstPicture({ image_list: [{ image: "http://here/b" }] })).toBe("http://here/b");
  expect(firstPicture({ image_list: ["http://here/c"] })).toBe("http://here/c");
  expect(firstPicture({ image: "base64", prompt: "https://no/picture" })).toBeUndefined();
  expect(firstPicture({})).toBeUndefined();
});

test("the shape is that of the task, then that of its request", () => {
  expect(shapeOf(task({ width: 720, height: 1280 }), { aspect_ratio: "16:9" })).toBe(9 / 16);
  expect(shapeOf(task({}), { aspect_ratio: "1:1" })).toBe(1);
  expect(shapeOf(task({}), { aspect_ratio: "auto" })).toBeUndefined();
  expect(shapeOf(task({}))).toBeUndefined();
});
