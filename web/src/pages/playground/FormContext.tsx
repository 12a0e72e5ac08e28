import { createContext, useContext } from "react";
import type { Spec } from "../../api/types";
import type { Verdict } from "../../lib/verdict";

interface Form {
  spec: Spec;
  verdict: Verdict;
  /** What the server said, by JSON path. */
  errors: Record<string, string>;
}

const Context = createContext<Form | null>(null);
export const FormProvider = Context.Provider;

export function useForm(): Form {
  const form = useContext(Context);
  if (!form) throw new Error("no form around this component");
  return form;
}

/** All errors at a path and inside it, for a control that shows the whole. */
export function errorsWithin(errors: Record<string, string>, path: string): string | undefined {
  const found = Object.entries(errors)
    .filter(([at]) => at === path || at.startsWith(`${path}[`) || at.startsWith(`${path}.`))
    .map(([at, message]) => (at === path ? message : `${at}: ${message}`));
  return found.length ? found.join("\n") : undefined;
}
