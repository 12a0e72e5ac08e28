import { Button, Menu } from "@mantine/core";
import { useMemo } from "react";
import type { Json, Params, Spec } from "../../api/types";
import { FILE } from "../../clips";
import { type Translate, useWords } from "../../i18n";
import { opened } from "../../lib/envelope";
import { labelOf } from "../../lib/paramWords";
import { useAct } from "../../parts/useAct";
import { begin } from "./welcome/begin";

const LONG_TITLE = 60;

/** Where examples of the documentation have their files: nobody serves them. */
const NOWHERE = "https://example.com/";

/** Pictures of the bundle that can stand for those of the documentation. */
const BUNDLED: Record<string, string> = {
  "first.jpg": "barn-summer.jpg",
  "last.jpg": "barn-winter.jpg",
};

/** What only somebody's own earlier work can fill. */
const OWN = ["video_id", "session_id"];

/** Requests of the documentation that work as they are, without a network. */
export function Examples({ spec }: { spec: Spec }) {
  const { t } = useWords();
  const examples = useMemo(() => ready(spec), [spec]);
  const act = useAct((params: Params) => begin(spec.model_id, params));
  if (!examples.length) return null;
  return (
    <>
      {act.trouble && <span className="field-error">{act.trouble}</span>}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="compact-sm" variant="subtle" color="gray" loading={act.busy}>
            {t("Examples")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {examples.map((example, index) => (
            <Menu.Item key={index} onClick={() => void act.run(example)}>
              {titleOf(example, t)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** The examples of a model with pictures that are there; without those that somebody has to fill. */
export function ready(spec: Spec): Params[] {
  return spec.examples
    .map((example) => put(opened(spec, example)) as Params)
    .filter((params) => !JSON.stringify(params).includes(NOWHERE))
    .filter((params) => !OWN.some((name) => name in params));
}

function put(value: Json): Json {
  if (typeof value === "string") {
    const file = value.startsWith(NOWHERE) && BUNDLED[value.slice(NOWHERE.length)];
    return file ? FILE + file : value;
  }
  if (Array.isArray(value)) return value.map(put);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, put(inner)]));
}

/** An example by its words, or by what is given in it. */
function titleOf(params: Params, t: Translate): string {
  const { prompt, ...others } = params;
  const names = Object.keys(others).map((name) => labelOf({ name }, t));
  if (typeof prompt !== "string") return names.join(", ");
  const text = prompt.replaceAll(/<<<(\w+)_(\d+)>>>/g, "$1 $2");
  const short = text.length > LONG_TITLE ? `${text.slice(0, LONG_TITLE)}…` : text;
  return names.length ? `${short} (${names.join(", ")})` : short;
}
