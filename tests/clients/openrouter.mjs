// The SDK of OpenRouter, step by step, as somebody's program would take them.
import { writeFile } from "node:fs/promises";
import { OpenRouter } from "@openrouter/sdk";
import {
  NotFoundResponseError,
  PaymentRequiredResponseError,
  UnauthorizedResponseError,
  BadRequestResponseError,
  ConflictResponseError,
} from "@openrouter/sdk/models/errors";

const { base_url, api_key, picture, callback_url, poor, held, sign } = JSON.parse(process.argv[2]);
const clientOf = (apiKey, serverURL = base_url) => new OpenRouter({ apiKey, serverURL });
const videos = clientOf(api_key).videoGeneration;
const told = {};

async function generate(order, options) {
  return videos.generate({ videoGenerationRequest: order }, options);
}

async function finished(job) {
  for (;;) {
    const video = await videos.getGeneration({ jobId: job.id });
    if (!["pending", "in_progress"].includes(video.status)) return video;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function bytes(stream) {
  return Buffer.from(await new Response(stream).arrayBuffer());
}

async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    const kinds = {
      NotFoundResponseError,
      PaymentRequiredResponseError,
      UnauthorizedResponseError,
      BadRequestResponseError,
      ConflictResponseError,
    };
    const name = Object.keys(kinds).find((each) => error instanceof kinds[each]);
    return { name, status: error.statusCode, message: error.message, error: error.error };
  }
  throw new Error("nothing was refused");
}

const job = await generate({
  model: "kwaivgi/kling-v3.0-std",
  prompt: held, // it is asked for before it is there
  duration: 4,
  resolution: "720p",
  aspectRatio: "16:9",
  generateAudio: false,
  callbackUrl: callback_url,
});
told.created = job.status;
told.early = await refusal(videos.getVideoContent({ jobId: job.id }));
await writeFile(sign, "");
const video = await finished(job);
told.id = video.id;
told.status = video.status;
told.usage = video.usage;
const content = await bytes(await videos.getVideoContent({ jobId: video.id, index: 0 }));
const link = await fetch(video.unsignedUrls[0]);
told.same = content.equals(Buffer.from(await link.arrayBuffer()));
told.video = content.toString("base64");
told.polled = (await fetch(job.pollingUrl, { headers: { Authorization: `Bearer ${api_key}` } })).status;

const drawn = await finished(
  await generate({
    model: "kwaivgi/kling-v3.0-std",
    prompt: "a tiny lake",
    frameImages: [{ type: "image_url", imageUrl: { url: picture }, frameType: "first_frame" }],
  }),
);
told.from_picture = { status: drawn.status, id: drawn.id };
const failed = await finished(await generate({ model: "kirin_v1_6_t2v", prompt: "fail" }));
told.failed = { status: failed.status, error: failed.error };

told.refused = await refusal(generate({ model: "kirin_v1_6_t2v", prompt: "a lake", seed: -1 }));
told.unknown = await refusal(generate({ model: "google/veo-3.1", prompt: "a lake" }));
told.missing = await refusal(videos.getGeneration({ jobId: "nothing" }));
told.stranger = await refusal(clientOf("nobody").videoGeneration.getGeneration({ jobId: job.id }));
if (poor) {
  const order = { model: "kirin_v1_6_t2v", prompt: "a lake" };
  const client = clientOf(poor.api_key, poor.base_url).videoGeneration;
  told.poor = await refusal(client.generate({ videoGenerationRequest: order }));
}

const once = { headers: { "Idempotency-Key": "openrouter-1" } };
const order = { model: "kirin_v1_6_t2v", prompt: "a tiny lake" };
told.repeated = (await generate(order, once)).id === (await generate(order, once)).id;
told.changed = await refusal(generate({ ...order, prompt: "a tiny sea" }, once));

const { data } = await videos.listVideosModels();
told.models = data.map((each) => [each.id, each.supportedResolutions, each.supportedFrameImages]);

console.log(JSON.stringify(told));
