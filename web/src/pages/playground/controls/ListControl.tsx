import { Button } from "@mantine/core";
import type { Params } from "../../../api/types";
import { useWords } from "../../../i18n";
import { Field } from "../../../parts/Field";
import { Icon } from "../../../parts/Icon";
import { useForm } from "../FormContext";
import { changed, type HolderProps } from "./props";

/** A list of objects, each with the controls of its fields; pictures and videos stand in a row. */
export function ListControl({
  parameter,
  path,
  value,
  onChange,
  required,
  disabled,
  control: Inner,
}: HolderProps) {
  const { t } = useWords();
  const { errors } = useForm();
  const entries = (Array.isArray(value) ? value : []) as Params[];
  const { max_items = Number.POSITIVE_INFINITY } = parameter.constraints;
  const [only] = parameter.children;
  const media =
    parameter.children.length === 1 && (only?.format === "image" || only?.format === "video");
  const put = (index: number, entry: Params) =>
    onChange(entries.map((old, i) => (i === index ? entry : old)));
  // Pictures and videos in a row end with a place to drop the next one.
  const shown = media && entries.length < max_items ? [...entries, {}] : entries;
  return (
    <Field
      parameter={parameter}
      required={required ?? false}
      error={errors[path]}
      aside={
        <span className="counter">
          {entries.length}
          {Number.isFinite(max_items) && ` / ${max_items}`}
        </span>
      }
    >
      <div className={media ? "picture-row" : "nested"}>
        {shown.map((entry, index) => (
          <div key={index} className="entry">
            {parameter.children.map((child) => (
              <Inner
                key={child.name}
                parameter={
                  media
                    ? { ...child, name: `${parameter.name} ${index + 1}`, description: "" }
                    : child
                }
                path={`${path}[${index}].${child.name}`}
                value={entry[child.name]}
                required={child.required && !media}
                disabled={disabled ?? false}
                onChange={(next) => {
                  const entryNow = changed(entry, child.name, next);
                  if (media && next === undefined) onChange(entries.filter((_, i) => i !== index));
                  else if (index === entries.length) onChange([...entries, entryNow]);
                  else put(index, entryNow);
                }}
              />
            ))}
            {!media && (
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                leftSection={<Icon name="trash" size={14} />}
                onClick={() => onChange(entries.filter((_, i) => i !== index))}
              >
                {t("Remove")}
              </Button>
            )}
          </div>
        ))}
        {!media && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Icon name="plus" size={14} />}
            disabled={(disabled ?? false) || entries.length >= max_items}
            onClick={() => onChange([...entries, {}])}
          >
            {t("Add")}
          </Button>
        )}
      </div>
    </Field>
  );
}
