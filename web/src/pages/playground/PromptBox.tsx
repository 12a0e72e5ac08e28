import { Textarea } from "@mantine/core";
import { useId } from "react";
import type { Parameter } from "../../api/types";
import { useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";
import { helpOf, labelOf } from "../../lib/paramWords";
import { characters } from "../../lib/rules";
import { Mentions } from "./controls/Mentions";
import { useForm } from "./FormContext";
import { PresetBar } from "./PresetBar";

/** From which share of its length on a text is counted. */
const NEARLY = 0.8;

/** The words of a video, large, with moves and styles that a click says in words. */
export function PromptBox({ parameter }: { parameter: Parameter }) {
  const id = useId();
  const { t } = useWords();
  const { errors, verdict } = useForm();
  const draft = useDraft();
  const { name } = parameter;
  const { max_length: most = Number.POSITIVE_INFINITY } = parameter.constraints;
  const value = draft.params[name];
  const text = typeof value === "string" ? value : "";
  const count = characters(text);
  const over = count > most;
  const error =
    errors[name] ?? (over ? t("{n} characters too many", { n: count - most }) : undefined);
  const put = (next: string) => draft.set(name, next);
  return (
    <div className="field prompt-box" data-param={name} data-invalid={error ? true : undefined}>
      <div className="field-head">
        <label className="field-label" htmlFor={id}>
          {labelOf(parameter, t)}
          {verdict.required.has(name) && (
            <span className="field-required" title={t("required")}>
              *
            </span>
          )}
        </label>
        {count > most * NEARLY && (
          <span className="counter" data-over={over || undefined}>
            {count} / {most}
          </span>
        )}
      </div>
      <div className="field-body">
        <Textarea
          id={id}
          classNames={{ input: "prompt-input" }}
          value={text}
          error={!!error}
          placeholder={helpOf(parameter, t)}
          autosize
          minRows={3}
          maxRows={14}
          onChange={(event) => put(event.currentTarget.value)}
        />
        <Mentions path={name} text={text} onChange={put} />
        <PresetBar text={text} onChange={put} />
        {error && (
          <p className="field-error" role="alert">
            {error}
          </p>
        )}
      </div>
    </div>
  );
}
