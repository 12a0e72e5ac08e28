import { NativeSelect } from "@mantine/core";
import type { Json, Params } from "../../../api/types";
import { useWords } from "../../../i18n";
import { labelOf, sayValue } from "../../../lib/paramWords";
import { entriesOf } from "../../../lib/values";
import { Field } from "../../../parts/Field";
import { useForm } from "../FormContext";
import { MediumField } from "./medium/MediumField";
import { type ControlProps, changed } from "./props";

/** Pictures in a row that come in one of several fields, each with what it is to the video. */
export function PicturesField({
  parameter,
  path,
  value,
  onChange,
  required,
  disabled,
}: ControlProps) {
  const { t } = useWords();
  const { errors } = useForm();
  const entries = entriesOf(value);
  const { max_items: most = Number.POSITIVE_INFINITY } = parameter.constraints;
  const pictures = parameter.children.filter((child) => child.format === "image");
  const role = parameter.children.find((child) => child.constraints.enum);
  const shown = entries.length < most ? [...entries, {}] : entries;
  const put = (index: number, entry: Params) =>
    onChange(index < entries.length ? entries.with(index, entry) : [...entries, entry]);
  const give = (index: number, entry: Params, name: string, picture: Json | undefined) => {
    if (picture === undefined) onChange(entries.filter((_, i) => i !== index));
    else put(index, changed(entry, name, picture));
  };
  return (
    <Field
      parameter={parameter}
      required={required ?? false}
      error={errors[path]}
      aside={
        <span className="counter">
          {entries.length}
          {Number.isFinite(most) && ` / ${most}`}
        </span>
      }
    >
      <div className="picture-row">
        {shown.map((entry, index) => {
          // Whoever wrote the request may have used another of the fields.
          const child = pictures.find((each) => entry[each.name] !== undefined) ?? pictures[0];
          if (!child) return null;
          const name = `${parameter.name} ${index + 1}`;
          return (
            <div key={index} className="entry">
              <MediumField
                parameter={{ ...child, name, description: "" }}
                path={`${path}[${index}].${child.name}`}
                value={entry[child.name]}
                disabled={disabled ?? false}
                onChange={(next) => give(index, entry, child.name, next)}
              />
              {role && index < entries.length && (
                <NativeSelect
                  size="xs"
                  aria-label={t("{name} is", { name: labelOf({ ...child, name }, t) })}
                  error={errors[`${path}[${index}].${role.name}`]}
                  data={[
                    { value: "", label: t("In the video") },
                    ...(role.constraints.enum ?? []).map((option) => ({
                      value: option,
                      label: sayValue(role.name, option, t),
                    })),
                  ]}
                  value={String(entry[role.name] ?? "")}
                  disabled={disabled ?? false}
                  onChange={(event) =>
                    put(index, changed(entry, role.name, event.currentTarget.value))
                  }
                />
              )}
            </div>
          );
        })}
      </div>
    </Field>
  );
}
