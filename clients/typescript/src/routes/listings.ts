/**
 * Listings, whose pages are asked for one by one.
 *
 * Written by scripts/write_wire_types.py. Do not change this file: change the routes of the server
 * and of the Python client, and run `make types`.
 */
import * as admin from "./admin.js";
import * as routes from "./index.js";

export const LISTINGS = {
  /** All webhooks that `webhooks` lists. */
  iterWebhooks: { page: routes.webhooks, items: "webhooks" },
  /** All batches that `batches` lists. */
  iterBatches: { page: routes.batches, items: "batches" },
  /** All tasks that `tasks` lists. */
  iterTasks: { page: routes.tasks, items: "tasks" },
} as const;

export const ADMIN_LISTINGS = {
  /** All accounts. */
  iterAccounts: { page: admin.accounts, items: "accounts" },
  /** The keys of all accounts. */
  iterKeys: { page: admin.allKeys, items: "keys" },
  /** An account's ledger. */
  iterTransactions: { page: admin.transactions, items: "transactions" },
  /** All that was done. */
  iterAudit: { page: admin.audit, items: "entries" },
} as const;
