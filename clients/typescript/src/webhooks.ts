/** Webhooks: who has sent it, and what does it say? After the Standard Webhooks specification. */

import { InvalidSignature } from "./errors.js";
import type { Task } from "./models.js";

const PREFIX = "whsec_";

/** Seconds by which clocks may differ, and for which a recorded message is good. */
const TOLERANCE = 300;

/** Headers of a request, of fetch or of Node.js; names in any case. */
export type ReceivedHeaders = Headers | Record<string, string | string[] | undefined>;

export interface UnwrapOptions {
  /** Seconds that it may be old, or ahead of the clock here: 300 if not given. */
  tolerance?: number | undefined;
  /** Unix seconds; the clock's if not given. */
  now?: number | undefined;
}

/**
 * The task that a webhook tells of, if it is signed as it should be.
 *
 * @param body as it came, byte for byte.
 * @param secret what `webhookSecret` tells; several while it is being rotated.
 * @throws {InvalidSignature} it is not signed with the secret, or too old.
 */
export async function unwrap(
  body: string | Uint8Array | ArrayBuffer,
  headers: ReceivedHeaders,
  secret: string | string[],
  { tolerance = TOLERANCE, now = Date.now() / 1000 }: UnwrapOptions = {},
): Promise<Task> {
  const raw = typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
  const given = lower(headers);
  const id = given.get("webhook-id");
  const sent = given.get("webhook-timestamp");
  const signatures = given.get("webhook-signature");
  if (!id || !sent || !signatures) {
    throw new InvalidSignature("a header of webhook-id, -timestamp and -signature is missing");
  }
  if (!/^[0-9]{1,15}$/.test(sent)) {
    throw new InvalidSignature("webhook-timestamp is not a number of seconds");
  }
  if (Math.abs(now - Number(sent)) > tolerance) {
    throw new InvalidSignature("the message is too old, or a clock is wrong");
  }
  const head = new TextEncoder().encode(`${id}.${sent}.`);
  const message = new Uint8Array(head.length + raw.length);
  message.set(head);
  message.set(raw, head.length);
  const found = signatures.split(" ").filter((each) => each.startsWith("v1,"));
  const checks = [secret].flat().map(async (each) => {
    const key = await keyOf(each);
    const matches = found.map((one) => matchesKey(key, one.slice(3), message));
    return (await Promise.all(matches)).includes(true);
  });
  if (!(await Promise.all(checks)).includes(true)) {
    throw new InvalidSignature("no signature is of this secret");
  }
  const told = parsed(raw);
  if (!isTask(told)) throw new InvalidSignature("the message is signed, but tells of no task");
  return told;
}

function lower(headers: ReceivedHeaders): Map<string, string> {
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  return new Map(entries.map(([name, value]) => [name.toLowerCase(), String(value ?? "")]));
}

async function keyOf(secret: string): Promise<CryptoKey> {
  const bytes = bytesOf(secret.trim().replace(PREFIX, ""));
  if (!bytes?.length) throw new TypeError("the secret is not one that webhookSecret tells");
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", bytes, algorithm, false, ["verify"]);
}

/** Compares in constant time: that is what `verify` is for. */
async function matchesKey(
  key: CryptoKey,
  signature: string,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const bytes = bytesOf(signature);
  return bytes !== undefined && crypto.subtle.verify("HMAC", key, bytes, message);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function parsed(raw: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(raw));
  } catch {
    return undefined;
  }
}

function isTask(told: unknown): told is Task {
  if (typeof told !== "object" || told === null) return false;
  return (
    typeof Reflect.get(told, "id") === "string" && typeof Reflect.get(told, "status") === "string"
  );
}
