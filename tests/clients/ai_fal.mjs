// The AI SDK with its provider for fal, step by step, as somebody's program would take them.
import { createFal } from "@ai-sdk/fal";
import { experimental_generateVideo as generateVideo } from "ai";

const { base_url, api_key, picture } = JSON.parse(process.argv[2]);
const proxy = (url, init) =>
  fetch(`${base_url}/fal/proxy`, {
    ...init,
    headers: { ...Object.fromEntries(new Headers(init.headers)), "x-fal-target-url": String(url) },
  });
const provider = (apiKey) => createFal({ apiKey, fetch: proxy });
const fal = provider(api_key);
const download = async ({ url }) => {
  const answer = await fetch(url);
  return {
    data: new Uint8Array(await answer.arrayBuffer()),
    mediaType: answer.headers.get("content-type"),
  };
};
const common = { download, poll: { intervalMs: 50 }, maxRetries: 0 };
const told = {};

const words = await generateVideo({
  ...common,
  model: fal.video("fal-ai/kling-video/v2.5-turbo/pro/text-to-video"),
  prompt: "a tiny lake",
  aspectRatio: "9:16",
  duration: 5,
});
told.words = {
  bytes: words.video.uint8Array.length,
  type: words.video.mediaType,
  facts: words.providerMetadata.fal.videos[0],
};

const moved = await generateVideo({
  ...common,
  model: fal.video("kirin/kirin_v2_5_turbo_i2v"),
  prompt: { image: Buffer.from(picture, "base64"), text: "a tiny lake" },
});
told.picture = moved.providerMetadata.fal.videos[0];

const refused = async (options) => {
  try {
    await generateVideo({ ...common, prompt: "a tiny lake", ...options });
    return null;
  } catch (error) {
    return [error.statusCode ?? null, error.message];
  }
};
const model = fal.video("kling-video/v3/standard/text-to-video");
told.refused = await refused({ model, duration: 99 });
told.seed = await refused({ model, seed: 7 });
told.failed = await refused({ model, prompt: "fail" });
told.stranger = await refused({
  model: provider("nobody").video("kling-video/v3/standard/text-to-video"),
});

console.log(JSON.stringify(told));
