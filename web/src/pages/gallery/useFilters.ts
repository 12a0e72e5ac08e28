import { useCallback, useMemo } from "react";
import { useSearch } from "wouter";
import type { Filters } from "../../api/tasks";
import { useQuery } from "../../parts/useQuery";

/** Which tasks are shown: it is kept in the address, and in the links from task to task. */
export function useFilters() {
  const [state, setState] = useQuery("state");
  const [model, setModel] = useQuery("model");
  const filters = useMemo<Filters>(() => ({ state, model }), [state, model]);
  return { filters, setState, setModel };
}

/** Addresses in the gallery that keep its filters. */
export function useGalleryPath(): (id?: string) => string {
  const search = useSearch();
  return useCallback(
    (id) => `/gallery${id ? `/${id}` : ""}${search ? `?${search}` : ""}`,
    [search],
  );
}
