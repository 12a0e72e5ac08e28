// The AI SDK with its provider for Replicate, as somebody's program would use it.
import { readFile } from "node:fs/promises";
import { createReplicate } from "@ai-sdk/replicate";
import { experimental_generateVideo as generateVideo } from "ai";

const { base_url, api_key, picture } = JSON.parse(process.argv[2]);
const replicate = createReplicate({ baseURL: base_url, apiToken: api_key });
const told = {};

// Where a server is on this machine, the SDK takes its files by a function of one's own alone.
const download = async ({ url }) => {
  const file = await fetch(url);
  return { data: new Uint8Array(await file.arrayBuffer()), mediaType: "video/mp4" };
};
const generate = async (model, options) => {
  const made = await generateVideo({
    model: replicate.video(model),
    poll: { intervalMs: 100 },
    maxRetries: 0,
    download,
    ...options,
  });
  return [made.video.mediaType, made.video.uint8Array.byteLength];
};
const failure = async (work) => {
  try {
    await work();
    return null;
  } catch (error) {
    return [error.name, error.statusCode ?? null, error.message];
  }
};

const prompt = "a tiny lake";
told.words = await generate("kirin/kirin_v3_t2v", {
  prompt,
  duration: 4,
  aspectRatio: "9:16",
  providerOptions: { replicate: { negative_prompt: "rain" } },
});
told.size = await generate("kwaivgi/kling-v3-video", { prompt, resolution: "1280x720" });
const image = await readFile(picture);
told.picture = await generate("kwaivgi/kling-v2.1", { prompt: { text: prompt, image } });
told.failed = await failure(() => generate("kirin/kirin_v3_t2v", { prompt: "fail" }));
told.refused = await failure(() => generate("kirin/kirin_v3_t2v", { prompt, fps: 24 }));
const stranger = createReplicate({ baseURL: base_url, apiToken: "nobody" });
told.stranger = await failure(() =>
  generateVideo({ model: stranger.video("kirin/kirin_v3_t2v"), prompt, maxRetries: 0 }),
);

console.log(JSON.stringify(told));
