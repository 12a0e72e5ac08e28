/** The client with all routes. */

import { clientWith, type Raw, rawOf } from "./bound.js";
import { type ClientOptions, variable } from "./core.js";
import { type Downloadable, type DownloadOptions, download, read } from "./downloads.js";
import { type Event, endsTask, type FollowOptions, follow } from "./events.js";
import type { Task } from "./models.js";
import * as adminRoutes from "./routes/admin.js";
import * as routes from "./routes/index.js";
import { ADMIN_LISTINGS, LISTINGS } from "./routes/listings.js";
import { EVENTS, streamPath } from "./streams.js";
import { type WaitOptions, wait } from "./waiting.js";
import { type ReceivedHeaders, type UnwrapOptions, unwrap } from "./webhooks.js";
import type { Params } from "./wire.js";

const SECRET = "KIRIN_WEBHOOK_SECRET";

const WithRoutes = /* @__PURE__ */ clientWith(routes, LISTINGS);

/** The administration of a server, for keys with the scope `admin`. */
export class Admin extends /* @__PURE__ */ clientWith(adminRoutes, ADMIN_LISTINGS) {}

/** The methods of a client, which give answers with status and headers. */
export type RawKirin = Raw<typeof routes> & { readonly admin: Raw<typeof adminRoutes> };

/** Options of `createAndWait`: `timeout` is for the waiting. */
export type CreateAndWaitOptions = Parameters<typeof routes.create>[2] & WaitOptions;

/**
 * A client of one server with one key.
 *
 *     const kirin = new Kirin({ baseUrl: "http://127.0.0.1:8000", apiKey });
 *     const task = await kirin.createAndWait("kirin_v1_6_t2v", { prompt: "Snow on a forest" });
 *     const bytes = await kirin.read(task);
 */
export class Kirin extends WithRoutes {
  /** The administration, for keys with the scope `admin`. */
  readonly admin: Admin;
  readonly #secret: string | string[] | undefined;

  constructor(options: ClientOptions = {}) {
    super(options);
    this.#secret = options.webhookSecret;
    this.admin = new Admin({ ...options, baseUrl: this.baseUrl });
  }

  /** The same methods, which give answers with status and headers. */
  get withRawResponse(): RawKirin {
    return { ...rawOf(this, routes), admin: rawOf(this.admin, adminRoutes) };
  }

  /**
   * Waits until a task has completed.
   *
   * @throws {TaskFailed} the task failed, or was cancelled.
   * @throws {WaitTimedOut} it took too long.
   */
  wait(taskId: string, options?: WaitOptions): Promise<Task> {
    return wait(this, taskId, options);
  }

  /** Creates a task and waits until it has completed; see `create` and `wait`. */
  async createAndWait(
    model: string,
    params: Params,
    { timeout, onChange, interval, ...options }: CreateAndWaitOptions = {},
  ): Promise<Task> {
    const { id } = await this.create(model, params, options);
    const { signal, headers, maxRetries } = options;
    return wait(this, id, { timeout, onChange, interval, signal, headers, maxRetries });
  }

  /**
   * What becomes of a task, as it happens, until `done`. A connection that breaks is opened again,
   * and nothing is told twice.
   */
  stream(taskId: string, options: FollowOptions = {}): AsyncGenerator<Event, void> {
    return follow(this, streamPath(taskId), options, endsTask);
  }

  /** Every change of the account's tasks, as it happens, without an end. */
  events(options: FollowOptions = {}): AsyncGenerator<Event, void> {
    return follow(this, EVENTS, options, () => false);
  }

  /**
   * The bytes of a file. A connection that breaks is opened again for the rest.
   *
   * @param what a completed task, anything with a `url`, or a URL.
   * @throws {TypeError} the task has no such file.
   */
  read(what: Downloadable, options?: DownloadOptions): Promise<Uint8Array<ArrayBuffer>> {
    return read(this, what, options);
  }

  /**
   * The bytes of what `read` gives, as they come. In Node.js, `save` of `@kirin/client/node`
   * writes them to a file.
   */
  download(what: Downloadable, options?: DownloadOptions): ReadableStream<Uint8Array> {
    return download(this, what, options);
  }

  /**
   * The task that a webhook tells of, if it is signed as it should be.
   *
   * @param body as it came, byte for byte.
   * @param options with a `secret`, where it is another than the client's.
   * @throws {InvalidSignature} it is not from the server, or too old.
   * @throws {TypeError} there is no secret.
   */
  async unwrap(
    body: string | Uint8Array | ArrayBuffer,
    headers: ReceivedHeaders,
    options: UnwrapOptions & { secret?: string | string[] | undefined } = {},
  ): Promise<Task> {
    const known = options.secret ?? this.#secret ?? variable(SECRET);
    if (!known?.length) throw new TypeError(`no secret: pass one, or set ${SECRET}`);
    return unwrap(body, headers, known, options);
  }
}
