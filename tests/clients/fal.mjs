// The client of fal, step by step, as somebody's program would take them.
import { writeFile } from "node:fs/promises";
import { ApiError, createFalClient, ValidationError } from "@fal-ai/client";

const { base_url, api_key, picture, webhook, held, sign } = JSON.parse(process.argv[2]);
const T2V = "fal-ai/kling-video/v3/standard/text-to-video";
const I2V = "fal-ai/kling-video/v3/pro/image-to-video";
const prompt = "a tiny lake";
const told = {};

const hosts = {
  "https://queue.fal.run": `${base_url}/fal`,
  "https://fal.run": `${base_url}/fal/run`,
  "https://rest.fal.ai": `${base_url}/fal/rest`,
};
const requestMiddleware = async (request) => {
  const { origin } = new URL(request.url);
  return { ...request, url: request.url.replace(origin, hosts[origin]) };
};
const client = (credentials = api_key) =>
  createFalClient({ credentials, requestMiddleware, retry: { maxRetries: 0 } });
const proxied = createFalClient({
  credentials: api_key,
  proxyUrl: { url: `${base_url}/fal/proxy`, when: "always" },
});
const fal = client();

const refused = async (promise) => {
  try {
    await promise;
    return null;
  } catch (error) {
    return error;
  }
};

// From words, followed by polling, and downloaded.
const updates = [];
const made = await fal.subscribe(T2V, {
  input: { prompt, duration: "4" },
  logs: true,
  pollInterval: 50,
  onQueueUpdate: (update) => updates.push(update),
});
const file = await fetch(made.data.video.url);
told.words = {
  id: made.requestId,
  video: made.data.video,
  bytes: (await file.arrayBuffer()).byteLength,
  last: updates.at(-1).status,
  logs: updates.at(-1).logs.map((log) => log.message),
};

// From a picture of this machine, which the client uploads; followed by a stream.
const blob = new Blob([Buffer.from(picture, "base64")], { type: "image/png" });
const seen = [];
const queued = await fal.queue.submit(I2V, { input: { prompt, start_image_url: blob } });
const last = await fal.queue.subscribeToStatus(I2V, {
  requestId: queued.request_id,
  mode: "streaming",
  logs: true,
  onQueueUpdate: (update) => seen.push(update.status),
});
const result = await fal.queue.result(I2V, { requestId: queued.request_id });
told.picture = { status: last.status, seen, video: result.data.video };

// By its proxy, with an upload, and in one request.
const uploaded = await proxied.storage.upload(blob);
const second = await proxied.run(I2V, { input: { prompt, image_url: uploaded } });
told.proxied = { width: second.data.video.width, id: second.requestId };
const third = await proxied.queue.submit(T2V, { input: { prompt } });
told.proxied.status_url = third.status_url;

// A stream that ends with the result, of a video that is held until the stream has begun.
const stream = await fal.stream(T2V, { input: { prompt: held } });
const events = [];
for await (const event of stream) {
  events.push(event);
  await writeFile(sign, "");
}
told.stream = { first: events[0].status, last: (await stream.done()).video.content_type };

// Cancelled, long before its end.
const late = await fal.queue.submit(T2V, { input: { prompt: "crawl" } });
await fal.queue.cancel(T2V, { requestId: late.request_id });
const over = await fal.queue.status(T2V, { requestId: late.request_id });
told.cancelled = { status: over.status, error: over.error };
const again = await refused(fal.queue.cancel(T2V, { requestId: late.request_id }));
told.cancelled.again = [again.status, again.body.status];

// Told by a webhook.
const hooked = await fal.queue.submit(T2V, { input: { prompt }, webhookUrl: webhook });
told.hooked = hooked.request_id;

// Repeated under one key.
const once = { input: { prompt }, headers: { "Idempotency-Key": "fal-js-7" } };
const ids = [await fal.queue.submit(T2V, once), await fal.queue.submit(T2V, once)];
told.repeated = ids[0].request_id === ids[1].request_id;

// Refused.
const wrong = await refused(fal.queue.submit(T2V, { input: { prompt, duration: "99" } }));
told.refused = {
  validation: wrong instanceof ValidationError,
  status: wrong.status,
  field: wrong.getFieldErrors("duration"),
  message: wrong.message,
};
const stranger = await refused(client("nobody").queue.submit(T2V, { input: { prompt } }));
told.stranger = [stranger instanceof ApiError, stranger.status, stranger.body.detail];
const unknown = await refused(fal.queue.submit("fal-ai/kling-video/v9", { input: { prompt } }));
told.unknown = [unknown.status, unknown.body.detail];
const failed = await refused(fal.subscribe(T2V, { input: { prompt: "fail" }, pollInterval: 50 }));
told.failed = [failed.status, failed.body.detail];

console.log(JSON.stringify(told));
