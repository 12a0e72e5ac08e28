/** Where accounts and their keys are managed. */

export const ACCOUNTS = "/admin/v1/accounts";
export const KEYS = "/admin/v1/keys";

/** The keys of an account. */
export function keysOf(account: string): string {
  return `${ACCOUNTS}/${account}/keys`;
}
