/** Event streams: how they are read, and how they go on. */

import { describe, expect, it } from "vitest";
import {
  ConnectionFailed,
  type Message,
  messages,
  NotFound,
  UnreadableAnswer,
} from "../src/index.js";
import { pauses } from "./pauses.js";
import { answer, connect, cut, refused, stream, type Told, task } from "./support.js";

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const each of items) found.push(each);
  return found;
}

async function read(...pieces: (string | Uint8Array)[]): Promise<Message[]> {
  return all(messages(stream(pieces) as unknown as AsyncIterable<Uint8Array>));
}

describe("messages", () => {
  it("come with id, name and data, and so do comments", async () => {
    const found = await read(": keepalive\n\nid: 4\nevent: done\ndata: 1\n\ndata: 2\ndata:  3\n\n");
    expect(found.map(({ id, name, data }) => [id, name, data])).toEqual([
      ["", "", ""],
      ["4", "done", "1"],
      ["4", "", "2\n 3"],
    ]);
  });

  it("may be cut anywhere, in the middle of a character, too", async () => {
    const bytes = new TextEncoder().encode("data: 雪\u2028a\r\n\r\nretry: 70\n\n");
    const found = await read(...Array.from(bytes, (byte) => Uint8Array.of(byte)));
    expect(found.map(({ data, retry }) => [data, retry])).toEqual([
      ["雪\u2028a", undefined],
      ["", 70],
    ]);
  });

  it("that are not complete do not count", async () => {
    expect(await read("data: 1\n")).toEqual([]);
  });
});

/** An answer with a stream of events. */
function events(told: [number, string, unknown][], ...end: (string | Error)[]): Told {
  const text = told.map(
    ([id, name, data]) => `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`,
  );
  return () =>
    new Response(stream(["retry: 1500\n\n: keepalive\n\n", ...text, ...end]), {
      headers: { "Content-Type": "text/event-stream; charset=utf-8" },
    });
}

describe("a stream", () => {
  it("is opened again where it broke", async () => {
    const { kirin, server } = connect([
      events(
        [[1, "output", task("in_progress", { progress: 0.1 })]],
        "id: 9\nevent: output\ndata: {",
      ),
      refused(503),
      events([[5, "output", task("in_progress", { progress: 0.5 })]], cut()),
      events([
        [20, "done", task("completed")],
        [21, "output", task()],
      ]),
    ]);
    const told = await all(kirin.stream("a/b", { after: "0" }));
    expect(told.map(({ name, id, task }) => [name, id, task.status])).toEqual([
      ["output", "1", "in_progress"],
      ["output", "5", "in_progress"],
      ["done", "20", "completed"],
    ]);
    expect(server.header("last-event-id")).toEqual(["0", "1", "1", "5"]);
    expect(server.requests[0]?.url).toMatch(/\/task\/a%2Fb\/stream$/);
    expect(pauses.length).toBe(3);
    expect(pauses[1]).toBeGreaterThanOrEqual(1500); // as the server asked for
  });

  it("that does not come back ends", async () => {
    const { kirin, server } = connect([events([])], { maxRetries: 2 });
    await expect(all(kirin.stream("t1"))).rejects.toBeInstanceOf(ConnectionFailed);
    expect(server.requests.length).toBe(3);
  });

  it("is none where there is none", async () => {
    await expect(all(connect([refused(404)]).kirin.stream("t1"))).rejects.toBeInstanceOf(NotFound);
    const page = connect([answer(task())]).kirin;
    await expect(all(page.stream("t1"))).rejects.toBeInstanceOf(UnreadableAnswer);
  });

  it("of the account goes on after a task has ended", async () => {
    const { kirin } = connect([
      events([
        [1, "completed", task("completed")],
        [2, "reset", {}],
      ]),
    ]);
    const names: string[] = [];
    for await (const { name } of kirin.events()) {
      names.push(name);
      if (name === "reset") break;
    }
    expect(names).toEqual(["completed", "reset"]);
  });

  it("is closed when nobody listens any more, and when the caller wants it", async () => {
    const closed: unknown[] = [];
    const open: Told = (_, signal) => {
      signal.addEventListener("abort", () => closed.push(signal.reason));
      return new Response(
        new ReadableStream({
          start(sink) {
            sink.enqueue(new TextEncoder().encode(`id: 1\ndata: ${JSON.stringify(task())}\n\n`));
            signal.addEventListener("abort", () => sink.error(signal.reason));
          },
        }),
        { headers: { "Content-Type": "text/event-stream" } },
      );
    };
    const { kirin, server } = connect([open]);
    for await (const { id } of kirin.stream("t1")) {
      expect(id).toBe("1");
      break;
    }
    expect(closed.length).toBe(1);
    const stop = new AbortController();
    const followed = (async () => {
      for await (const _ of kirin.stream("t1", { signal: stop.signal })) stop.abort();
    })();
    await expect(followed).rejects.toMatchObject({ name: "AbortError" });
    expect(closed.length).toBe(2);
    expect(server.requests.length).toBe(2);
  });

  it("tells nothing after it was stopped, though it is there", async () => {
    const { kirin } = connect([
      events([
        [1, "output", task()],
        [2, "output", task()],
        [3, "done", task("completed")],
      ]),
    ]);
    const stop = new AbortController();
    const told: string[] = [];
    const reading = async () => {
      for await (const { id } of kirin.events({ signal: stop.signal })) {
        told.push(id);
        stop.abort();
      }
    };
    await expect(reading()).rejects.toThrow(/abort/i);
    expect(told).toEqual(["1"]);
  });
});
