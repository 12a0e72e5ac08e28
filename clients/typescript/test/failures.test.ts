/** What is thrown. */

import { describe, expect, it } from "vitest";
import {
  ApiError,
  BadRequest,
  Conflict,
  ConnectionFailed,
  Forbidden,
  InsufficientBalance,
  NotFound,
  RateLimited,
  ServerError,
  TimedOut,
  Unauthenticated,
  UnreadableAnswer,
} from "../src/index.js";
import { answer, connect, cut, refused, thrown } from "./support.js";

const MODEL = "kirin_v1_6_t2v";

describe("refusals", () => {
  const problem = { param: "mode", code: "not_an_option", message: "must be 'std'" };

  it.each([
    [400, {}, BadRequest],
    [401, {}, Unauthenticated],
    [403, {}, Forbidden],
    [403, { error_code: 40201 }, InsufficientBalance],
    [404, {}, NotFound],
    [409, {}, Conflict],
    [410, {}, NotFound],
    [413, {}, BadRequest],
    [418, {}, ApiError],
    [429, {}, RateLimited],
    [500, {}, ServerError],
  ] as const)("of %i %o have their kind", async (status, more, kind) => {
    const { kirin } = connect([refused(status, more)], { maxRetries: 0 });
    const error = (await thrown(kirin.task("t1"))) as ApiError;
    expect(error.constructor).toBe(kind);
    expect(error.name).toBe(kind.name);
    expect([error.status, error.code, error.message, error.requestId]).toEqual([
      status,
      "some_code",
      "it is refused",
      "r1",
    ]);
  });

  it("name each parameter, in the form that this version knows", async () => {
    const { kirin } = connect([refused(400, { errors: [problem, "odd", null, { param: 5 }] })]);
    expect(await thrown(kirin.create(MODEL, {}))).toMatchObject({ problems: [problem] });
  });

  it("of a proxy have its words, and the id of the request", async () => {
    const told = new Response("oops", { status: 500, headers: { "X-Request-Id": "r2" } });
    const { kirin } = connect([told], { maxRetries: 0 });
    expect(await thrown(kirin.task("t1"))).toMatchObject({
      code: "unknown",
      message: "oops",
      requestId: "r2",
    });
  });
});

describe("no answer", () => {
  it("has a kind, a place without its query, and a cause", async () => {
    const cause = cut();
    const { kirin } = connect([cause], { maxRetries: 0 });
    const error = (await thrown(kirin.tasks({ q: "private" }))) as ConnectionFailed;
    expect(error).toBeInstanceOf(ConnectionFailed);
    expect(error.url).toBe("http://kirin.test/model/v1/generation/task");
    expect(error.message).not.toContain("private");
    expect(error.cause).toBe(cause);
  });

  it("in time has a kind of its own", async () => {
    const hangs = (_: Request, signal: AbortSignal) =>
      new Promise<Response>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    const { kirin } = connect([hangs]);
    const error = await thrown(kirin.task("t1", { timeout: 20, maxRetries: 0 }));
    expect(error).toBeInstanceOf(TimedOut);
    expect(error).toBeInstanceOf(ConnectionFailed);
  });

  it("is what the caller wants who ends the call", async () => {
    const stop = new AbortController();
    const hangs = (_: Request, signal: AbortSignal) =>
      new Promise<Response>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        stop.abort(new Error("enough"));
      });
    const { kirin, server } = connect([hangs]);
    expect(await thrown(kirin.task("t1", { signal: stop.signal }))).toBe(stop.signal.reason);
    expect(await thrown(kirin.task("t1", { signal: stop.signal }))).toBe(stop.signal.reason);
    expect(server.requests.length).toBe(1);
  });

  it("during a pause is ended by the caller, too", async () => {
    const stop = new AbortController();
    const busy = () => {
      stop.abort();
      return refused(503);
    };
    const { kirin, server } = connect([busy]);
    expect(await thrown(kirin.task("t1", { signal: stop.signal }))).toBe(stop.signal.reason);
    expect(server.requests.length).toBe(1);
  });
});

it.each([
  ["a page", new Response("<html>welcome")],
  ["a list", answer([1])],
  ["a redirect", new Response(null, { status: 302, headers: { Location: "/login" } })],
])("tells another server as such: %s", async (_, told) => {
  const { kirin } = connect([told]);
  const error = await thrown(kirin.task("t1"));
  expect(error).toBeInstanceOf(UnreadableAnswer);
  expect((error as Error).message).toContain("kirin.test");
});
