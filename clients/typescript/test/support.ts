/** A client of a server that is a list of answers, without a network or a moment's pause. */

import { type ClientOptions, Kirin } from "../src/index.js";

/** An answer, or what fetch throws. */
export type Told =
  | Response
  | Error
  | ((request: Request, signal: AbortSignal) => Response | Promise<Response>);

export class Server {
  readonly requests: Request[] = [];
  readonly bodies: string[] = [];
  private next = 0;

  constructor(private readonly answers: Told[]) {}

  /** Gives the answers in turn, and the last one ever after. */
  readonly fetch = async (address: string | URL | Request, init?: RequestInit) => {
    const request = new Request(address, init);
    this.requests.push(request);
    const told = this.answers[Math.min(this.next++, this.answers.length - 1)];
    if (told instanceof Error) throw told;
    this.bodies.push(await request.clone().text());
    // That of the Request would be collected before it is aborted.
    if (typeof told === "function") return told(request, init?.signal as AbortSignal);
    if (!told) throw new Error("no answer is left");
    return told.clone();
  };

  header(name: string): (string | null)[] {
    return this.requests.map(({ headers }) => headers.get(name));
  }

  query(index = 0): Record<string, string> {
    return Object.fromEntries(new URL(this.requests[index]?.url ?? "").searchParams);
  }
}

/** A client and its server. */
export function connect(
  answers: Told[],
  options: ClientOptions = {},
): { kirin: Kirin; server: Server } {
  const server = new Server(answers);
  const given = { baseUrl: "http://kirin.test", apiKey: "secret-key", ...options };
  return { kirin: new Kirin({ ...given, fetch: server.fetch as typeof fetch }), server };
}

export function answer(body: unknown, status = 200, headers: Record<string, string> = {}) {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  });
}

export function refused(
  status: number,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
) {
  const body = { code: "some_code", message: "it is refused", request_id: "r1", ...more };
  return answer(body, status, headers);
}

export function task(status = "in_progress", more: Record<string, unknown> = {}) {
  return { id: "t1", status, metadata: {}, created_at: 1, updated_at: 2, ...more };
}

/** What fetch of Node.js throws where nobody listens. */
export function unreachable() {
  return new TypeError("fetch failed", {
    cause: Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }),
  });
}

/** What it throws where a connection breaks. */
export function cut() {
  return new TypeError("terminated");
}

/** A body that comes piece by piece, and breaks at its end if that is an error. */
export function stream(pieces: (string | Uint8Array | Error)[]): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(sink) {
      const piece = left.shift();
      if (piece === undefined) sink.close();
      else if (piece instanceof Error) sink.error(piece);
      else sink.enqueue(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
    },
  });
}

/** What a client's test expects a call to throw. */
export async function thrown(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error) => error,
  );
}
