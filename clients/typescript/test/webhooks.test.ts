/** Webhooks: what is believed, and what is not. */

import { createHmac } from "node:crypto";
import { expect, it, vi } from "vitest";
import { InvalidSignature, Kirin, unwrap } from "../src/index.js";
import { task } from "./support.js";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = `whsec_${"YQ".repeat(16)}`;
const NOW = 1_900_000_000;
const BODY = JSON.stringify(task("completed", { metadata: { prompt: "雪" } }));

/** Headers as the specification has them, made by another implementation of HMAC. */
function signed(secrets: string[] = [SECRET], { at = NOW, body = BODY, id = "msg_1" } = {}) {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64")}`;
  });
  return {
    "Webhook-Id": id,
    "Webhook-Timestamp": String(at),
    "Webhook-Signature": ["v1a,odd", ...signatures].join(" "),
  };
}

it.each([
  ["text", BODY, signed()],
  ["bytes", new TextEncoder().encode(BODY), new Headers(signed())],
])("is the task that it tells of, as %s", async (_, body, headers) => {
  for (const secret of [SECRET, [OTHER, SECRET]]) {
    expect(await unwrap(body, headers, secret, { now: NOW })).toEqual(JSON.parse(BODY));
  }
});

it("is signed by both secrets while they are rotated", async () => {
  for (const secret of [SECRET, OTHER]) {
    expect((await unwrap(BODY, signed([OTHER, SECRET]), secret, { now: NOW })).id).toBe("t1");
  }
});

it.each([-300, 0, 300])("may be of a clock that differs by %i s", async (age) => {
  expect((await unwrap(BODY, signed(), SECRET, { now: NOW + age })).id).toBe("t1");
});

it("is the same to the reference vector of the specification", async () => {
  const body = '{"test": 2432232314}';
  const headers = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  };
  // Signed, though no task of ours.
  await expect(unwrap(body, headers, SECRET, { now: 1614265330 })).rejects.toThrow(
    "tells of no task",
  );
});

it.each([
  ["another secret", BODY, signed(), OTHER, NOW],
  ["another body", `${BODY} `, signed(), SECRET, NOW],
  ["too old", BODY, signed(), SECRET, NOW + 301],
  ["too new", BODY, signed(), SECRET, NOW - 301],
  ["another time", BODY, { ...signed(), "Webhook-Timestamp": String(NOW + 1) }, SECRET, NOW],
  ["another id", BODY, { ...signed(), "Webhook-Id": "msg_2" }, SECRET, NOW],
  ["no id", BODY, { ...signed(), "Webhook-Id": "" }, SECRET, NOW],
  ["no time", BODY, { ...signed(), "Webhook-Timestamp": "soon" }, SECRET, NOW],
  ["digits of elsewhere", BODY, { ...signed(), "Webhook-Timestamp": "٣" }, SECRET, NOW],
  ["no signature", BODY, { ...signed(), "Webhook-Signature": "v1,%%" }, SECRET, NOW],
  ["no headers", BODY, {}, SECRET, NOW],
  ["no JSON", "x", signed([SECRET], { body: "x" }), SECRET, NOW],
  ["no task", "[1]", signed([SECRET], { body: "[1]" }), SECRET, NOW],
] as const)("is not believed: %s", async (_, body, headers, secret, now) => {
  await expect(unwrap(body, headers, secret, { now })).rejects.toBeInstanceOf(InvalidSignature);
});

it("takes the secret of the client, of the call or of the environment", async () => {
  const headers = signed([SECRET]);
  const options = { baseUrl: "http://kirin.test", apiKey: "k" };
  const told = { now: NOW };
  const kirin = new Kirin({ ...options, webhookSecret: SECRET });
  expect((await kirin.unwrap(BODY, headers, told)).id).toBe("t1");
  expect((await kirin.withOptions({ timeout: 5 }).unwrap(BODY, headers, told)).id).toBe("t1");
  const without = new Kirin(options);
  expect((await without.unwrap(BODY, headers, { ...told, secret: SECRET })).id).toBe("t1");
  await expect(without.unwrap(BODY, headers, told)).rejects.toBeInstanceOf(TypeError);
  vi.stubEnv("KIRIN_WEBHOOK_SECRET", SECRET);
  expect((await without.unwrap(BODY, headers, told)).id).toBe("t1");
  vi.unstubAllEnvs();
  await expect(unwrap(BODY, headers, "whsec_", told)).rejects.toBeInstanceOf(TypeError);
});
