import { NumberInput, Slider } from "@mantine/core";
import { useId } from "react";
import { useWords } from "../../../i18n";
import { labelOf } from "../../../lib/paramWords";
import { Field } from "../../../parts/Field";
import { useForm } from "../FormContext";
import type { ControlProps } from "./props";

/** A number: a slider where both its ends are known. */
export function NumberControl({
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
  const { min, max, default: preset } = parameter.constraints;
  const number = typeof value === "number" ? value : undefined;
  if (parameter.type === "number" && min !== undefined && max !== undefined) {
    const shown = number ?? Number(preset ?? min);
    return (
      <Field
        parameter={parameter}
        required={required ?? false}
        error={error}
        aside={<output className="counter">{shown.toFixed(2)}</output>}
      >
        <Slider
          min={min}
          max={max}
          step={(max - min) / 20}
          value={shown}
          disabled={disabled ?? false}
          onChange={(next) => onChange(Number(next.toFixed(4)))}
          label={null}
          thumbLabel={labelOf(parameter, t)}
        />
      </Field>
    );
  }
  return (
    <Field parameter={parameter} required={required ?? false} htmlFor={id} error={error}>
      <NumberInput
        id={id}
        value={number ?? ""}
        disabled={disabled ?? false}
        error={!!error}
        allowDecimal={parameter.type === "number"}
        onChange={(next) => onChange(next === "" ? undefined : Number(next))}
      />
    </Field>
  );
}
