import { Textarea, TextInput } from "@mantine/core";
import { useId } from "react";
import { useWords } from "../../../i18n";
import { characters } from "../../../lib/rules";
import { Field } from "../../../parts/Field";
import { useForm } from "../FormContext";
import { Mentions } from "./Mentions";
import type { ControlProps } from "./props";

const LONG_TEXT = 300;

/** A line or an area of text, with a counter where its length is limited. */
export function TextControl({
  parameter,
  path,
  value,
  onChange,
  required,
  disabled,
}: ControlProps) {
  const id = useId();
  const { t } = useWords();
  const error = useForm().errors[path];
  const { max_length } = parameter.constraints;
  const text = typeof value === "string" ? value : "";
  const long = (max_length ?? 0) >= LONG_TEXT && parameter.format !== "uri";
  const count = characters(text);
  const over = max_length !== undefined && count > max_length;
  const shared = {
    id,
    value: text,
    disabled: disabled ?? false,
    error: over || !!error,
    placeholder: typeof parameter.example === "string" ? parameter.example : "",
  };
  return (
    <Field
      parameter={parameter}
      required={required ?? false}
      htmlFor={id}
      error={error ?? (over ? t("{n} characters too many", { n: count - max_length }) : undefined)}
      aside={
        max_length && (long || count > max_length * 0.8) ? (
          <span className="counter" data-over={over || undefined}>
            {count} / {max_length}
          </span>
        ) : null
      }
    >
      {long ? (
        <>
          <Textarea
            {...shared}
            autosize
            minRows={parameter.name.startsWith("negative") ? 1 : 3}
            maxRows={12}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
          <Mentions path={path} text={text} disabled={disabled} onChange={onChange} />
        </>
      ) : (
        <TextInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} />
      )}
    </Field>
  );
}
