/**
 * The process that answers.
 *
 * Written by scripts/write_wire_types.py. Do not change this file: change the routes of the server
 * and of the Python client, and run `make types`.
 */
import type { Health, Readiness } from "../models.js";
import { type CallOptions, describe, json, text, type Request } from "../requests.js";

/** Whether it answers at all. */
export function health(
  options: CallOptions = {},
): Request<Health> {
  return describe("GET", "/healthz", [], json<Health>, options);
}

/**
 * Whether it can take requests.
 *
 * @throws {ServerError} it can't; `body` says why.
 */
export function ready(
  options: CallOptions = {},
): Request<Readiness> {
  return describe("GET", "/readyz", [], json<Readiness>, options);
}

/** Its measurements, in the form of Prometheus. */
export function metrics(
  options: CallOptions = {},
): Request<string> {
  return describe("GET", "/metrics", [], text, options);
}
