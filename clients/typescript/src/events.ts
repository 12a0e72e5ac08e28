/** Server-Sent Events, as the HTML standard has them, over as many connections as it takes. */

import type { Core } from "./core.js";
import { ConnectionFailed, UnreadableAnswer } from "./errors.js";
import { Limited, sleep } from "./limits.js";
import type { Task } from "./models.js";
import { Attempts } from "./retries.js";

/** Something that became of a task. */
export interface Event {
  /**
   * In a task's stream `output`, `done` or `error`; in the account's the status of the task, or
   * `reset` where events were missed and the tasks are to be listed.
   */
  readonly name: string;
  /** Where to go on from; `after` of a later stream takes it. */
  readonly id: string;
  /** The JSON object that came with it. */
  readonly data: Record<string, unknown>;
  /** The task as it was then: `data`, by its type. */
  readonly task: Task;
}

/** A message of a stream; without data, it only says that the connection lives. */
export interface Message {
  /** The last id in the stream so far, if the message has none of its own. */
  id: string;
  name: string;
  data: string;
  /** Milliseconds to wait before connecting anew, where the server said so. */
  retry: number | undefined;
}

export interface FollowOptions {
  /** `id` of the last event that is known already. */
  after?: string | undefined;
  /** Closes the stream; it throws the reason. */
  signal?: AbortSignal | undefined;
}

/** Characters; no event is as long. */
const LONGEST_LINE = 1 << 24;

/**
 * The messages in a stream of bytes, and every comment that keeps it open.
 *
 * @param after the id of the last message before these.
 */
export async function* messages(
  pieces: AsyncIterable<Uint8Array>,
  after = "",
): AsyncGenerator<Message> {
  const decoder = new TextDecoder();
  const fresh = { id: after, name: "", data: "", retry: undefined };
  let message: Message = { ...fresh };
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST_LINE) {
      throw new UnreadableAnswer("a line of the event stream is too long");
    }
    for (const line of lines) {
      const found = line.replace(/\r$/, "");
      if (found) {
        take(message, found);
        continue;
      }
      const { id, retry } = message;
      yield { ...message, data: message.data.slice(1) };
      message = { ...fresh, id, retry };
    }
  }
}

/** Lines that start with a colon are comments. */
function take(message: Message, line: string): void {
  const at = `${line}:`.indexOf(":");
  const value = line.slice(at + 1).replace(/^ /, "");
  switch (line.slice(0, at)) {
    case "event":
      message.name = value;
      break;
    case "data":
      message.data += `\n${value}`;
      break;
    case "id":
      if (!value.includes("\0")) message.id = value;
      break;
    case "retry":
      if (/^\d+$/.test(value)) message.retry = Number(value);
      break;
  }
}

/**
 * Events, until one is the last. A connection that breaks is opened again, and nothing is told
 * twice.
 *
 * @param ends whether an event is the last one.
 */
export async function* follow(
  client: Core,
  path: string,
  { after = "", signal }: FollowOptions,
  ends: (event: Event) => boolean,
): AsyncGenerator<Event> {
  const attempts = new Attempts(client.maxRetries, null);
  let last = after;
  let retry = 0;
  for (;;) {
    const limited = new Limited(signal);
    try {
      const headers = { Accept: "text/event-stream", ...(last && { "Last-Event-ID": last }) };
      const { response, pieces } = await client.open(path, { headers, cache: "no-store" }, limited);
      const type = response.headers.get("content-type") ?? "nothing";
      if (!type.startsWith("text/event-stream")) {
        throw new UnreadableAnswer(`expected an event stream, got ${type}`);
      }
      for await (const message of messages(pieces, last)) {
        signal?.throwIfAborted(); // whoever has stopped is told nothing that came before
        last = message.id;
        retry = message.retry ?? retry;
        if (!message.data) continue;
        attempts.reset();
        const event = eventOf(message);
        yield event;
        if (ends(event)) return;
      }
      throw new ConnectionFailed("the server closed the event stream", client.baseUrl + path);
    } catch (error) {
      const pause = signal?.aborted ? undefined : attempts.again(error, true);
      if (pause === undefined) throw error;
      await sleep(attempts.made > 1 ? Math.max(pause, retry) : pause, signal);
    } finally {
      limited.over();
    }
  }
}

/** Whether a task's stream has nothing to say after an event. */
export function endsTask({ name }: Event): boolean {
  return name === "done" || name === "error";
}

function eventOf({ id, name, data }: Message): Event {
  let found: unknown;
  try {
    found = JSON.parse(data);
  } catch {
    found = undefined;
  }
  if (typeof found !== "object" || found === null || Array.isArray(found)) {
    throw new UnreadableAnswer("an event has no JSON object as its data");
  }
  return {
    name: name || "message",
    id,
    data: found as Record<string, unknown>,
    task: found as Task,
  };
}
