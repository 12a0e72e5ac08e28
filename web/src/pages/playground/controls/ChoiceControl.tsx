import { NativeSelect, SegmentedControl, Slider } from "@mantine/core";
import { useId } from "react";
import { useWords } from "../../../i18n";
import { labelOf, sayValue } from "../../../lib/paramWords";
import { Field } from "../../../parts/Field";
import { useForm } from "../FormContext";
import type { ControlProps } from "./props";

const FEW = 4;

/** One of a few options: buttons, a slider where they are numbers in a row, else a list. */
export function ChoiceControl({
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
  const options = parameter.constraints.enum ?? [];
  const preset = parameter.constraints.default;
  const chosen = value ?? preset;
  const shown = chosen === undefined || chosen === null ? "" : String(chosen);
  const steps =
    options.length > FEW && options.every((option, i) => Number(option) === Number(options[0]) + i);
  if (steps) {
    return (
      <Field
        parameter={parameter}
        required={required ?? false}
        error={error}
        aside={<output className="counter">{sayValue(parameter.name, shown, t)}</output>}
      >
        <Slider
          min={Number(options[0])}
          max={Number(options.at(-1))}
          value={Number(shown || options[0])}
          disabled={disabled ?? false}
          onChange={(number) => onChange(String(number))}
          label={null}
          thumbLabel={labelOf(parameter, t)}
          marks={options.map((option) => ({ value: Number(option) }))}
        />
      </Field>
    );
  }
  if (options.length <= FEW) {
    return (
      <Field parameter={parameter} required={required ?? false} error={error}>
        <SegmentedControl
          className="segments"
          data={options.map((value) => ({ value, label: sayValue(parameter.name, value, t) }))}
          value={shown}
          disabled={disabled ?? false}
          onChange={onChange}
          aria-label={labelOf(parameter, t)}
        />
      </Field>
    );
  }
  return (
    <Field parameter={parameter} required={required ?? false} htmlFor={id} error={error}>
      <NativeSelect
        id={id}
        data={[
          "",
          ...options.map((value) => ({ value, label: sayValue(parameter.name, value, t) })),
        ]}
        value={shown}
        disabled={disabled ?? false}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}
