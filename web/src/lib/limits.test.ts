import { expect, test } from "vitest";
import { draftOf, limitsOf } from "./limits";

test("limits are typed and sent as they are", () => {
  const limits = {
    requests_per_minute: 60,
    unfinished_tasks: null,
    queued_tasks: 0,
    daily_spend: "50.0000",
  };
  const draft = draftOf(limits);
  expect(draft.unfinished_tasks).toBe("");
  expect(limitsOf(draft)).toEqual({
    requests_per_minute: 60,
    queued_tasks: 0,
    daily_spend: "50.0000",
  });
  expect(limitsOf(draftOf())).toEqual({});
});

test("what is no number is left to the server to refuse", () => {
  expect(limitsOf({ ...draftOf(), queued_tasks: "many" })).toEqual({ queued_tasks: "many" });
});
