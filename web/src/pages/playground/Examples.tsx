import { Button, Menu } from "@mantine/core";
import { useMemo } from "react";
import type { Params, Spec } from "../../api/types";
import { type Translate, useWords } from "../../i18n";
import { ready } from "../../lib/examples";
import { labelOf } from "../../lib/paramWords";
import { useAct } from "../../parts/useAct";
import { begin } from "./welcome/begin";

const LONG_TITLE = 60;

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

/** An example by its words, or by what is given in it. */
function titleOf(params: Params, t: Translate): string {
  const { prompt, ...others } = params;
  const names = Object.keys(others).map((name) => labelOf({ name }, t));
  if (typeof prompt !== "string") return names.join(", ");
  const text = prompt.replaceAll(/<<<(\w+)_(\d+)>>>/g, "$1 $2");
  const short = text.length > LONG_TITLE ? `${text.slice(0, LONG_TITLE)}…` : text;
  return names.length ? `${short} (${names.join(", ")})` : short;
}
