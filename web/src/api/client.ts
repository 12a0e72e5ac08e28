/** The client of the server that the page came from; see clients/typescript. */

import { ApiError, ConnectionFailed } from "@kirin/client";
import { Core, type RawResponse, type Request } from "@kirin/client/core";
import type { Refused } from "../lib/problems";
import { ask } from "./reach";
import { sendingWith } from "./sending";

export { ApiError };

/**
 * A client with one key. It sends each request once: what is read is read again by those who show
 * it, and what is made is made again by those who want it.
 */
export class Client {
  private readonly core: Core;

  /**
   * @param key empty for what takes none.
   * @param refused called when the server does not take the key.
   */
  constructor(
    readonly key: string,
    private readonly refused: () => void,
  ) {
    const baseUrl = location.origin;
    this.core = new Core({
      baseUrl,
      apiKey: key,
      maxRetries: 0,
      timeout: null,
      fetch: this.by(fetch),
    });
  }

  run<T>(request: Request<T>): Promise<T> {
    return this.core.run(request);
  }

  /** The body of an answer as a file, of the kind that the server says. */
  async blob(request: Request<Uint8Array<ArrayBuffer> | null>): Promise<Blob | null> {
    const answer = await this.core.raw(request);
    return answer.parse() && blobOf(answer);
  }

  /** Carries out a request, reporting from 0 to 1 how much of it has gone. */
  send<T>(request: Request<T>, progress: (share: number) => void): Promise<T> {
    return this.core.withOptions({ fetch: this.by(sendingWith(progress)) }).run(request);
  }

  /** Opens a stream of bytes, which counts as broken after so many silent milliseconds. */
  open: Core["open"] = (...given) => this.core.open(...given);

  private by(transport: typeof fetch): typeof fetch {
    return async (path, init) => {
      const answer = await ask(path, init, transport);
      if (answer.status === 401) this.refused();
      return answer;
    };
  }
}

/** A client without a key. */
export const stranger = new Client("", () => undefined);

function blobOf({ content, headers }: RawResponse<unknown>): Blob {
  return new Blob([content], { type: headers.get("content-type") ?? "" });
}

/** Everything that was refused: each of its problems, or the request as a whole. */
export function refusedOf({ problems, code, message }: ApiError): Refused[] {
  return problems.length ? problems : [{ param: "", code, message }];
}

/** Whether nobody answered. */
export function unheard(error: unknown): boolean {
  return error instanceof ConnectionFailed || error instanceof TypeError;
}
