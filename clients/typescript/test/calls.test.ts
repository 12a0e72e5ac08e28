/** Calls: what is sent, what is tried again, what is waited for. */

import { inspect } from "node:util";
import { afterEach, describe, expect, it, test, vi } from "vitest";
import {
  ConnectionFailed,
  Kirin,
  KirinError,
  RateLimited,
  ServerError,
  type Task,
  TaskFailed,
  UnreadableAnswer,
  WaitTimedOut,
} from "../src/index.js";
import { Attempts, FIRST_PAUSE, jitter } from "../src/retries.js";
import { pauses } from "./pauses.js";
import { answer, connect, cut, refused, Server, task, thrown, unreachable } from "./support.js";

const MODEL = "kirin_v1_6_t2v";

afterEach(() => vi.unstubAllEnvs());

describe("what is sent", () => {
  it("has the parameters, and what goes beside them", async () => {
    const { kirin, server } = connect([answer(task())]);
    await kirin.create(MODEL, { prompt: "a lake" });
    await kirin.create(MODEL, { prompt: "a lake" }, { moderation: true, metadata: { order: 7 } });
    const plain = { model: MODEL, input: [{ params: { prompt: "a lake" } }] };
    expect(server.bodies.map((body) => JSON.parse(body))).toEqual([
      plain,
      { ...plain, moderation: true, metadata: { order: 7 } },
    ]);
    const keys = server.header("idempotency-key");
    expect(new Set(keys).size).toBe(2);
    expect(keys[0]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(server.header("authorization")[0]).toBe("Bearer secret-key");
    expect(server.header("content-type")[0]).toBe("application/json");
    expect(server.header("user-agent")[0]).toMatch(/^kirin-client-js\/\d/);
  });

  it("names members as the wire does", async () => {
    const { kirin, server } = connect([answer({ tasks: [], next_cursor: null })]);
    await kirin.tasks({ status: "in_progress", stage: "queued", limit: 3, externalTaskId: "x" });
    expect(server.query()).toEqual({
      status: "in_progress",
      stage: "queued",
      limit: "3",
      external_task_id: "x",
    });
  });

  it("quotes names in paths, and keeps the path of the server", async () => {
    const { kirin, server } = connect([answer(task())], { baseUrl: "http://kirin.test:1/base/" });
    await kirin.task("a/b?c#d é");
    expect(server.requests[0]?.url).toBe(
      "http://kirin.test:1/base/model/v1/generation/task/a%2Fb%3Fc%23d%20%C3%A9",
    );
  });

  it("keeps null, which takes a limit away", async () => {
    const { kirin, server } = connect([answer({ id: "k" })]);
    await kirin.admin.changeKey("k", { daily_spend: null });
    expect(server.bodies).toEqual(['{"limits":{"daily_spend":null}}']);
  });

  it("takes server and key from the environment", async () => {
    vi.stubEnv("KIRIN_SERVER", "http://there:1/base/");
    vi.stubEnv("KIRIN_API_KEY", "theirs");
    const server = new Server([answer(task())]);
    await new Kirin({ fetch: server.fetch as typeof fetch }).withOptions({ timeout: 5 }).task("t");
    expect(server.requests[0]?.url).toBe("http://there:1/base/model/v1/generation/task/t");
    expect(server.header("authorization")).toEqual(["Bearer theirs"]);
  });
});

test("pages are asked for one by one", async () => {
  const { kirin, server } = connect([
    answer({ tasks: [task("failed", { id: "a" }), task("failed", { id: "b" })], next_cursor: "2" }),
    answer({ tasks: [task("failed", { id: "c" })], next_cursor: null }),
  ]);
  const found: string[] = [];
  for await (const { id } of kirin.iterTasks({ limit: 2 })) {
    if (id === "b") expect(server.requests.length).toBe(1);
    found.push(id);
  }
  expect(found).toEqual(["a", "b", "c"]);
  expect(server.requests.map(({ url }) => new URL(url).search)).toEqual([
    "?limit=2",
    "?limit=2&cursor=2",
  ]);
});

test("pages below a name are asked for under it", async () => {
  const { kirin, server } = connect([
    answer({ transactions: [{ id: 1 }], next_cursor: "n" }),
    answer({ transactions: [], next_cursor: null }),
  ]);
  for await (const each of kirin.admin.iterTransactions("acc")) expect(each.id).toBe(1);
  expect(server.requests.map(({ url }) => new URL(url).pathname)).toEqual([
    "/admin/v1/accounts/acc/ledger",
    "/admin/v1/accounts/acc/ledger",
  ]);
  expect(server.query(1)).toEqual({ cursor: "n" });
});

describe("retries", () => {
  it.each([
    ["no connection", unreachable()],
    ["a broken one", cut()],
    ["429", refused(429)],
    ["500", refused(500)],
    ["502", refused(502)],
    ["503", refused(503)],
    ["504 of a proxy", new Response("<html>", { status: 504 })],
  ])("create again under one key after %s", async (_, first) => {
    const { kirin, server } = connect([first, first, answer(task())]);
    expect((await kirin.create(MODEL, {})).id).toBe("t1");
    expect(new Set(server.header("idempotency-key")).size).toBe(1);
    expect([server.requests.length, pauses.length]).toEqual([3, 2]);
  });

  it("keep one's own key", async () => {
    const { kirin, server } = connect([refused(503), answer(task())]);
    await kirin.create(MODEL, {}, { idempotencyKey: "mine" });
    expect(server.header("idempotency-key")).toEqual(["mine", "mine"]);
  });

  it.each([
    ["nothing was sent", unreachable(), 4],
    ["nobody knows", cut(), 1],
    ["500", refused(500), 1],
    ["503", refused(503), 4],
    ["429", refused(429), 4],
    ["409", refused(409), 1],
  ])("repeat what is not repeatable only if it was not done: %s", async (_, failure, attempts) => {
    const { kirin, server } = connect([failure]);
    expect(await thrown(kirin.cancel("t1"))).toBeInstanceOf(KirinError);
    expect(server.requests.length).toBe(attempts);
  });

  it("honour Retry-After", async () => {
    const { kirin } = connect([refused(429, {}, { "Retry-After": "7" }), answer(task())]);
    await kirin.task("t1");
    expect(pauses[0]).toBeGreaterThanOrEqual(7000);
    expect(pauses[0]).toBeLessThanOrEqual(7000 + FIRST_PAUSE);
  });

  it("leave it to the caller where the server asks for much more", async () => {
    const { kirin, server } = connect([refused(429, {}, { "Retry-After": "3600" })]);
    const error = await thrown(kirin.task("t1"));
    expect(error).toBeInstanceOf(RateLimited);
    expect((error as RateLimited).retryAfter).toBe(3600);
    expect([server.requests.length, pauses.length]).toEqual([1, 0]);
  });

  it("end with the time that all attempts have", async () => {
    const { kirin, server } = connect([refused(503, {}, { "Retry-After": "9" })]);
    expect(await thrown(kirin.task("t1", { timeout: 5000 }))).toBeInstanceOf(ServerError);
    expect(server.requests.length).toBe(1);
  });

  it("are as many as a call or a client wants", async () => {
    const { kirin, server } = connect([refused(503)]);
    await thrown(kirin.task("t1", { maxRetries: 0, headers: { "X-Own": "1" } }));
    expect(server.header("x-own")).toEqual(["1"]);
    await thrown(kirin.withOptions({ maxRetries: 1, headers: { "X-Own": "2" } }).task("t1"));
    await thrown(kirin.task("t1"));
    expect(server.header("x-own")).toEqual(["1", "2", "2", null, null, null, null]);
  });

  it("do not repeat what would be answered the same", async () => {
    const { kirin, server } = connect([refused(504, { code: "SYNC_TIMEOUT" })]);
    await thrown(kirin.createSync(MODEL, {}));
    expect(server.requests.length).toBe(1);
  });

  it("grow with full jitter", () => {
    for (const [attempt, most] of [
      [1, 500],
      [2, 1000],
      [3, 2000],
      [5, 8000],
      [9, 8000],
    ] as const) {
      const drawn = Array.from({ length: 200 }, () => jitter(attempt));
      expect(Math.min(...drawn)).toBeLessThan(most / 4);
      expect(Math.max(...drawn)).toBeGreaterThan((most * 3) / 4);
      expect(Math.max(...drawn)).toBeLessThanOrEqual(most);
    }
  });

  it("end when the time is over", () => {
    let now = 0;
    const attempts = new Attempts(9, 10_000, () => now);
    expect(attempts.again(new ConnectionFailed("x"), true)).toBeDefined();
    now = 10_000;
    expect(attempts.again(new ConnectionFailed("x"), true)).toBeUndefined();
  });
});

describe("waiting", () => {
  it("asks the server to hold the answer back", async () => {
    const { kirin, server } = connect([answer(task()), answer(task()), answer(task("completed"))]);
    expect((await kirin.wait("t1")).status).toBe("completed");
    expect([0, 1, 2].map((n) => server.query(n).wait)).toEqual(["30", "30", "30"]);
    expect(pauses).toEqual([]);
  });

  it("with progress looks again and again", async () => {
    const seen: string[] = [];
    const { kirin } = connect([answer(task()), answer(task()), answer(task("completed"))]);
    const onChange = ({ status }: Task) => seen.push(status);
    await kirin.wait("t1", { onChange, interval: 100 });
    expect(seen).toEqual(["in_progress", "in_progress", "completed"]);
    expect(pauses).toEqual([100, 100]);
  });

  it("throws a task that has failed", async () => {
    const error = { code: "task_cancelled", message: "It was cancelled.", error_message: "x" };
    const { kirin } = connect([answer(task("failed", { error }))]);
    expect(await thrown(kirin.wait("t1"))).toMatchObject({
      name: "TaskFailed",
      code: "task_cancelled",
      message: "It was cancelled.",
      task: { id: "t1" },
    });
    expect(TaskFailed.prototype).toBeInstanceOf(KirinError);
  });

  it("ends", async () => {
    const { kirin } = connect([answer(task())]);
    const error = await thrown(kirin.wait("t1", { timeout: 0 }));
    expect(error).toBeInstanceOf(WaitTimedOut);
    expect((error as WaitTimedOut).task.id).toBe("t1");
  });

  it("follows creation", async () => {
    const { kirin, server } = connect([answer(task()), answer(task()), answer(task("completed"))]);
    await kirin.createAndWait(MODEL, { prompt: "a" }, { seed: 1, timeout: 60_000 });
    expect(server.requests.map(({ method }) => method)).toEqual(["POST", "GET", "GET"]);
    expect(JSON.parse(server.bodies[0] ?? "").seed).toBe(1);
  });
});

test("answers as they came", async () => {
  const { kirin } = connect([answer(task(), 200, { "X-Request-Id": "r9" })]);
  const raw = await kirin.withRawResponse.task("t1");
  expect([raw.status, raw.requestId, raw.parse().id]).toEqual([200, "r9", "t1"]);
  expect(JSON.parse(new TextDecoder().decode(raw.content))).toEqual(task());
  const { kirin: other } = connect([answer({ accounts: [], next_cursor: null })]);
  expect((await other.withRawResponse.admin.accounts()).parse().accounts).toEqual([]);
});

test("members of an envelope", async () => {
  const { kirin } = connect([answer({ code: 0, data: { models: [], total: 0 } }), answer({})]);
  expect((await kirin.models()).models).toEqual([]);
  expect(await thrown(kirin.models())).toBeInstanceOf(UnreadableAnswer);
});

test("a 204 is no picture", async () => {
  const { kirin } = connect([new Response(null, { status: 204 })]);
  expect(await kirin.preview("t1")).toBeNull();
});

describe("secrets", () => {
  it("are in no log, no error and no client", async () => {
    const lines: string[] = [];
    const { kirin } = connect([cut(), answer(task()), refused(401)], {
      log: (line) => lines.push(line),
      webhookSecret: "whsec_precious",
    });
    await kirin.tasks({ q: "private" });
    const error = await thrown(kirin.key());
    expect(lines.length).toBe(3);
    expect(lines[0]).toMatch(/^GET \/model\/v1\/generation\/task: TypeError in \d+ ms$/);
    expect(lines[2]).toMatch(/^GET \/model\/v1\/key: 401 \(request -\) in/);
    const shown = [
      ...lines,
      inspect(kirin, { depth: 9, showHidden: true }),
      JSON.stringify(kirin),
      inspect(error, { depth: 9 }),
    ].join();
    for (const secret of ["secret-key", "precious", "private"]) expect(shown).not.toContain(secret);
  });

  it("that no header can have are refused without telling them", () => {
    for (const options of [
      { apiKey: "one two" },
      { apiKey: "kéy" },
      { baseUrl: "http://me:secret@kirin.test" },
      { baseUrl: "nowhere/secret" },
    ]) {
      let words = "";
      try {
        new Kirin(options);
      } catch (error) {
        words = String(error);
      }
      expect(words).toMatch(/^TypeError: /);
      for (const secret of ["two", "é", "secret"]) expect(words).not.toContain(secret);
    }
  });
});
