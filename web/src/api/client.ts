import type { Refused } from "../lib/problems";
import { ask, DOWN, suspect } from "./reach";
import type { Problem } from "./types";

/** An error answer of the server; `problems` name parameters. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problems: Problem[],
    readonly requestId: string,
  ) {
    super(message);
  }

  /** Everything that was refused: each of its problems, or the request as a whole. */
  get refused(): Refused[] {
    if (this.problems.length) return this.problems;
    return [{ param: "", code: this.code, message: this.message }];
  }
}

/** A client of the server that the page came from, with one key. */
export class Client {
  constructor(
    readonly key: string,
    private readonly refused: () => void,
  ) {}

  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.send<T>("GET", path, undefined, signal);
  }

  post<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    return this.send<T>("POST", path, body, signal);
  }

  delete<T>(path: string): Promise<T> {
    return this.send<T>("DELETE", path);
  }

  async send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const answer = await this.raw(method, path, body, signal);
    return (await answer.json()) as T;
  }

  /** Sends bytes, reporting progress from 0 to 1, which fetch cannot do. */
  upload<T>(
    path: string,
    body: Blob | string,
    progress: (share: number) => void,
    signal: AbortSignal,
    headers: Record<string, string> = {},
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", path);
      request.setRequestHeader("Authorization", `Bearer ${this.key}`);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
      request.onload = async () => {
        const answer = new Response(request.response, request);
        if (answer.ok) return resolve((await answer.json()) as T);
        if (answer.status === 401) this.refused();
        if (DOWN.includes(answer.status)) void suspect();
        reject(await errorOf(answer));
      };
      request.onerror = () => {
        void suspect();
        reject(new TypeError("nobody answered"));
      };
      request.onabort = () => reject(signal.reason);
      signal.addEventListener("abort", () => request.abort());
      request.send(body);
    });
  }

  /** The response itself, for what is not JSON. Throws an ApiError for anything but success. */
  async raw(method: string, path: string, body?: unknown, signal?: AbortSignal) {
    const answer = await ask(path, {
      method,
      signal: signal ?? null,
      headers: {
        ...(this.key ? { Authorization: `Bearer ${this.key}` } : {}),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    });
    if (answer.ok) return answer;
    if (answer.status === 401) this.refused();
    throw await errorOf(answer);
  }
}

export async function errorOf(answer: Response): Promise<ApiError> {
  const told = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  return new ApiError(
    answer.status,
    String(told.code ?? answer.status),
    String(told.message ?? answer.statusText),
    Array.isArray(told.errors) ? (told.errors as Problem[]) : [],
    String(told.request_id ?? ""),
  );
}
