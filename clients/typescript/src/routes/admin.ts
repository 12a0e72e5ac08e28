/**
 * Accounts, keys, money, the queue and the machine.
 *
 * Written by scripts/write_wire_types.py. Do not change this file: change the routes of the server
 * and of the Python client, and run `make types`.
 */
import type { Schemas } from "../models.js";
import type { Account, AccountPage, AuditPage, BookedTopUp, Checks, CreatedKey, Draining, ErasedAccount, Front, Key, KeyList, KeyPage, Moved, Overview, Pauses, PriceList, Proof, SettingList, Storage, TransactionPage, Usage } from "../models.js";
import { type CallOptions, describe, json, text, type Request } from "../requests.js";

/** A page of all accounts. */
export function accounts(
  options: {
    /** How many to show */
    limit?: number | undefined;
    /** Next_cursor of the page before */
    cursor?: string | undefined;
  } & CallOptions = {},
): Request<AccountPage> {
  return describe("GET", "/admin/v1/accounts", [], json<AccountPage>, options, {
    query: { limit: options.limit, cursor: options.cursor },
  });
}

/** Create an account. */
export function createAccount(
  name: string,
  options: {
    /** Taken off every price, such as `"12.5"`. */
    discountPercent?: string | number | undefined;
    limits?: Schemas["NewLimits"] | undefined;
  } & CallOptions = {},
): Request<Account> {
  return describe("POST", "/admin/v1/accounts", [], json<Account>, options, {
    body: {
      name,
      discount_percent: options.discountPercent,
      limits: options.limits,
    },
  });
}

/** An account. */
export function account(
  accountId: string,
  options: CallOptions = {},
): Request<Account> {
  return describe("GET", "/admin/v1/accounts/{account_id}", [accountId], json<Account>, options);
}

/** Change an account; what is not given stays. */
export function changeAccount(
  accountId: string,
  options: {
    name?: string | null | undefined;
    /** Taken off every price. */
    discountPercent?: string | number | null | undefined;
    limits?: Schemas["NewLimits"] | null | undefined;
  } & CallOptions = {},
): Request<Account> {
  return describe("PATCH", "/admin/v1/accounts/{account_id}", [accountId], json<Account>, options, {
    body: {
      name: options.name,
      discount_percent: options.discountPercent,
      limits: options.limits,
    },
    repeatable: true,
  });
}

/**
 * Add money to an account.
 *
 * @param amount USD; a negative amount takes some back.
 */
export function topUp(
  accountId: string,
  amount: string,
  options: {
    /** Such as a payment's id: it counts once, and makes this call repeatable. */
    reference?: string | null | undefined;
    /** For people. */
    note?: string | undefined;
  } & CallOptions = {},
): Request<BookedTopUp> {
  return describe("POST", "/admin/v1/accounts/{account_id}/top-ups", [accountId], json<BookedTopUp>, options, {
    body: { amount, reference: options.reference, note: options.note },
    repeatable: options.reference !== undefined,
  });
}

/**
 * Erase all that belongs to an account except its books, for good.
 *
 * @param name the account's, so that no other is meant.
 */
export function eraseAccount(
  accountId: string,
  name: string,
  options: CallOptions = {},
): Request<ErasedAccount> {
  return describe("POST", "/admin/v1/accounts/{account_id}/erase", [accountId], json<ErasedAccount>, options, {
    body: { name },
  });
}

/** The keys of an account, without their secrets. */
export function keys(
  accountId: string,
  options: CallOptions = {},
): Request<KeyList> {
  return describe("GET", "/admin/v1/accounts/{account_id}/keys", [accountId], json<KeyList>, options);
}

/** Create a key; its secret is told here alone. */
export function createKey(
  accountId: string,
  name: string,
  options: {
    /** Of `generate`, `read`, `elements` and `admin`; all but the last if not given. */
    scopes?: ("generate" | "read" | "elements" | "admin")[] | undefined;
    /** Seconds; never if not given. */
    expiresIn?: number | null | undefined;
    limits?: Schemas["NewLimits"] | undefined;
  } & CallOptions = {},
): Request<CreatedKey> {
  return describe("POST", "/admin/v1/accounts/{account_id}/keys", [accountId], json<CreatedKey>, options, {
    body: {
      name,
      scopes: options.scopes,
      expires_in: options.expiresIn,
      limits: options.limits,
    },
  });
}

/** A page of the keys of all accounts. */
export function allKeys(
  options: {
    /** Id or name of an account */
    account?: string | undefined;
    /** How many to show */
    limit?: number | undefined;
    /** Next_cursor of the page before */
    cursor?: string | undefined;
  } & CallOptions = {},
): Request<KeyPage> {
  return describe("GET", "/admin/v1/keys", [], json<KeyPage>, options, {
    query: {
      account: options.account,
      limit: options.limit,
      cursor: options.cursor,
    },
  });
}

/** Give a key other limits. */
export function changeKey(
  keyId: string,
  limits: Schemas["NewLimits"],
  options: CallOptions = {},
): Request<Key> {
  return describe("PATCH", "/admin/v1/keys/{key_id}", [keyId], json<Key>, options, {
    body: { limits },
    repeatable: true,
  });
}

/** Revoke a key. */
export function revokeKey(
  keyId: string,
  options: CallOptions = {},
): Request<Key> {
  return describe("DELETE", "/admin/v1/keys/{key_id}", [keyId], json<Key>, options);
}

/** Create a key with the rights of another, which expires after a while. */
export function rotateKey(
  keyId: string,
  options: {
    /** How long the earlier key works beside the new one. */
    overlapSeconds?: number | undefined;
  } & CallOptions = {},
): Request<CreatedKey> {
  return describe("POST", "/admin/v1/keys/{key_id}/rotate", [keyId], json<CreatedKey>, options, {
    body: { overlap_seconds: options.overlapSeconds },
  });
}

/** A page of an account's ledger. */
export function transactions(
  accountId: string,
  options: {
    /** How many to show */
    limit?: number | undefined;
    /** Next_cursor of the page before */
    cursor?: string | undefined;
  } & CallOptions = {},
): Request<TransactionPage> {
  return describe("GET", "/admin/v1/accounts/{account_id}/ledger", [accountId], json<TransactionPage>, options, {
    query: { limit: options.limit, cursor: options.cursor },
  });
}

/** A page of what was done. */
export function audit(
  options: {
    /** Id or name of an account */
    account?: string | undefined;
    /** Such as key.revoked */
    action?: string | undefined;
    /** How many to show */
    limit?: number | undefined;
    /** Next_cursor of the page before */
    cursor?: string | undefined;
  } & CallOptions = {},
): Request<AuditPage> {
  return describe("GET", "/admin/v1/audit", [], json<AuditPage>, options, {
    query: {
      account: options.account,
      action: options.action,
      limit: options.limit,
      cursor: options.cursor,
    },
  });
}

/** What was used, by all accounts or one. */
export function usage(
  options: {
    /** Id or name of an account */
    account?: string | undefined;
    /** Some of day,model,key,account; day if omitted */
    by?: string | undefined;
    /** First day in UTC; 29 days before the last if omitted */
    first?: string | undefined;
    /** Last day in UTC; today if omitted */
    last?: string | undefined;
  } & CallOptions = {},
): Request<Usage> {
  return describe("GET", "/admin/v1/usage", [], json<Usage>, options, {
    query: {
      account: options.account,
      by: options.by,
      first: options.first,
      last: options.last,
    },
  });
}

/** What `usage` tells, as CSV. */
export function usageCsv(
  options: {
    /** Id or name of an account */
    account?: string | undefined;
    /** Some of day,model,key,account; day if omitted */
    by?: string | undefined;
    /** First day in UTC; 29 days before the last if omitted */
    first?: string | undefined;
    /** Last day in UTC; today if omitted */
    last?: string | undefined;
  } & CallOptions = {},
): Request<string> {
  return describe("GET", "/admin/v1/usage", [], text, options, {
    query: {
      account: options.account,
      by: options.by,
      first: options.first,
      last: options.last,
      format: "csv",
    },
  });
}

/** The server at a glance. */
export function overview(
  options: CallOptions = {},
): Request<Overview> {
  return describe("GET", "/admin/v1/overview", [], json<Overview>, options);
}

/** What waits, in the order in which it is handed out. */
export function queue(
  options: {
    /** How many to show */
    limit?: number | undefined;
  } & CallOptions = {},
): Request<Front> {
  return describe("GET", "/admin/v1/queue", [], json<Front>, options, {
    query: { limit: options.limit },
  });
}

/** Hand out no tasks of a queue (an engine, or `all`) until it is resumed. */
export function pause(
  queueName: string,
  options: {
    /** For other operators; customers do not see it. */
    reason?: string | undefined;
  } & CallOptions = {},
): Request<Pauses> {
  return describe("POST", "/admin/v1/queues/{queue_name}/pause", [queueName], json<Pauses>, options, {
    body: { reason: options.reason },
    repeatable: true,
  });
}

/** Hand out tasks of a queue again. */
export function resume(
  queueName: string,
  options: CallOptions = {},
): Request<Pauses> {
  return describe("POST", "/admin/v1/queues/{queue_name}/resume", [queueName], json<Pauses>, options, {
    repeatable: true,
  });
}

/** Move a task that waits: to a priority (higher is sooner), or before all others. */
export function prioritise(
  taskId: string,
  options: {
    /** Higher is sooner; tasks have 0 from the start. */
    priority?: number | null | undefined;
    /** Before all others that wait now. */
    front?: boolean | undefined;
  } & CallOptions = {},
): Request<Moved> {
  return describe("POST", "/admin/v1/tasks/{task_id}/priority", [taskId], json<Moved>, options, {
    body: { priority: options.priority, front: options.front },
    repeatable: true,
  });
}

/** Let a worker end when it has finished what it does. */
export function drain(
  workerId: string,
  options: CallOptions = {},
): Request<Draining> {
  return describe("POST", "/admin/v1/workers/{worker_id}/drain", [workerId], json<Draining>, options, {
    repeatable: true,
  });
}

/** What the files take. */
export function storage(
  options: CallOptions = {},
): Request<Storage> {
  return describe("GET", "/admin/v1/storage", [], json<Storage>, options);
}

/** Add up the books. */
export function verifyLedger(
  options: CallOptions = {},
): Request<Proof> {
  return describe("POST", "/admin/v1/ledger/verify", [], json<Proof>, options, {
    repeatable: true,
  });
}

/** The server's settings, without secrets. */
export function settings(
  options: CallOptions = {},
): Request<SettingList> {
  return describe("GET", "/admin/v1/settings", [], json<SettingList>, options);
}

/** What each model costs. */
export function prices(
  options: CallOptions = {},
): Request<PriceList> {
  return describe("GET", "/admin/v1/prices", [], json<PriceList>, options);
}

/** Check the machine of the process that answers. */
export function checks(
  options: CallOptions = {},
): Request<Checks> {
  return describe("POST", "/admin/v1/checks", [], json<Checks>, options, {
    repeatable: true,
  });
}
