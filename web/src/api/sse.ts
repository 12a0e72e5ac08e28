/** Parses Server-Sent Events, as the WHATWG's HTML standard defines them, from a stream of bytes. */

export interface Message {
  /** The last id in the stream so far, if the message has none of its own. */
  id: string;
  name: string;
  data: string;
}

/**
 * Yields messages as they arrive. Those without data are included, so that the reader can tell a
 * silent stream from a dead one.
 */
export async function* messages(stream: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  let id = "";
  let rest = "";
  const reader = stream.pipeThrough(new TextDecoderStream() as never).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += value as unknown as string;
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = fieldsOf(block);
      id = fields.get("id") ?? id;
      yield { id, name: fields.get("event") ?? "", data: fields.get("data") ?? "" };
    }
  }
}

/** Lines that start with a colon are comments; they only keep the connection open. */
function fieldsOf(block: string): Map<string, string> {
  const lines = block.split("\n").filter((line) => line && !line.startsWith(":"));
  return new Map(
    lines.map((line) => {
      const at = line.indexOf(":");
      const name = at < 0 ? line : line.slice(0, at);
      return [name, at < 0 ? "" : line.slice(at + 1).replace(/^ /, "")];
    }),
  );
}
