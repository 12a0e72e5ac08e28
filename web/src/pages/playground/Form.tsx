import { type ReactNode, useEffect } from "react";
import { useSpecs } from "../../api/specs";
import type { Parameter } from "../../api/types";
import { useWords } from "../../i18n";
import { composed, isNoChoice } from "../../lib/composition";
import { useDraft } from "../../lib/draft";
import { kindOf } from "../../lib/media";
import { labelOf } from "../../lib/paramWords";
import { given } from "../../lib/values";
import { Chip } from "./Chip";
import { Control } from "./controls/Control";
import { useForm } from "./FormContext";
import { Notices } from "./Notices";
import { PromptBox } from "./PromptBox";

interface Props {
  lead: string | undefined;
  /** What will be seen of it all, as far as that is known. */
  foreseen: ReactNode;
}

/** One composer for every model: pictures, words, settings as chips, and what needs more room. */
export function Form({ lead, foreseen }: Props) {
  const { t } = useWords();
  const { spec, verdict } = useForm();
  const { begun } = useSpecs();
  const draft = useDraft();
  const { media, prompt, chips, blocks, folded } = composed(spec, begun);
  useOnlyChoices(spec.parameters);
  // Lists of pictures that may stay empty do not stand between people and their words.
  const before = ({ type, required }: Parameter) => type !== "array" || required || !prompt;
  const first = blocks.filter(({ name }) => name === lead);
  const others = blocks.filter(({ name }) => name !== lead);
  const wordless = prompt && verdict.idle[prompt.name] && !given(draft.params[prompt.name]);
  return (
    <div className="form">
      {first.map((parameter) => (
        <Row key={parameter.name} parameter={parameter} />
      ))}
      <Media rows={rows(media.filter(before), lead)} />
      {prompt && (
        <div className="row" hidden={!!wordless}>
          <PromptBox parameter={prompt} />
          {!wordless && <Notices name={prompt.name} />}
        </div>
      )}
      {foreseen}
      {chips.length > 0 && (
        <fieldset className="chips" aria-label={t("Settings")}>
          {chips.map((parameter) => (
            <Chip key={parameter.name} parameter={parameter} />
          ))}
        </fieldset>
      )}
      <ChipNotices chips={chips} />
      <Media
        rows={rows(
          media.filter((each) => !before(each)),
          lead,
        )}
      />
      {others.map((parameter) => (
        <Block key={parameter.name} parameter={parameter} />
      ))}
      {folded.length > 0 && (
        <details className="more">
          <summary>{t("Delivery")}</summary>
          {folded.map((parameter) => (
            <Row key={parameter.name} parameter={parameter} />
          ))}
        </details>
      )}
    </div>
  );
}

function Media({ rows }: { rows: Parameter[][] }) {
  return rows.map((row) => (
    <div key={row[0]?.name} className={row.length > 1 ? "pair" : "single"}>
      {row.map((parameter) => (
        <Row key={parameter.name} parameter={parameter} />
      ))}
    </div>
  ));
}

/** Chooses what has one option only as soon as it must be chosen. */
function useOnlyChoices(parameters: Parameter[]): void {
  const { verdict } = useForm();
  const { params, set } = useDraft();
  useEffect(() => {
    for (const parameter of parameters.filter(isNoChoice)) {
      const { name, constraints } = parameter;
      if (verdict.required.has(name) && !given(params[name])) set(name, constraints.enum?.[0]);
    }
  }, [parameters, verdict, params, set]);
}

/** Notices of chips that are used, or that stand in the way of something. */
function ChipNotices({ chips }: { chips: Parameter[] }) {
  const { verdict } = useForm();
  const { params } = useDraft();
  const told = chips.filter(
    ({ name }) =>
      verdict.broken[name]?.length ||
      ((verdict.idle[name] || verdict.blocked[name]) && given(params[name])),
  );
  return told.map(({ name }) => <Notices key={name} name={name} />);
}

/** Single pictures and videos that follow each other stand side by side. */
function rows(parameters: Parameter[], lead: string | undefined): Parameter[][] {
  const made: Parameter[][] = [];
  for (const parameter of parameters) {
    const last = made.at(-1);
    const single = kindOf(parameter.format);
    if (single && last && kindOf(last[0]?.format) && last.length < 2) last.push(parameter);
    else made.push([parameter]);
  }
  const leads = (row: Parameter[]) => row.some((parameter) => parameter.name === lead);
  return [...made.filter(leads), ...made.filter((row) => !leads(row))];
}

/** What needs room: open where it is used or needed, else a line that opens. */
function Block({ parameter }: { parameter: Parameter }) {
  const { verdict } = useForm();
  const draft = useDraft();
  const { t } = useWords();
  const { name } = parameter;
  const needed = verdict.required.has(name) && !verdict.idle[name];
  const open = needed || given(draft.params[name]);
  if (needed) return <Row parameter={parameter} />;
  return (
    <details className="more block" open={open}>
      <summary>{labelOf(parameter, t)}</summary>
      <Row parameter={parameter} />
    </details>
  );
}

function Row({ parameter }: { parameter: Parameter }) {
  const { verdict } = useForm();
  const draft = useDraft();
  const { name } = parameter;
  const value = draft.params[name];
  const block = verdict.blocked[name];
  return (
    <div
      className="row"
      data-idle={verdict.idle[name] || (block && !given(value)) ? true : undefined}
    >
      <Control
        parameter={parameter}
        path={name}
        value={value}
        required={verdict.required.has(name)}
        disabled={!!block && !given(value)}
        onChange={(next) => draft.set(name, next)}
      />
      <Notices name={name} />
    </div>
  );
}
