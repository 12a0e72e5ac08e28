import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import type { Json, Params } from "../api/types";
import { type Files, type Held, tokenFor } from "./media";
import { given } from "./rules";
import { load, save } from "./store";

export interface Stored {
  params: Params;
  files: Files;
}

export interface Draft extends Stored {
  model: string;
  set: (name: string, value: Json | undefined) => void;
  replace: (params: Params, files?: Files) => void;
  /** Keeps a file and gives the token that stands for it. */
  keep: (held: Held) => string;
  /** Notes what the server has found at a URL that is in the form. */
  know: (url: string, held: Held) => void;
}

const Context = createContext<Draft | null>(null);
const SAVE_AFTER_MS = 250;

/** Drafts by model, as they are now; storage follows a moment later. */
const current = new Map<string, Stored>();
const timers = new Map<string, number>();

export function useDraft(): Draft {
  const draft = useContext(Context);
  if (!draft) throw new Error("no draft around this component");
  return draft;
}

/** Puts a draft in place of whatever is in the form of a model. */
export function putDraft(model: string, stored: Stored): void {
  current.set(model, stored);
  clearTimeout(timers.get(model));
  timers.set(
    model,
    // A browser without storage still has a form.
    window.setTimeout(() => save(model, inUse(stored)).catch(() => undefined), SAVE_AFTER_MS),
  );
}

/** What is in the form of a model. It outlives the page, the browser and the server. */
export function DraftProvider({ model, children }: { model: string; children: ReactNode }) {
  const [stored, setStored] = useState(() => current.get(model));

  useEffect(() => {
    if (current.has(model)) return;
    let here = true;
    load<Stored>(model)
      .catch(() => undefined)
      .then((found) => {
        if (!current.has(model)) current.set(model, found ?? { params: {}, files: {} });
        if (here) setStored(current.get(model));
      });
    return () => {
      here = false;
    };
  }, [model]);

  const draft = useMemo<Draft | undefined>(() => {
    if (!stored) return undefined;
    const now = () => current.get(model) ?? stored;
    const put = (next: Stored) => {
      putDraft(model, next);
      setStored(next);
    };
    return {
      ...stored,
      model,
      set: (name, value) => {
        const { [name]: _, ...params } = now().params;
        if (value !== undefined && given(value)) params[name] = value;
        put({ ...now(), params });
      },
      replace: (params, files = {}) => put({ params, files: { ...now().files, ...files } }),
      keep: (held) => {
        const token = tokenFor(held.name, held, now().files);
        put({ ...now(), files: { ...now().files, [token]: held } });
        return token;
      },
      know: (url, held) => put({ ...now(), files: { ...now().files, [url]: held } }),
    };
  }, [model, stored]);
  return draft && <Context.Provider value={draft}>{children}</Context.Provider>;
}

/** A draft with those files only that its parameters name. */
export function inUse({ params, files }: Stored): Stored {
  const text = JSON.stringify(params);
  const named = Object.entries(files).filter(([token]) => text.includes(JSON.stringify(token)));
  return { params, files: Object.fromEntries(named) };
}
