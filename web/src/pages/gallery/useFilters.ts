import { useCallback, useMemo } from "react";
import { useSearch } from "wouter";
import type { Filters } from "../../api/tasks";
import { useQuery } from "../../parts/useQuery";

/** Which tasks are shown: it is kept in the address, and in the links from task to task. */
export function useFilters() {
  const [state, setState] = useQuery("state");
  const [model, setModel] = useQuery("model");
  const [q, setQ] = useQuery("q");
  const [only, setOnly] = useQuery("only");
  const filters = useMemo<Filters>(() => ({ state, model, q }), [state, model, q]);
  const favourites = only === "favourites";
  return {
    filters,
    favourites,
    some: !!(state || model || q || favourites),
    setState,
    setModel,
    setQ,
    setFavourites: (on: boolean) => setOnly(on ? "favourites" : ""),
  };
}

/** Addresses in the gallery that keep its filters; without the two tasks that are compared. */
export function useGalleryPath(): (id?: string, beside?: string[]) => string {
  const search = useSearch();
  return useCallback(
    (id, beside) => {
      const query = new URLSearchParams(search);
      query.delete("beside");
      if (beside) query.set("beside", beside.join("~"));
      const kept = query.toString();
      return `/gallery${id ? `/${id}` : ""}${kept ? `?${kept}` : ""}`;
    },
    [search],
  );
}
