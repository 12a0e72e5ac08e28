// What somebody does with the client, in Node.js and in a browser alike.

/** Does it all, and tells what came of it. */
export async function acts(client, { base_url, api_key, flaky, cutting, picture, model, from_picture }) {
  const { BadRequest, Kirin, NotFound, TaskFailed, Unauthenticated, WaitTimedOut } = client;
  const log = [];
  const options = { apiKey: api_key, log: (line) => log.push(line) };
  const kirin = new Kirin({ baseUrl: base_url, ...options });
  const told = {};

  told.health = (await kirin.health()).status;
  told.models = (await kirin.models()).models.map(({ id }) => id);
  told.quote = (await kirin.quote(model, { prompt: "tiny" })).most.cost;

  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  const sent = await kirin.upload(new Blob([bytes]));
  told.upload = [sent.type, sent.width, sent.height];
  told.upload_of_a_stream = (await kirin.upload(new Blob([bytes]).stream())).width;
  told.form = (await kirin.store(new File([bytes], "a.png"))).width;

  const created = await kirin.create(
    from_picture,
    { image: sent.url, prompt: "tiny" },
    { metadata: { order: 7 } },
  );
  told.events = [];
  for await (const { name, id, task } of kirin.stream(created.id)) {
    told.events.push([name, id !== "", task.id === created.id]);
  }
  const done = await kirin.wait(created.id, { timeout: 120_000 });
  told.done = [done.status, done.metadata.request];
  const seen = [];
  await kirin.wait(created.id, { onChange: ({ status }) => seen.push(status) });
  told.seen = seen;

  told.video = base64(await kirin.read(done));
  const streamed = new Response(kirin.download(done));
  told.streamed = base64(new Uint8Array(await streamed.arrayBuffer())) === told.video;
  const poster = await kirin.poster(done.id);
  told.poster = String.fromCharCode(...poster.slice(8, 12));

  const whole = await kirin.createAndWait(
    from_picture,
    { image: await client.picture(bytes), prompt: "tiny" },
    { timeout: 120_000 },
  );
  const listed = [];
  for await (const { id } of kirin.iterTasks({ limit: 1, status: "completed" })) listed.push(id);
  told.listed = [created.id, whole.id].map((id) => listed.includes(id));

  const raw = await kirin.withRawResponse.task(created.id);
  told.raw = [raw.status, raw.parse().id === created.id, !!raw.requestId];

  const refused = await thrown(kirin.create(model, { mode: "best" }));
  told.refused = [
    refused instanceof BadRequest,
    refused.name,
    refused.code,
    refused.problems.map(({ param }) => param).sort(),
    !!refused.requestId,
  ];
  const stranger = new Kirin({ baseUrl: base_url, apiKey: "k".repeat(16) });
  const unknown = await thrown(stranger.balance());
  told.stranger = [unknown instanceof Unauthenticated, unknown.status];
  const failed = await thrown(kirin.createAndWait(model, { prompt: "fail" }, { timeout: 120_000 }));
  told.failed = [failed instanceof TaskFailed, failed.code];
  const late = await thrown(kirin.createAndWait(model, { prompt: "tiny crawl" }, { timeout: 0 }));
  told.late = late instanceof WaitTimedOut;
  await kirin.cancel(late.task.id);

  // The account's stream: closed from outside, as a page does that is left.
  const stop = new AbortController();
  const watched = kirin.events({ signal: stop.signal });
  let news;
  const first = watched.next().then((heard) => (news = heard));
  // It tells of what happens from when it is open, which nobody is told.
  while (!news) await kirin.createAndWait(model, { prompt: "tiny and watched" }, { timeout: 120_000 });
  told.news = ((await first).value.name ?? "") !== "";
  stop.abort();
  told.closed = (await thrown(watched.next())).name;

  const before = new Set();
  for await (const { id } of kirin.iterTasks({ limit: 100 })) before.add(id);
  const bad = new Kirin({ baseUrl: flaky, ...options, maxRetries: 8 });
  const single = await bad.create(model, { prompt: "tiny and single" });
  const after = [];
  for await (const { id } of kirin.iterTasks({ limit: 100 })) if (!before.has(id)) after.push(id);
  told.single = after.length === 1 && after[0] === single.id;
  await kirin.wait(single.id, { timeout: 120_000 });

  const { url } = done.output[0].content[0];
  const near = new URL(url);
  near.port = new URL(cutting).port;
  const slow = new Kirin({ baseUrl: cutting, ...options });
  told.resumed = base64(await slow.read(near.href)) === told.video;

  const removed = await kirin.remove(created.id);
  told.removed = removed.id === created.id && (await thrown(kirin.task(created.id))) instanceof NotFound;
  told.leaks = log.filter((line) => line.includes(api_key) || line.includes("signature"));
  told.logged = log.length > 20;
  return told;
}

export async function thrown(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}
