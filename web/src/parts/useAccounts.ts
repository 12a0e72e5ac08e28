import { useCallback } from "react";
import type { Client } from "../api/client";
import { ACCOUNTS } from "../api/keys";
import type { Account, AccountPage } from "../api/types";
import { usePoll } from "./usePoll";

/** Accounts that a list to choose from has at most; others are found by their own page. */
const MOST = 1000;

/** The accounts to choose from, by name. */
export function useAccounts(client: Client): Account[] {
  const read = useCallback(
    async (signal: AbortSignal) => {
      const found: Account[] = [];
      let cursor: string | null = "";
      while (cursor !== null && found.length < MOST) {
        const after: string = cursor && `&cursor=${cursor}`;
        const page: AccountPage = await client.get<AccountPage>(
          `${ACCOUNTS}?limit=100${after}`,
          signal,
        );
        found.push(...page.accounts);
        cursor = page.next_cursor;
      }
      return found.sort((a, b) => a.name.localeCompare(b.name));
    },
    [client],
  );
  return usePoll(read, () => 0).data ?? [];
}
