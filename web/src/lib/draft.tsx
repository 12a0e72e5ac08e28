import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import type { Json, Params } from "../api/types";
import { type Files, type Held, tokenFor } from "./media";
import { load, save } from "./store";
import { given } from "./values";

export interface Stored {
  params: Params;
  files: Files;
}

export interface Draft extends Stored {
  model: string;
  set: (name: string, value: Json | undefined) => void;
  /** Changes all parameters, as typing does. */
  replace: (params: Params) => void;
  /** Begins anew with other parameters; what was there can be had back. */
  swap: (params: Params) => void;
  /** Brings back what was there before the form began anew, if it did. */
  undo: (() => void) | undefined;
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

/** What was in forms before they began anew, as long as the page is open. */
const earlier = new Map<string, Stored>();

/** Begins the form of a model anew with other parameters; what was there can be had back. */
export async function swapDraft(model: string, params: Params, files: Files = {}): Promise<void> {
  const before = current.get(model) ?? (await load<Stored>(model).catch(() => undefined));
  if (before && Object.keys(before.params).length) earlier.set(model, before);
  putDraft(model, { params, files });
}

function putDraft(model: string, stored: Stored): void {
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
    const before = earlier.get(model);
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
      replace: (params) => put({ ...now(), params }),
      swap: (params) => {
        if (Object.keys(now().params).length) earlier.set(model, now());
        put({ params, files: {} });
      },
      undo:
        before &&
        (() => {
          earlier.delete(model);
          put(before);
        }),
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
