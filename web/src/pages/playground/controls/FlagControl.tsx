import { Switch } from "@mantine/core";
import { useId } from "react";
import { Field } from "../../../parts/Field";
import { useForm } from "../FormContext";
import type { ControlProps } from "./props";

/** On or off. */
export function FlagControl({ parameter, path, value, onChange, disabled }: ControlProps) {
  const id = useId();
  const error = useForm().errors[path];
  const on = typeof value === "boolean" ? value : parameter.constraints.default === true;
  return (
    <Field
      parameter={parameter}
      htmlFor={id}
      error={error}
      aside={
        <Switch
          id={id}
          checked={on}
          disabled={disabled ?? false}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      }
    >
      {null}
    </Field>
  );
}
