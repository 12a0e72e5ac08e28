/**
 * The account that the key belongs to.
 *
 * Written by scripts/write_wire_types.py. Do not change this file: change the routes of the server
 * and of the Python client, and run `make types`.
 */
import type { DeletedElement, Element, ElementList, OwnBalance, OwnKey, Signing, Usage, UserBalance, Webhook, WebhookPage } from "../models.js";
import { type CallOptions, describe, data, json, text, type Request } from "../requests.js";

/** The account's money. */
export function balance(
  options: CallOptions = {},
): Request<OwnBalance> {
  return describe("GET", "/model/v1/balance", [], json<OwnBalance>, options);
}

/** The account's money, as clients of the family ask for it. */
export function userBalance(
  options: CallOptions = {},
): Request<UserBalance> {
  return describe("GET", "/api/v1/user/balance", [], data<UserBalance>, options);
}

/** The key that is used: its account, rights and limits. */
export function key(
  options: CallOptions = {},
): Request<OwnKey> {
  return describe("GET", "/model/v1/key", [], json<OwnKey>, options);
}

/** What was used, added up. */
export function usage(
  options: {
    /** What to group by, such as `day,model`. */
    by?: string | undefined;
    /** Day, as 2026-11-29. */
    first?: string | undefined;
    /** Day, included. */
    last?: string | undefined;
  } & CallOptions = {},
): Request<Usage> {
  return describe("GET", "/model/v1/usage", [], json<Usage>, options, {
    query: { by: options.by, first: options.first, last: options.last },
  });
}

/** What `usage` tells, as CSV. */
export function usageCsv(
  options: {
    /** Some of day,model,key; day if omitted */
    by?: string | undefined;
    /** First day in UTC; 29 days before the last if omitted */
    first?: string | undefined;
    /** Last day in UTC; today if omitted */
    last?: string | undefined;
  } & CallOptions = {},
): Request<string> {
  return describe("GET", "/model/v1/usage", [], text, options, {
    query: {
      by: options.by,
      first: options.first,
      last: options.last,
      format: "csv",
    },
  });
}

/** A page of the account's webhooks, the newest first; `iterWebhooks` goes through all. */
export function webhooks(
  options: {
    /** Only those of this task, by its id or external id. */
    task?: string | undefined;
    /** How many to show */
    limit?: number | undefined;
    /** Next_cursor of the page before */
    cursor?: string | undefined;
  } & CallOptions = {},
): Request<WebhookPage> {
  return describe("GET", "/model/v1/webhooks", [], json<WebhookPage>, options, {
    query: { task: options.task, limit: options.limit, cursor: options.cursor },
  });
}

/** A webhook and every attempt at it. */
export function webhook(
  webhookId: string,
  options: CallOptions = {},
): Request<Webhook> {
  return describe("GET", "/model/v1/webhooks/{webhook_id}", [webhookId], json<Webhook>, options);
}

/** Send a webhook once more, at once. */
export function redeliver(
  webhookId: string,
  options: CallOptions = {},
): Request<Webhook> {
  return describe("POST", "/model/v1/webhooks/{webhook_id}/redeliver", [webhookId], json<Webhook>, options);
}

/** The secret that webhooks are signed with, for `unwrap`. */
export function webhookSecret(
  options: CallOptions = {},
): Request<Signing> {
  return describe("GET", "/model/v1/webhooks/secret", [], json<Signing>, options);
}

/** Create a new secret; for a while webhooks carry the signatures of both. */
export function rotateWebhookSecret(
  options: CallOptions = {},
): Request<Signing> {
  return describe("POST", "/model/v1/webhooks/secret/rotate", [], json<Signing>, options);
}

/** The account's subjects. */
export function elements(
  options: CallOptions = {},
): Request<ElementList> {
  return describe("GET", "/model/v1/elements", [], json<ElementList>, options);
}

/** A subject. */
export function element(
  elementId: number,
  options: CallOptions = {},
): Request<Element> {
  return describe("GET", "/model/v1/elements/{element_id}", [elementId], json<Element>, options);
}

/** Delete a subject; tasks that use it go on. */
export function deleteElement(
  elementId: number,
  options: CallOptions = {},
): Request<DeletedElement> {
  return describe("DELETE", "/model/v1/elements/{element_id}", [elementId], json<DeletedElement>, options);
}
