import * as routes from "@kirin/client/routes";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from "react";
import { Client } from "./client";
import { useSession } from "./session";

const STORED = "kirin.operator";

export interface Operator {
  /** Speaks with a key of the scope admin; undefined where this tab has none. */
  client: Client | undefined;
  /** False until it is known whether the key of the session has the scope. */
  known: boolean;
  /** Whether a key that was given for this tab was refused. */
  refused: boolean;
  /** Takes another key, for this tab alone. */
  give: (key: string) => void;
}

const Context = createContext<Operator | null>(null);

export function useOperator(): Operator {
  const operator = useContext(Context);
  if (!operator) throw new Error("no operator around this component");
  return operator;
}

/** Finds out whether the key of the session is an operator's, or keeps one of the tab. */
export function OperatorProvider({ children }: { children: ReactNode }) {
  const { client: own } = useSession();
  const [given, setGiven] = useState(() => sessionStorage.getItem(STORED) ?? "");
  const [refused, setRefused] = useState(false);
  const [scoped, setScoped] = useState<boolean>();

  useEffect(() => {
    const stop = new AbortController();
    setScoped(undefined);
    own
      .run(routes.key({ signal: stop.signal }))
      .then((key) => setScoped(key.scopes.includes("admin")))
      .catch(() => stop.signal.aborted || setScoped(false));
    return () => stop.abort();
  }, [own]);

  const keep = useCallback((key: string) => {
    if (key) sessionStorage.setItem(STORED, key);
    else sessionStorage.removeItem(STORED);
    setGiven(key);
  }, []);

  const operator = useMemo<Operator>(() => {
    const ofTab = new Client(given, () => {
      setRefused(true);
      keep("");
    });
    return {
      client: scoped ? own : given ? ofTab : undefined,
      known: scoped !== undefined || given !== "",
      refused,
      give: (key) => {
        setRefused(false);
        keep(key);
      },
    };
  }, [own, given, scoped, refused, keep]);
  return <Context.Provider value={operator}>{children}</Context.Provider>;
}
