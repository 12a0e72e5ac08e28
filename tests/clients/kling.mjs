// The package kling-api, step by step, as somebody's program would take them. It insists on https,
// so there is a proxy with a certificate in front of the server, as there is on the internet.
import http from "node:http";
import https from "node:https";
import { KlingAPI } from "kling-api";

const given = JSON.parse(process.argv[2]);
const { base_url, access_key, secret_key, picture, chain, authority } = given;
const target = new URL(base_url);
https.globalAgent.options.ca = authority;

const proxy = https.createServer({ key: chain, cert: chain }, (request, response) => {
  const headers = { ...request.headers, "x-forwarded-proto": "https" };
  const { hostname, port } = target;
  const onward = http.request(
    { hostname, port, path: request.url, method: request.method, headers },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    },
  );
  request.pipe(onward);
});
await new Promise((ready) => proxy.listen(0, ready));
const baseUrl = `https://localhost:${proxy.address().port}`;

const api = new KlingAPI({ accessKey: access_key, secretKey: secret_key, baseUrl });
const soon = { interval: 100, showSpinner: false };
const told = {};

const size = (url) =>
  new Promise((done, failed) =>
    https.get(url, (answer) => {
      let bytes = 0;
      answer.on("data", (part) => (bytes += part.length));
      answer.on("end", () => done(answer.statusCode === 200 ? bytes : -1));
    }).on("error", failed),
  );
const refusal = async (act) => {
  try {
    await act();
    return null;
  } catch (error) {
    return { name: error.name, code: error.code, status: error.httpStatus, message: error.message };
  }
};

const task = await api.textToVideo({
  prompt: "a tiny lake",
  model_name: "kling-v1-6",
  duration: "5",
  external_task_id: "from-words",
});
told.created = task.data;
const done = await api.waitForVideoResult(task.data.task_id, undefined, soon);
told.done = done.data;
told.bytes = await size(done.data.task_result.videos[0].url);
told.by_name = (await api.queryTextToVideoTask("from-words")).data.task_id;

const still = await api.imageToVideo({ image: picture, model_name: "kling-v2-1", mode: "std" });
const query = api.queryImageToVideoTask.bind(api);
told.picture = (await api.waitForVideoResult(still.data.task_id, query, soon)).data;

const more = await api.extendVideo({ video_id: done.data.task_result.videos[0].id });
const longer = api.queryExtendVideoTask.bind(api);
told.longer = (await api.waitForVideoResult(more.data.task_id, longer, soon)).data;

const several = await api.multiImageToVideo({
  image_list: [{ image: picture }, { image: picture }],
  prompt: "two lakes meet",
});
const meeting = api.queryMultiImageToVideoTask.bind(api);
told.several = (await api.waitForVideoResult(several.data.task_id, meeting, soon)).data;

const omni = await api.omniVideo({
  prompt: "<<<image_1>>> at dawn",
  image_list: [{ image_url: picture }],
  aspect_ratio: "16:9",
  duration: "5",
});
const dawn = api.queryOmniVideoTask.bind(api);
told.omni = (await api.waitForVideoResult(omni.data.task_id, dawn, soon)).data;

told.costs = (await api.getAccountInfo(Date.now() - 3_600_000, Date.now())).data;
told.healthy = await api.healthCheck();

told.refused = await refusal(() =>
  api.imageToVideo({ image: picture, model_name: "kling-v2-1", aspect_ratio: "16:9" }),
);
told.failed = await refusal(async () => {
  const bad = await api.textToVideo({ prompt: "fail" });
  await api.waitForVideoResult(bad.data.task_id, undefined, soon);
});
told.unknown = await refusal(() => api.queryTextToVideoTask("nobody"));
told.unserved = await refusal(() => api.createAvatar({ image: picture, audio_id: "1" }));
const stranger = new KlingAPI({ accessKey: access_key, secretKey: "x".repeat(32), baseUrl });
told.stranger = await refusal(() => stranger.textToVideo({ prompt: "a lake" }));
told.stranger_healthy = await stranger.healthCheck();

console.log(JSON.stringify(told));
process.exit(0);
