import { expect, test } from "vitest";
import { Attempt, freshKey } from "./attempt";

test("a request whose answer is lost keeps its key, until it is answered", () => {
  const attempt = new Attempt();
  const first = attempt.keyFor('{"prompt": "a lake"}');
  expect(attempt.keyFor('{"prompt": "a lake"}')).toBe(first);
  attempt.answered();
  expect(attempt.keyFor('{"prompt": "a lake"}')).not.toBe(first);
});

test("another request has another key", () => {
  const attempt = new Attempt();
  const first = attempt.keyFor('{"prompt": "a lake"}');
  expect(attempt.keyFor('{"prompt": "a pond"}')).not.toBe(first);
});

test("keys are what the header takes, and never the same", () => {
  expect(freshKey()).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(Array.from({ length: 100 }, freshKey)).size).toBe(100);
});
