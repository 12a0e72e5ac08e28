import { describe, json } from "@kirin/client/core";
import * as routes from "@kirin/client/routes";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { ApiError, Client, stranger } from "./client";

const STORED = "kirin.key";

type Refusal = "" | "refused" | "used" | "unheard";

export interface Session {
  client: Client;
  signedIn: boolean;
  /** Why the last key or link was refused, if it was. */
  refusal: Refusal;
  /** True until the link in the address has been redeemed. */
  arriving: boolean;
  signIn: (key: string) => Promise<void>;
  signOut: () => void;
}

const Context = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error("no session around this component");
  return session;
}

/** Stores the key in this browser until the user signs out. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [key, setKey] = useState(() => localStorage.getItem(STORED) ?? "");
  const [refusal, setRefusal] = useState<Refusal>("");
  const [code] = useState(takeCode);
  const [arriving, setArriving] = useState(code !== "");

  useEffect(() => {
    if (!code) return;
    exchange(code)
      .then((first) => {
        localStorage.setItem(STORED, first);
        setKey(first);
      })
      .catch((error) => setRefusal(error instanceof ApiError ? "used" : "unheard"))
      .finally(() => setArriving(false));
  }, [code]);

  useEffect(() => {
    // Another tab signed in or out.
    const follow = (event: StorageEvent) => {
      if (event.key === STORED) setKey(event.newValue ?? "");
    };
    window.addEventListener("storage", follow);
    return () => window.removeEventListener("storage", follow);
  }, []);

  const session = useMemo<Session>(() => {
    const forget = () => {
      localStorage.removeItem(STORED);
      setKey("");
    };
    return {
      client: new Client(key, () => {
        setRefusal("refused");
        forget();
      }),
      signedIn: key !== "",
      refusal,
      arriving,
      signIn: async (given) => {
        await new Client(given, () => undefined).run(routes.tasks({ limit: 1 }));
        setRefusal("");
        localStorage.setItem(STORED, given);
        setKey(given);
      },
      signOut: () => {
        setRefusal("");
        forget();
      },
    };
  }, [key, refusal, arriving]);
  return <Context.Provider value={session}>{children}</Context.Provider>;
}

/** The code of a one-time link, removed from the address at once. */
function takeCode(): string {
  const found = new URLSearchParams(location.hash.slice(1)).get("welcome") ?? "";
  if (found) history.replaceState(null, "", location.pathname);
  return found;
}

let exchanging: Promise<string> | undefined;

/** Sends one request even where React runs the effect twice: a code works only once. */
function exchange(code: string): Promise<string> {
  // A route of the console alone.
  const welcome = describe("POST", "/console/welcome", [], json<{ key: string }>, undefined, {
    body: { code },
  });
  exchanging ??= stranger.run(welcome).then(({ key }) => key);
  return exchanging;
}
