import * as routes from "@kirin/client/routes";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { type Translate, useWords } from "../i18n";
import { firstModels } from "../lib/kinds";
import { stranger } from "./client";
import { useReturn } from "./reach";
import { useSession } from "./session";
import type { Model, Parameter, Spec } from "./types";

interface Specs {
  /** All models, by name and kind alone. */
  models: Model[];
  /** Those that have been read so far: of each kind one at least, and the one that is opened. */
  begun: Spec[];
  /** Those of all models; empty until all are there. */
  specs: Spec[];
  failed: boolean;
  retry: () => void;
}

interface Shelf extends Specs {
  /** Has one read, unless it was asked for. */
  need: (model: string) => void;
  /** Has all of them read. */
  all: () => void;
}

const Context = createContext<Shelf>({
  models: [],
  begun: [],
  specs: [],
  failed: false,
  retry: () => undefined,
  need: () => undefined,
  all: () => undefined,
});

/**
 * The models, and what is known of them: enough to choose one and to fill its form.
 *
 * @param needed a model that must be known, too.
 */
export function useModels(needed = ""): Omit<Specs, "specs"> {
  const { need, ...known } = useContext(Context);
  useEffect(() => {
    if (needed) need(needed);
  }, [need, needed]);
  return known;
}

/** What every model takes: whoever uses it has the rest read, once the page is seen. */
export function useSpecs(): Specs {
  const { all, need: _, ...specs } = useContext(Context);
  useEffect(all, [all]);
  return specs;
}

export function useSpec(model: string): Spec | undefined {
  return useSpecs().specs.find((spec) => spec.model_id === model);
}

/** What people call models, by their ids. */
export function useModelNames(): (model: string) => string {
  const { models } = useModels();
  return (model) => models.find(({ id }) => id === model)?.name ?? model;
}

/**
 * Reads what models take, each once: forms, reference and rules are made from it. The first page
 * needs few of them, and does not wait for the others.
 */
export function SpecsProvider({ children }: { children: ReactNode }) {
  const { t } = useWords();
  const { client, signedIn } = useSession();
  // The catalogue of some servers takes a key, too.
  const api = useRef(stranger);
  api.current = signedIn ? client : stranger;
  const [list, setList] = useState<Model[]>([]);
  const [read, setRead] = useState<Record<string, Spec>>({});
  const [needed, setNeeded] = useState("");
  const [whole, setWhole] = useState(false);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  const asked = useRef(new Set<string>());

  useEffect(() => {
    const stop = new AbortController();
    setFailed(false);
    api.current
      .run(routes.models({ pageSize: 100, signal: stop.signal }))
      .then(({ models }) => setList(models))
      .catch(() => stop.signal.aborted || setFailed(true));
    return () => stop.abort();
  }, [tries, signedIn]);

  useEffect(() => {
    const known = list.map(({ id }) => id);
    const wanted = whole
      ? known
      : [...firstModels(list), needed].filter((id) => known.includes(id));
    const missing = [...new Set(wanted)].filter((id) => !asked.current.has(id));
    for (const id of missing) asked.current.add(id);
    Promise.all(missing.map(async (id) => [id, await api.current.run(routes.spec(id))] as const))
      .then((found) => setRead((old) => ({ ...old, ...Object.fromEntries(found) })))
      .catch(() => {
        for (const id of missing) asked.current.delete(id);
        setFailed(true);
      });
  }, [list, whole, needed]);

  const retry = () => setTries((n) => n + 1);
  useReturn(() => failed && retry());
  const all = useCallback(() => whenIdle(() => setWhole(true)), []);
  const models = useMemo(() => list.map((each) => ({ ...each, name: t(each.name) })), [list, t]);
  const begun = useMemo(
    () => list.flatMap(({ id }) => (read[id] ? [named(read[id], t)] : [])),
    [list, read, t],
  );
  const specs = begun.length === list.length ? begun : NONE;
  return (
    <Context.Provider value={{ models, begun, specs, failed, retry, need: setNeeded, all }}>
      {children}
    </Context.Provider>
  );
}

/** Does something once the page has nothing else to do. */
function whenIdle(act: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(act, { timeout: MOST_MS });
  else setTimeout(act, SAFARI_MS); // which has no such call
}

/** The longest that the rest of the models waits for a busy page. */
const MOST_MS = 2000;

const SAFARI_MS = 200;

const NONE: Spec[] = [];

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
