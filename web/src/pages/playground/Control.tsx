import {
  Button,
  NativeSelect,
  NumberInput,
  SegmentedControl,
  Slider,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useId } from "react";
import type { Json, Parameter, Params } from "../../api/types";
import { useWords } from "../../i18n";
import { characters } from "../../lib/rules";
import { Field } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { spoken } from "../../parts/names";
import { errorsWithin, useForm } from "./FormContext";
import { MasksField } from "./MasksField";
import { MediumField } from "./MediumField";
import { ShotsField } from "./ShotsField";
import { SubjectsField } from "./SubjectsField";

export interface ControlProps {
  parameter: Parameter;
  /** JSON path below `params`. */
  path: string;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  required?: boolean;
  disabled?: boolean;
}

const LONG_TEXT = 300;
const FEW = 4;

/** The control that fits a parameter, chosen by what the spec says of it and nothing else. */
export function Control(props: ControlProps) {
  const { parameter, path } = props;
  const { rules } = useForm().spec;
  const about = (kind: string) =>
    rules.some((rule) => rule.kind === kind && rule.params?.[0]?.startsWith(`${path}[]`));
  if (parameter.format === "image" || parameter.format === "video")
    return <MediumField {...props} />;
  if (about("points_inside")) return <MasksField {...props} />;
  if (about("adds_up")) return <ShotsField {...props} />;
  if (parameter.children.length === 1 && parameter.children[0]?.format === "element")
    return <SubjectsField {...props} />;
  if (parameter.type === "boolean") return <FlagControl {...props} />;
  if (parameter.type === "object") return <GroupControl {...props} />;
  if (parameter.type === "array") return <ListControl {...props} />;
  if (parameter.constraints.enum) return <ChoiceControl {...props} />;
  if (parameter.type === "string") return <TextControl {...props} />;
  return <NumberControl {...props} />;
}

function useError(path: string): string | undefined {
  return useForm().errors[path];
}

function TextControl({ parameter, path, value, onChange, required, disabled }: ControlProps) {
  const id = useId();
  const { t } = useWords();
  const error = useError(path);
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
        <Textarea
          {...shared}
          autosize
          minRows={parameter.name.startsWith("negative") ? 1 : 3}
          maxRows={12}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <TextInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} />
      )}
    </Field>
  );
}

function ChoiceControl({ parameter, path, value, onChange, required, disabled }: ControlProps) {
  const id = useId();
  const { t } = useWords();
  const error = useError(path);
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
        aside={<output className="counter">{shown}</output>}
      >
        <Slider
          min={Number(options[0])}
          max={Number(options.at(-1))}
          value={Number(shown || options[0])}
          disabled={disabled ?? false}
          onChange={(number) => onChange(String(number))}
          label={null}
          thumbLabel={t(spoken(parameter.name))}
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
          data={options}
          value={shown}
          disabled={disabled ?? false}
          onChange={onChange}
          aria-label={t(spoken(parameter.name))}
        />
      </Field>
    );
  }
  return (
    <Field parameter={parameter} required={required ?? false} htmlFor={id} error={error}>
      <NativeSelect
        id={id}
        data={["", ...options]}
        value={shown}
        disabled={disabled ?? false}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}

function NumberControl({ parameter, path, value, onChange, required, disabled }: ControlProps) {
  const id = useId();
  const { t } = useWords();
  const error = useError(path);
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
          thumbLabel={t(spoken(parameter.name))}
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

function FlagControl({ parameter, path, value, onChange, disabled }: ControlProps) {
  const id = useId();
  const error = useError(path);
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

function GroupControl({ parameter, path, value, onChange, required, disabled }: ControlProps) {
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
          <Control
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

function ListControl({ parameter, path, value, onChange, required, disabled }: ControlProps) {
  const { t } = useWords();
  const { errors } = useForm();
  const entries = (Array.isArray(value) ? value : []) as Params[];
  const { max_items = Number.POSITIVE_INFINITY } = parameter.constraints;
  const [only] = parameter.children;
  const pictures = parameter.children.length === 1 && only?.format === "image";
  const put = (index: number, entry: Params) =>
    onChange(entries.map((old, i) => (i === index ? entry : old)));
  // Pictures in a row end with a place to drop the next one.
  const shown = pictures && entries.length < max_items ? [...entries, {}] : entries;
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
      <div className={pictures ? "picture-row" : "nested"}>
        {shown.map((entry, index) => (
          <div key={index} className="entry">
            {parameter.children.map((child) => (
              <Control
                key={child.name}
                parameter={
                  pictures
                    ? { ...child, name: `${parameter.name} ${index + 1}`, description: "" }
                    : child
                }
                path={`${path}[${index}].${child.name}`}
                value={entry[child.name]}
                required={child.required && !pictures}
                disabled={disabled ?? false}
                onChange={(next) => {
                  const entryNow = changed(entry, child.name, next);
                  if (pictures && next === undefined)
                    onChange(entries.filter((_, i) => i !== index));
                  else if (index === entries.length) onChange([...entries, entryNow]);
                  else put(index, entryNow);
                }}
              />
            ))}
            {!pictures && (
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
        {!pictures && (
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

function changed(held: Params, name: string, value: Json | undefined): Params {
  const next = { ...held };
  if (value === undefined || value === "") delete next[name];
  else next[name] = value;
  return next;
}
