/**
 * Quotes: nothing is made, and nothing is charged.
 *
 * Written by scripts/write_wire_types.py. Do not change this file: change the routes of the server
 * and of the Python client, and run `make types`.
 */
import type { Precharge, Quote } from "../models.js";
import { type CallOptions, describe, json, type Request } from "../requests.js";
import type { Params } from "../wire.js";

/** What a task would cost and show. */
export function quote(
  model: string,
  params: Params,
  options: {
    /** Whether to refuse pictures that a classifier objects to; what became of it is in `metadata.moderation` of the task. */
    moderation?: boolean | undefined;
    /** Notes of your own, at most 4 KB; `metadata.request` of the task. */
    metadata?: Record<string, unknown> | undefined;
    /** More parameters of the model; what it does not have is named in `metadata.ignored`. */
    parameters?: Record<string, unknown> | undefined;
    /** What chance follows from; drawn if not given, and told in `metadata.seed`. */
    seed?: number | undefined;
    /** False has the video made anew, though the same request with the same seed was answered before. */
    cache?: boolean | undefined;
  } & CallOptions = {},
): Request<Quote> {
  return describe("POST", "/model/v1/quote", [], json<Quote>, options, {
    body: {
      model,
      input: [{ params }],
      moderation: options.moderation,
      metadata: options.metadata,
      parameters: options.parameters,
      seed: options.seed,
      cache: options.cache,
    },
    repeatable: true,
  });
}

/** What a task would cost, as clients of the family ask for it. */
export function precharge(
  model: string,
  params: Params,
  options: {
    /** Whether to refuse pictures that a classifier objects to; what became of it is in `metadata.moderation` of the task. */
    moderation?: boolean | undefined;
    /** Notes of your own, at most 4 KB; `metadata.request` of the task. */
    metadata?: Record<string, unknown> | undefined;
    /** More parameters of the model; what it does not have is named in `metadata.ignored`. */
    parameters?: Record<string, unknown> | undefined;
    /** What chance follows from; drawn if not given, and told in `metadata.seed`. */
    seed?: number | undefined;
    /** False has the video made anew, though the same request with the same seed was answered before. */
    cache?: boolean | undefined;
  } & CallOptions = {},
): Request<Precharge> {
  return describe("POST", "/model/v1/generation/precharge", [], json<Precharge>, options, {
    body: {
      model,
      input: [{ params }],
      moderation: options.moderation,
      metadata: options.metadata,
      parameters: options.parameters,
      seed: options.seed,
      cache: options.cache,
    },
    repeatable: true,
  });
}
