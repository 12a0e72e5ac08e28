/** Files to send. */

/** Something that can be opened as often as it has to be sent: a Blob is, and files of `./node`. */
export interface Source {
  readonly size: number;
  readonly name?: string;
  stream(): ReadableStream<Uint8Array>;
}

/** What can be sent: a File or another Blob, bytes, or a stream, which can be sent only once. */
export type Sendable = Blob | Source | ArrayBuffer | ArrayBufferView | ReadableStream<Uint8Array>;

/** What fetch takes; `BodyInit` is no type of Node.js. */
export type Body = NonNullable<RequestInit["body"]>;

/** Whether requests can be streamed: browsers do it over HTTP/2 alone. */
const STREAMS = globalThis.process?.versions?.node !== undefined;

/** The body of one attempt, as fetch takes it. */
export async function bodyOf(file: Sendable): Promise<Body> {
  const body = file instanceof Blob || !isSource(file) ? file : file.stream();
  return body instanceof ReadableStream && !STREAMS ? await blobOf(body) : (body as Body);
}

/** A form with one file. */
export async function formOf(file: Sendable): Promise<Body> {
  const form = new FormData();
  const name = Reflect.get(file, "name");
  form.append("file", await blobOf(file), typeof name === "string" && name ? name : "file");
  return form;
}

/** Whether it can be sent a second time. */
export function isRepeatable(file: Sendable): boolean {
  return !(file instanceof ReadableStream);
}

/**
 * A picture in the form that parameters take: raw base64.
 *
 * @param file a File or another Blob, bytes, or a stream.
 */
export async function picture(file: Sendable): Promise<string> {
  const bytes = new Uint8Array(await (await blobOf(file)).arrayBuffer());
  let text = "";
  // As arguments of one call, all of them would be too many.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

async function blobOf(file: Sendable): Promise<Blob> {
  if (file instanceof Blob) return file;
  return new Response(isSource(file) ? file.stream() : (file as Body)).blob();
}

function isSource(file: Sendable): file is Source {
  return "stream" in file && typeof file.stream === "function";
}
