import { Switch } from "@mantine/core";
import { useId } from "react";
import type { Params } from "../../../api/types";
import { Field } from "../../../parts/Field";
import { errorsWithin, useForm } from "../FormContext";
import { changed, type HolderProps } from "./props";

/** An object: the controls of its fields. */
export function GroupControl({
  parameter,
  path,
  value,
  onChange,
  required,
  disabled,
  control: Inner,
}: HolderProps) {
  const held = (value && typeof value === "object" && !Array.isArray(value) ? value : {}) as Params;
  const [only] = parameter.children;
  const id = useId();
  const { errors } = useForm();
  // An object around one switch is a switch to people.
  if (only && parameter.children.length === 1 && only.type === "boolean") {
    return (
      <Field
        parameter={parameter}
        htmlFor={id}
        error={errorsWithin(errors, path)}
        aside={
          <Switch
            id={id}
            checked={held[only.name] === true}
            disabled={disabled ?? false}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? { [only.name]: true } : undefined)
            }
          />
        }
      >
        {null}
      </Field>
    );
  }
  return (
    <Field parameter={parameter} required={required ?? false} error={errors[path]}>
      <div className="nested">
        {parameter.children.map((child) => (
          <Inner
            key={child.name}
            parameter={child}
            path={`${path}.${child.name}`}
            value={held[child.name]}
            required={child.required}
            disabled={disabled ?? false}
            onChange={(next) => onChange(changed(held, child.name, next))}
          />
        ))}
      </div>
    </Field>
  );
}
