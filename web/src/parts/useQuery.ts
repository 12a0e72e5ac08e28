import { useCallback } from "react";
import { useLocation, useSearch } from "wouter";

/** One parameter of the address, which stays on reload and can be linked to. */
export function useQuery(name: string): [string, (value: string) => void] {
  const search = useSearch();
  const [path, go] = useLocation();
  const set = useCallback(
    (value: string) => {
      const query = new URLSearchParams(search);
      if (value) query.set(name, value);
      else query.delete(name);
      const text = query.toString();
      go(text ? `${path}?${text}` : path, { replace: true });
    },
    [search, path, go, name],
  );
  return [new URLSearchParams(search).get(name) ?? "", set];
}
