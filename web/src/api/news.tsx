import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from "react";
import { Live, type News } from "./Live";
import { useSession } from "./session";

const Context = createContext<Live | null>(null);

export function useLive(): Live {
  const live = useContext(Context);
  if (!live) throw new Error("no event stream around this component");
  return live;
}

export function LiveProvider({ children }: { children: ReactNode }) {
  const { client } = useSession();
  const live = useMemo(() => new Live(client.key), [client.key]);
  return <Context.Provider value={live}>{children}</Context.Provider>;
}

/** Calls a function for every change in the account while the component is mounted. */
export function useNews(hear: (news: News) => void): void {
  const live = useLive();
  const latest = useRef(hear);
  latest.current = hear;
  useEffect(() => live.subscribe((news) => latest.current(news)), [live]);
}
