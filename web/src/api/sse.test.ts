import { expect, test } from "vitest";
import { type Message, messages } from "./sse";

async function read(...pieces: string[]): Promise<Message[]> {
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(encoder.encode(piece));
      controller.close();
    },
  });
  const found: Message[] = [];
  for await (const message of messages(stream)) found.push(message);
  return found;
}

test("messages are whole however the stream is cut", async () => {
  const text =
    'retry: 1000\nid: 7\n\n: keep-alive\n\nid: 8\nevent: completed\ndata: {"a": "海"}\n\n';
  const whole = await read(text);
  expect(whole).toEqual([
    { id: "7", name: "", data: "" },
    { id: "7", name: "", data: "" },
    { id: "8", name: "completed", data: '{"a": "海"}' },
  ]);
  for (let at = 1; at < text.length; at++) {
    expect(await read(text.slice(0, at), text.slice(at))).toEqual(whole);
  }
});

test("what was not finished when the stream broke is no message", async () => {
  expect(await read("id: 9\nevent: completed\ndata: {")).toEqual([]);
});
