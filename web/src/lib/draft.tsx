import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import type { Json, Params } from "../api/types";
import { type Files, type Held, tokenFor } from "./media";
import { given } from "./rules";
import { load, save } from "./store";

interface Stored {
  params: Params;
  files: Files;
}

export interface Draft extends Stored {
  model: string;
  set: (name: string, value: Json | undefined) => void;
  replace: (params: Params, files?: Files) => void;
  /** Keeps a file and gives the token that stands for it. */
  keep: (held: Held) => string;
}

const Context = createContext<Draft | null>(null);
const SAVE_AFTER_MS = 250;

export function useDraft(): Draft {
  const draft = useContext(Context);
  if (!draft) throw new Error("no draft around this component");
  return draft;
}

/** What is in the form of a model. It outlives the page, the browser and the server. */
export function DraftProvider({ model, children }: { model: string; children: ReactNode }) {
  const [stored, setStored] = useState<Stored | null>(null);
  const files = useRef<Files>({});

  useEffect(() => {
    let current = true;
    load<Stored>("drafts", model)
      .catch(() => undefined) // a browser without storage still has a form
      .then((found) => {
        if (!current) return;
        files.current = found?.files ?? {};
        setStored(found ?? { params: {}, files: {} });
      });
    return () => {
      current = false;
    };
  }, [model]);

  useEffect(() => {
    if (!stored) return;
    const timer = setTimeout(() => {
      const kept = inUse(stored);
      save("drafts", model, kept).catch(() => undefined);
    }, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [model, stored]);

  const set = useCallback((name: string, value: Json | undefined) => {
    setStored((old) => {
      if (!old) return old;
      const params = { ...old.params };
      if (value === undefined || !given(value)) delete params[name];
      else params[name] = value;
      return { params, files: files.current };
    });
  }, []);
  const replace = useCallback((params: Params, more: Files = {}) => {
    files.current = { ...files.current, ...more };
    setStored({ params, files: files.current });
  }, []);
  const keep = useCallback((held: Held) => {
    const token = tokenFor(held.name, held, files.current);
    files.current = { ...files.current, [token]: held };
    setStored((old) => old && { ...old, files: files.current });
    return token;
  }, []);

  const draft = useMemo<Draft | null>(
    () => stored && { ...stored, model, set, replace, keep },
    [stored, model, set, replace, keep],
  );
  return draft && <Context.Provider value={draft}>{children}</Context.Provider>;
}

/** A draft with those files only that its parameters name. */
export function inUse({ params, files }: Stored): Stored {
  const text = JSON.stringify(params);
  const named = Object.entries(files).filter(([token]) => text.includes(JSON.stringify(token)));
  return { params, files: Object.fromEntries(named) };
}
