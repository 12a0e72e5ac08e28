// The client of Replicate, step by step, as somebody's program would take them.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import Replicate, { validateWebhook } from "replicate";

const { base_url, api_key, picture } = JSON.parse(process.argv[2]);
const replicate = new Replicate({ baseUrl: base_url, auth: api_key });
const told = {};
const prompt = "a tiny lake";
const model = "kwaivgi/kling-v1.6-standard";

// Run, and download.
const progress = [];
const output = await replicate.run(model, { input: { prompt, duration: 5 } }, (each) =>
  progress.push(each.status),
);
told.run = String(output);
told.progress = progress.at(-1);
const file = await fetch(String(output));
told.downloaded = (await file.arrayBuffer()).byteLength;
told.type = file.headers.get("Content-Type");

// A picture, by the files that the client sends by itself.
const blob = new Blob([await readFile(picture)], { type: "image/png" });
told.picture = String(
  await replicate.run("kwaivgi/kling-v2.1", { input: { prompt, start_image: blob } }),
);

// Run by polling, and by an answer that comes before the end.
told.polled = String(
  await replicate.run(model, { input: { prompt }, wait: { mode: "poll", interval: 50 } }),
);
const slow = { prompt: "a tiny slow lake" };
const endless = { prompt: "a tiny crawl" }; // it does not end before it is cancelled
told.early = String(
  await replicate.run(model, { input: slow, wait: { mode: "block", timeout: 1 } }),
);

// By version, follow, list, cancel.
const found = await replicate.models.get("kwaivgi", "kling-v1.6-standard");
told.schema = Object.keys(found.latest_version.openapi_schema.components.schemas.Input.properties);
const version = found.latest_version.id;
let prediction = await replicate.predictions.create({ version, input: { prompt } });
told.created = prediction.status;
prediction = await replicate.wait(prediction, { interval: 50 });
told.waited = prediction.status;
const ids = [];
for await (const page of replicate.paginate(replicate.predictions.list)) {
  ids.push(...page.map((each) => each.id));
}
told.listed = ids.includes(prediction.id);
const held = await replicate.predictions.create({ model, input: endless });
told.cancelled = (await replicate.predictions.cancel(held.id)).status;

// Files and the account.
const sent = await replicate.files.create(blob);
told.file = [(await replicate.files.get(sent.id)).size, await replicate.files.delete(sent.id)];
told.account = (await replicate.accounts.current()).type;

// Errors.
const failure = async (work) => {
  try {
    await work();
    return null;
  } catch (error) {
    return [error.name, error.response?.status ?? null, error.message];
  }
};
told.failed = await failure(() => replicate.run(model, { input: { prompt: "fail" } }));
told.refused = await failure(() => replicate.run(model, { input: { prompt, colour: "red" } }));
told.unknown = await failure(() => replicate.run("nobody/nothing", { input: { prompt } }));
const stranger = new Replicate({ baseUrl: base_url, auth: "nobody" });
told.stranger = await failure(() => stranger.predictions.list());

// A webhook, validated by the client's own helper.
const { key } = await replicate.webhooks.default.secret.get();
told.webhook = await new Promise((resolve) => {
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", async () => {
      const body = Buffer.concat(parts).toString();
      response.end();
      server.close();
      const valid = await validateWebhook({ headers: request.headers, body }, key);
      resolve([valid, JSON.parse(body).status]);
    });
  });
  server.listen(0, "127.0.0.1", () => {
    const webhook = `http://127.0.0.1:${server.address().port}/hook`;
    const webhook_events_filter = ["completed"];
    replicate.predictions.create({ model, input: { prompt }, webhook, webhook_events_filter });
  });
});

console.log(JSON.stringify(told));
