import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { type Translate, useWords } from "../i18n";
import { ask, useReturn } from "./reach";
import type { ModelList, Parameter, Spec, SpecAnswer } from "./types";

interface Specs {
  specs: Spec[];
  failed: boolean;
  retry: () => void;
}

const Context = createContext<Specs>({ specs: [], failed: false, retry: () => undefined });

export function useSpecs(): Specs {
  return useContext(Context);
}

export function useSpec(model: string): Spec | undefined {
  return useSpecs().specs.find((spec) => spec.model_id === model);
}

/** What people call models, by their ids. */
export function useModelNames(): (model: string) => string {
  const { specs } = useSpecs();
  return (model) => specs.find((spec) => spec.model_id === model)?.name ?? model;
}

/** Reads what every model takes, once: forms, reference and rules are made from it. */
export function SpecsProvider({ children }: { children: ReactNode }) {
  const { t } = useWords();
  const [read, setRead] = useState<Spec[]>([]);
  const specs = useMemo(() => read.map((spec) => named(spec, t)), [read, t]);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setFailed(false);
    readAll(stop.signal)
      .then(setRead)
      .catch(() => stop.signal.aborted || setFailed(true));
    return () => stop.abort();
  }, [tries]);
  const retry = () => setTries((n) => n + 1);
  useReturn(() => failed && retry());
  return <Context.Provider value={{ specs, failed, retry }}>{children}</Context.Provider>;
}

/** A spec whose name and examples of texts are in the page's language; all else is said by `t`. */
function named(spec: Spec, t: Translate): Spec {
  return { ...spec, name: t(spec.name), parameters: spec.parameters.map((each) => shown(each, t)) };
}

function shown(parameter: Parameter, t: Translate): Parameter {
  const { example } = parameter;
  return {
    ...parameter,
    example: typeof example === "string" ? t(example) : example,
    children: parameter.children.map((each) => shown(each, t)),
  };
}

async function readAll(signal: AbortSignal): Promise<Spec[]> {
  const read = async <T,>(path: string) => {
    const answer = await ask(path, { signal });
    if (!answer.ok) throw new Error(answer.statusText);
    return (await answer.json()) as T;
  };
  const list = await read<ModelList>("/api/v1/skill/models?page_size=100");
  return Promise.all(
    list.data.models.map(async (model) => {
      const path = `/api/v1/skill/models/${encodeURIComponent(model.id)}/spec`;
      return (await read<SpecAnswer>(path)).data;
    }),
  );
}
