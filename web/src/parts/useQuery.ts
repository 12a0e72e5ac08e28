import { useCallback } from "react";
import { useSearchParams } from "wouter";

/**
 * Something chosen on a page, kept in its address: it outlives a reload, and can be sent on.
 *
 * @param preset what holds while the address says nothing; it is not written into it.
 */
export function useQuery(name: string, preset = ""): [string, (value: string) => void] {
  const [query, put] = useSearchParams();
  const set = useCallback(
    (value: string) =>
      put(
        () => {
          // What is there now: another choice may have been put in since this was drawn.
          const next = new URLSearchParams(location.search);
          if (value === preset) next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      ),
    [put, name, preset],
  );
  return [query.get(name) ?? preset, set];
}
