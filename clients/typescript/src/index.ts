/**
 * The client of the Kirin video generation API, for browsers and Node.js.
 *
 *     import { Kirin } from "@kirin/client";
 *
 *     const kirin = new Kirin({ baseUrl: "http://127.0.0.1:8000", apiKey });
 *     const task = await kirin.createAndWait("kirin_v1_6_t2v", { prompt: "Snow on a forest" });
 *     const bytes = await kirin.read(task);
 */

export { picture, type Sendable, type Source } from "./bodies.js";
export { Admin, type CreateAndWaitOptions, Kirin, type RawKirin } from "./client.js";
export { type ClientOptions, Core } from "./core.js";
export type { Downloadable, DownloadOptions } from "./downloads.js";
export * from "./errors.js";
export { type Event, type FollowOptions, type Message, messages } from "./events.js";
export type * from "./models.js";
export { type Answer, type CallOptions, RawResponse, type Request } from "./requests.js";
export { VERSION } from "./version.js";
export type { WaitOptions } from "./waiting.js";
export { type ReceivedHeaders, type UnwrapOptions, unwrap } from "./webhooks.js";
export type { GenerationRequest, Json, ModelId, Params, ParamsOf } from "./wire.js";
