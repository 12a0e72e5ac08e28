import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useSpecs } from "../../api/specs";
import type { Parameter, Rule, Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";
import { kindOf } from "../../lib/media";
import { given } from "../../lib/values";
import { Control } from "./controls/Control";
import { useForm } from "./FormContext";

/** One control for each parameter, in the order of the spec. */
export function Form({ lead }: { lead: string | undefined }) {
  const { t } = useWords();
  const { spec } = useForm();
  const { specs } = useSpecs();
  const { main, delivery } = groups(spec, specs);
  return (
    <div className="form">
      {blocks(main, lead).map((block) =>
        block.length > 1 ? (
          <div key={block[0]?.name} className="pair">
            {block.map((parameter) => (
              <Row key={parameter.name} parameter={parameter} />
            ))}
          </div>
        ) : (
          block.map((parameter) => <Row key={parameter.name} parameter={parameter} />)
        ),
      )}
      {delivery.length > 0 && (
        <details className="more" open={delivery.some((p) => p.required)}>
          <summary>{t("Delivery")}</summary>
          {delivery.map((parameter) => (
            <Row key={parameter.name} parameter={parameter} />
          ))}
        </details>
      )}
    </div>
  );
}

/** Optional parameters that every model has are about delivery, not about the video. */
function groups(spec: Spec, specs: Spec[]) {
  const common = (parameter: Parameter) =>
    !parameter.required &&
    specs.every((other) => other.parameters.some((p) => p.name === parameter.name));
  return {
    main: spec.parameters.filter((parameter) => !common(parameter)),
    delivery: spec.parameters.filter(common),
  };
}

/** Pictures and videos that follow each other stand side by side. */
function blocks(parameters: Parameter[], lead: string | undefined): Parameter[][] {
  const made: Parameter[][] = [];
  for (const parameter of parameters) {
    const last = made.at(-1);
    const medium = kindOf(parameter.format);
    if (medium && last && kindOf(last[0]?.format) && last.length < 2) last.push(parameter);
    else made.push([parameter]);
  }
  const leads = (block: Parameter[]) => block.some((parameter) => parameter.name === lead);
  return [...made.filter(leads), ...made.filter((block) => !leads(block))];
}

function Row({ parameter }: { parameter: Parameter }) {
  const { verdict } = useForm();
  const draft = useDraft();
  const { t } = useWords();
  const { name } = parameter;
  const idle = verdict.idle[name];
  const block = verdict.blocked[name];
  const value = draft.params[name];
  const broken = verdict.broken[name] ?? [];
  return (
    <div className="row" data-idle={idle || (block && !given(value)) ? true : undefined}>
      <Control
        parameter={parameter}
        path={name}
        value={value}
        required={verdict.required.has(name)}
        disabled={!!block && !given(value)}
        onChange={(next) => draft.set(name, next)}
      />
      {(idle || block || broken.length > 0) && (
        <div className="notices">
          {broken.map((rule) => (
            <Breach key={rule.message} rule={rule} name={name} />
          ))}
          {idle && <Notice>{t(idle.message)}</Notice>}
          {block && <Way rule={block} name={name} />}
        </div>
      )}
    </div>
  );
}

/** A rule that what is given breaks; where one value alone keeps it, a click sets that. */
function Breach({ rule, name }: { rule: Rule; name: string }) {
  const { t } = useWords();
  const draft = useDraft();
  const { value } = rule;
  const known = typeof value === "string" || typeof value === "number";
  return (
    <Notice warn>
      {t(rule.message)}
      {known && (
        <Button size="compact-xs" variant="light" onClick={() => draft.set(name, String(value))}>
          {t("Set {name} to {value}", { name, value })}
        </Button>
      )}
    </Notice>
  );
}

/** What stands in the way of a parameter, and one click that removes it. */
function Way({ rule, name }: { rule: Rule; name: string }) {
  const { t } = useWords();
  const draft = useDraft();
  const there = given(draft.params[name]);
  if (rule.kind === "only_with" && rule.other) {
    const { other } = rule;
    return (
      <Notice warn={there}>
        {t(rule.message)}
        <Button size="compact-xs" variant="light" onClick={() => draft.set(other, wire(rule))}>
          {t("Set {name} to {value}", { name: other, value: String(rule.equals) })}
        </Button>
      </Notice>
    );
  }
  const others = (rule.first?.includes(name) ? rule.second : rule.first) ?? [];
  const taken = others.filter((other) => given(draft.params[other]));
  return (
    <Notice warn={there}>
      {t(rule.message)}
      <Button
        size="compact-xs"
        variant="light"
        onClick={() => {
          for (const other of taken) draft.set(other, undefined);
        }}
      >
        {t("Remove {name}", { name: taken.join(", ") })}
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
