import type { Json, Params } from "../../../api/types";
import { entriesOf } from "../../../lib/values";
import { Field } from "../../../parts/Field";
import { useForm } from "../FormContext";
import { changed, type HolderProps } from "./props";

/** A list of one entry at most: what must be in it, and the rest as soon as that is there. */
export function SingleControl({
  parameter,
  path,
  value,
  onChange,
  required,
  disabled,
  control: Inner,
}: HolderProps) {
  const { errors } = useForm();
  const [entry] = entriesOf(value);
  const shown = parameter.children.filter((child) => entry || child.required);
  const needed = parameter.children.filter((child) => child.required).map((child) => child.name);
  const put = (name: string, next: Json | undefined) => {
    const after: Params = changed(entry ?? {}, name, next);
    // Choices alone say nothing.
    onChange(needed.some((each) => after[each] !== undefined) ? [after] : undefined);
  };
  return (
    <Field parameter={parameter} required={required ?? false} error={errors[path]}>
      <div className="nested">
        {shown.map((child) => (
          <Inner
            key={child.name}
            parameter={child}
            path={`${path}[0].${child.name}`}
            value={entry?.[child.name]}
            required={child.required && entry !== undefined}
            disabled={disabled ?? false}
            onChange={(next) => put(child.name, next)}
          />
        ))}
      </div>
    </Field>
  );
}
