import * as routes from "@kirin/client/routes";
import { createContext, type ReactNode, useCallback, useContext } from "react";
import { usePoll } from "../parts/usePoll";
import { useSession } from "./session";

/** Where tasks are paid from balances, prices are shown; a free server has none. */
const Context = createContext<boolean | undefined>(undefined);

/** Whether money is spoken of here; nothing while that is not known. */
export function usePaid(): boolean | undefined {
  return useContext(Context);
}

export function BillingProvider({ children }: { children: ReactNode }) {
  const { client } = useSession();
  const read = useCallback(
    (signal: AbortSignal) => client.run(routes.balance({ signal })),
    [client],
  );
  const { data, error } = usePoll(read, () => 0);
  // A key that may not read the balance is told prices rather than too little.
  return (
    <Context.Provider value={data?.prepaid ?? (error ? true : undefined)}>
      {children}
    </Context.Provider>
  );
}
