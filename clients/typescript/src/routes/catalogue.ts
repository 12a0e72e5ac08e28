/**
 * Models.
 *
 * Written by scripts/write_wire_types.py. Do not change this file: change the routes of the server
 * and of the Python client, and run `make types`.
 */
import type { Contract, ModelPage, ModelSearch, Spec } from "../models.js";
import { type CallOptions, describe, data, json, text, type Request } from "../requests.js";

/** A page of the models; the first has up to 100. */
export function models(
  options: {
    page?: number | undefined;
    pageSize?: number | undefined;
    /** Such as image-to-video */
    type?: string | undefined;
    /** Words that must all occur */
    keywords?: string | undefined;
  } & CallOptions = {},
): Request<ModelPage> {
  return describe("GET", "/api/v1/skill/models", [], data<ModelPage>, options, {
    query: {
      page: options.page,
      page_size: options.pageSize,
      type: options.type,
      keywords: options.keywords,
    },
  });
}

/** Everything that a model accepts. */
export function spec(
  modelId: string,
  options: CallOptions = {},
): Request<Spec> {
  return describe("GET", "/api/v1/skill/models/{model_id}/spec", [modelId], data<Spec>, options);
}

/** What a model takes, as JSON Schema with rules, for programs that check before sending. */
export function contract(
  modelId: string,
  options: CallOptions = {},
): Request<Contract> {
  return describe("GET", "/api/v1/skill/model-contracts/{model_id}", [modelId], data<Contract>, options);
}

/** Models that fit some words, the kind of their input or that of their output. */
export function searchModels(
  options: {
    /** Words that must all occur; without any, every model is found */
    q?: string | undefined;
    /** What it takes: text, image, video or audio */
    input?: string | undefined;
    /** What it makes */
    output?: string | undefined;
    /** Such as image-to-video, or i2v in short */
    type?: string | undefined;
    /** Who provides it; here that is kirin */
    provider?: string | undefined;
    /** How many to show */
    limit?: number | undefined;
  } & CallOptions = {},
): Request<ModelSearch> {
  return describe("GET", "/model/v1/models/skill/search", [], json<ModelSearch>, options, {
    query: {
      q: options.q,
      input: options.input,
      output: options.output,
      type: options.type,
      provider: options.provider,
      limit: options.limit,
    },
  });
}

/** A model's page, in Markdown. */
export function modelPage(
  modelId: string,
  options: CallOptions = {},
): Request<string> {
  return describe("GET", "/model/v1/models/skill/{model_id}", [modelId], text, options);
}
