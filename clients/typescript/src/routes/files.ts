/**
 * Files; `url` of each answer stands for the file in requests.
 *
 * Written by scripts/write_wire_types.py. Do not change this file: change the routes of the server
 * and of the Python client, and run `make types`.
 */
import type { Sendable } from "../bodies.js";
import type { Upload } from "../models.js";
import { type CallOptions, describe, json, type Request } from "../requests.js";

/**
 * Send a picture, a video or a sound.
 *
 * @param file a File or another Blob, bytes, a stream, or a `file` of `./node`.
 */
export function upload(
  file: Sendable,
  options: CallOptions = {},
): Request<Upload> {
  return describe("POST", "/model/v1/files", [], json<Upload>, options, {
    file,
    repeatable: true,
  });
}

/** Send a file as a form, as clients of the family do; `upload` is the plainer way. */
export function store(
  file: Sendable,
  options: CallOptions = {},
): Request<Upload> {
  return describe("POST", "/api/v1/storage/files", [], json<Upload>, options, {
    file,
    form: true,
    repeatable: true,
  });
}

/** Have the server fetch a file. */
export function fetch(
  url: string,
  options: CallOptions = {},
): Request<Upload> {
  return describe("POST", "/model/v1/files/fetch", [], json<Upload>, options, {
    body: { url },
    repeatable: true,
  });
}
