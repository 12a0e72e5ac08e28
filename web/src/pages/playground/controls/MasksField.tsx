import { Button } from "@mantine/core";
import { useLocation } from "wouter";
import type { Params } from "../../../api/types";
import { useWords } from "../../../i18n";
import { Field } from "../../../parts/Field";
import { Icon } from "../../../parts/Icon";
import { errorsWithin, useForm } from "../FormContext";
import type { ControlProps } from "./props";

/** Masks with paths are painted, not typed: what is there, and the way to the motion brush. */
export function MasksField({ parameter, path, value, onChange, required, disabled }: ControlProps) {
  const { t } = useWords();
  const { errors, spec } = useForm();
  const [, go] = useLocation();
  const entries = (Array.isArray(value) ? value : []) as Params[];
  const listed = parameter.children.find((child) => child.type === "array");
  return (
    <Field
      parameter={parameter}
      required={required ?? false}
      error={errorsWithin(errors, path)}
      aside={
        <span className="counter">
          {entries.length} / {parameter.constraints.max_items}
        </span>
      }
    >
      {entries.length > 0 && (
        <ol className="masks-made">
          {entries.map((entry, index) => {
            const points = listed ? entry[listed.name] : undefined;
            return (
              <li key={index}>
                {t("path of {n} points", { n: Array.isArray(points) ? points.length : 0 })}
              </li>
            );
          })}
        </ol>
      )}
      <div className="acts">
        <Button
          variant="default"
          size="sm"
          disabled={disabled ?? false}
          leftSection={<Icon name="brush" size={16} />}
          onClick={() => go(`/brush/${spec.model_id}`)}
        >
          {entries.length ? t("Paint on") : t("Open the motion brush")}
        </Button>
        {entries.length > 0 && (
          <Button variant="subtle" color="gray" size="sm" onClick={() => onChange(undefined)}>
            {t("Remove")}
          </Button>
        )}
      </div>
    </Field>
  );
}
