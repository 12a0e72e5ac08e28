import * as admin from "@kirin/client/routes/admin";
import { useCallback } from "react";
import type { Client } from "../api/client";
import { readPages } from "../api/pages";
import type { Account, AccountPage } from "../api/types";
import { usePoll } from "./usePoll";

/** Accounts that a list to choose from has at most; others are found by their own page. */
const MOST = 1000;

/** The accounts to choose from, by name. */
export function useAccounts(client: Client): Account[] {
  const read = useCallback(
    async (signal: AbortSignal) => {
      const accountsOf = (page: AccountPage) => page.accounts;
      const { list } = await readPages(client, admin.accounts, accountsOf, {
        wanted: MOST,
        signal,
      });
      return list.sort((a, b) => a.name.localeCompare(b.name));
    },
    [client],
  );
  return usePoll(read, () => 0).data ?? [];
}
