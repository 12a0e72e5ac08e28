import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { Rule } from "../../api/types";
import { useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";
import { inPeoplesWords, labelOf, sayValue } from "../../lib/paramWords";
import { given } from "../../lib/values";
import { useForm } from "./FormContext";

/** What the rules of the model say of a parameter now, with a click that puts it right. */
export function Notices({ name }: { name: string }) {
  const { spec, verdict } = useForm();
  const { t } = useWords();
  const idle = verdict.idle[name];
  const block = verdict.blocked[name];
  const broken = verdict.broken[name] ?? [];
  if (!idle && !block && !broken.length) return null;
  return (
    <div className="notices">
      {broken.map((rule) => (
        <Breach key={rule.message} rule={rule} name={name} />
      ))}
      {idle && <Notice>{inPeoplesWords(idle.message, spec, t)}</Notice>}
      {block && <Way rule={block} name={name} />}
    </div>
  );
}

/** A rule that what is given breaks; where one value alone keeps it, a click sets that. */
function Breach({ rule, name }: { rule: Rule; name: string }) {
  const { t } = useWords();
  const { spec } = useForm();
  const draft = useDraft();
  const { value } = rule;
  const known = typeof value === "string" || typeof value === "number";
  return (
    <Notice warn>
      {inPeoplesWords(rule.message, spec, t)}
      {known && (
        <Button size="compact-xs" variant="light" onClick={() => draft.set(name, String(value))}>
          {t("Set {name} to {value}", {
            name: labelOf({ name }, t),
            value: sayValue(name, value, t),
          })}
        </Button>
      )}
    </Notice>
  );
}

/** What stands in the way of a parameter, and one click that removes it. */
function Way({ rule, name }: { rule: Rule; name: string }) {
  const { t } = useWords();
  const { spec } = useForm();
  const draft = useDraft();
  const there = given(draft.params[name]);
  if (rule.kind === "only_with" && rule.other) {
    const { other } = rule;
    return (
      <Notice warn={there}>
        {inPeoplesWords(rule.message, spec, t)}
        <Button size="compact-xs" variant="light" onClick={() => draft.set(other, wire(rule))}>
          {t("Set {name} to {value}", {
            name: labelOf({ name: other }, t),
            value: sayValue(other, wire(rule), t),
          })}
        </Button>
      </Notice>
    );
  }
  const others = (rule.first?.includes(name) ? rule.second : rule.first) ?? [];
  const taken = others.filter((other) => given(draft.params[other]));
  return (
    <Notice warn={there}>
      {inPeoplesWords(rule.message, spec, t)}
      <Button
        size="compact-xs"
        variant="light"
        onClick={() => {
          for (const other of taken) draft.set(other, undefined);
        }}
      >
        {t("Remove {name}", {
          name: taken.map((other) => labelOf({ name: other }, t)).join(", "),
        })}
      </Button>
    </Notice>
  );
}

/** Forms hold choices as texts; the rule may speak of them as numbers. */
function wire(rule: Rule) {
  return typeof rule.equals === "number" ? String(rule.equals) : (rule.equals ?? null);
}

function Notice({ warn, children }: { warn?: boolean; children: ReactNode }) {
  return (
    <div className="notice" data-warn={warn || undefined}>
      {children}
    </div>
  );
}
