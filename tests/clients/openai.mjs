// The SDK of OpenAI, step by step, as somebody's program would take them.
import { createServer } from "node:http";
import OpenAI, { toFile } from "openai";

const { base_url, api_key, picture, picture_url, webhook_secret } = JSON.parse(process.argv[2]);
const clientOf = (apiKey, more = {}) =>
  new OpenAI({ baseURL: base_url, apiKey, webhookSecret: webhook_secret, ...more });
const client = clientOf(api_key);
const told = {};

async function finished(video) {
  while (!["completed", "failed"].includes(video.status)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    video = await client.videos.retrieve(video.id);
  }
  return video;
}

async function content(id, query) {
  const answer = await client.videos.downloadContent(id, query);
  return Buffer.from(await answer.arrayBuffer());
}

async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    const { status, code, param, type, message, requestID } = error;
    return { name: error.constructor.name, status, code, param, type, message, id: requestID };
  }
  throw new Error("nothing was refused");
}

/** Takes one webhook, and what the SDK makes of it. */
function receiver() {
  let hear;
  const heard = new Promise((resolve) => (hear = resolve));
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    response.end();
    server.close();
    try {
      const event = await client.webhooks.unwrap(body, request.headers);
      const changed = await refusal(client.webhooks.unwrap(`${body} `, request.headers));
      hear({ event, changed: changed.name });
    } catch (error) {
      hear({ error: String(error) });
    }
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () =>
      resolve({ url: `http://127.0.0.1:${server.address().port}/hook`, heard }),
    ),
  );
}

const hook = await receiver();
const created = await client.videos.create({
  model: "sora-2",
  prompt: "a tiny lake",
  seconds: "4",
  size: "1280x720",
  callback_url: hook.url,
});
told.created = [created.object, created.status];
const video = await finished(created);
told.video = video;
told.content = (await content(video.id)).toString("base64");
told.thumbnail = (await content(video.id, { variant: "thumbnail" })).subarray(8, 12).toString();
told.hook = await hook.heard;

const file = await toFile(Buffer.from(picture, "base64"), "first.png", { type: "image/png" });
const drawn = await client.videos.create({ prompt: "a tiny lake", input_reference: file });
told.from_file = { status: (await finished(drawn)).status, model: drawn.model };
const linked = await client.videos.create({
  prompt: "a tiny lake",
  input_reference: { image_url: picture_url },
});
told.from_address = { status: (await finished(linked)).status, model: linked.model };

const first = await client.videos.list({ limit: 2 });
told.page = { ids: first.data.map((each) => each.id), more: first.has_more };
const ids = [];
for await (const each of client.videos.list({ limit: 2, order: "asc" })) ids.push(each.id);
told.listed = ids;
told.made = [video.id, drawn.id, linked.id];

const remix = await finished(await client.videos.remix(video.id, { prompt: "a tiny sea" }));
told.remix = { from: remix.remixed_from_video_id, prompt: remix.prompt, status: remix.status };
told.deleted = await client.videos.delete(remix.id);
told.gone = await refusal(client.videos.retrieve(remix.id));

told.failed = await finished(await client.videos.create({ model: "kirin_v1_6_t2v", prompt: "fail" }));
told.refused = await refusal(client.videos.create({ prompt: "a lake", size: "1024x1792" }));
told.unknown = await refusal(client.videos.create({ model: "gpt-9", prompt: "a lake" }));
told.strange = await refusal(client.chat.completions.create({ model: "gpt-9", messages: [] }));
told.stranger = await refusal(clientOf("nobody").videos.list());

const once = { headers: { "Idempotency-Key": "openai-js-1" } };
const order = { model: "kirin_v1_6_t2v", prompt: "a tiny lake" };
const repeated = await Promise.all([1, 2].map(() => client.videos.create(order, once)));
told.repeated = repeated[0].id === repeated[1].id;
told.changed = await refusal(client.videos.create({ ...order, prompt: "a tiny sea" }, once));

told.models = [];
for await (const model of client.models.list()) told.models.push(model.id);

console.log(JSON.stringify(told));
