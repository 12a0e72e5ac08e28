import { Button, Menu, Popover } from "@mantine/core";
import { useState } from "react";
import type { Json, Parameter } from "../../api/types";
import { type Translate, useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";
import { isPlain, labelOf, sayValue } from "../../lib/paramWords";
import { effective, given, paramsOf } from "../../lib/values";
import { Icon } from "../../parts/Icon";
import { Control } from "./controls/Control";
import { useForm } from "./FormContext";

const FEW = 8;

/** A setting as small as its value; a click changes it, or opens what does. */
export function Chip({ parameter }: { parameter: Parameter }) {
  const { spec, verdict, errors } = useForm();
  const draft = useDraft();
  const { name } = parameter;
  const value = draft.params[name];
  const blocked = !!verdict.blocked[name] && !given(value);
  const error = errors[name] ?? errors[`${name}.${parameter.children[0]?.name}`];
  const missing = verdict.required.has(name) && !given(effective(spec, draft.params, name));
  const shared = {
    parameter,
    value: effective(spec, draft.params, name),
    disabled: blocked,
    onChange: (next: Json | undefined) => draft.set(name, next),
  };
  return (
    <div
      className="field chip-field"
      data-param={name}
      data-invalid={error ? true : undefined}
      data-idle={verdict.idle[name] || blocked ? true : undefined}
      data-missing={missing || undefined}
    >
      <div className="field-body">
        {isSwitch(parameter) ? (
          <SwitchChip {...shared} />
        ) : isMenu(parameter) ? (
          <MenuChip {...shared} />
        ) : (
          <OpenChip {...shared} given={value} />
        )}
        {error && (
          <p className="field-error" role="alert">
            {error}
          </p>
        )}
      </div>
    </div>
  );
}

interface Props {
  parameter: Parameter;
  value: Json | undefined;
  disabled: boolean;
  onChange: (value: Json | undefined) => void;
}

const ON_OFF = ["on", "off"];

/** On or off, in whichever way the wire says it. */
function isSwitch({ type, constraints, children }: Parameter): boolean {
  if (type === "boolean" || (type === "object" && children[0]?.type === "boolean")) return true;
  const options = constraints.enum;
  return options?.length === 2 && ON_OFF.every((each) => options.includes(each));
}

function isMenu({ constraints }: Parameter): boolean {
  return !!constraints.enum && constraints.enum.length <= FEW;
}

function SwitchChip({ parameter, value, disabled, onChange }: Props) {
  const { t } = useWords();
  const [inner] = parameter.children;
  const on = inner ? paramsOf(value)[inner.name] === true : value === true || value === "on";
  const next = (): Json | undefined => {
    if (inner) return on ? undefined : { [inner.name]: true };
    if (parameter.type === "boolean") return !on;
    return on ? "off" : "on";
  };
  return (
    <button
      type="button"
      className="chip"
      role="switch"
      aria-checked={on}
      disabled={disabled}
      onClick={() => onChange(next())}
    >
      <span className="chip-dot" />
      {labelOf(parameter, t)}
    </button>
  );
}

function MenuChip({ parameter, value, disabled, onChange }: Props) {
  const { t } = useWords();
  const { name } = parameter;
  const label = labelOf(parameter, t);
  return (
    <Menu
      position="bottom-start"
      shadow="md"
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <ChipButton
          name={name}
          label={label}
          value={sayValue(name, value, t)}
          disabled={disabled}
        />
      </Menu.Target>
      <Menu.Dropdown className="chip-menu">
        <Menu.Label>{label}</Menu.Label>
        {parameter.constraints.enum?.map((option) => (
          <Menu.Item
            key={option}
            aria-current={String(value ?? "") === option || undefined}
            leftSection={<Shape option={option} />}
            rightSection={String(value ?? "") === option && <Icon name="check" size={14} />}
            onClick={() => onChange(option)}
          >
            {sayValue(name, option, t)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What needs more than a choice: a slider, or a text. */
function OpenChip(props: Props & { given: Json | undefined }) {
  const { parameter, value, disabled, onChange } = props;
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const { name } = parameter;
  const label = labelOf(parameter, t);
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-start"
      shadow="md"
      withinPortal={false}
      trapFocus
      returnFocus
      width={300}
    >
      <Popover.Target>
        <ChipButton
          name={name}
          label={label}
          value={shortened(parameter, value, t)}
          disabled={disabled}
          onClick={() => setOpen((before) => !before)}
        />
      </Popover.Target>
      <Popover.Dropdown aria-label={label} className="chip-panel">
        <Control
          parameter={parameter}
          path={name}
          value={props.given}
          disabled={disabled}
          onChange={onChange}
        />
        <div className="chip-acts">
          {given(props.given) && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              onClick={() => onChange(undefined)}
            >
              {t("Reset")}
            </Button>
          )}
          <Button size="compact-xs" variant="light" onClick={() => setOpen(false)}>
            {t("Done")}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

const SHORT = 18;

function shortened(parameter: Parameter, value: Json | undefined, t: Translate): string {
  const text = sayValue(parameter.name, value, t);
  if (parameter.type === "string" && !parameter.constraints.enum) {
    const characters = [...text];
    return characters.length > SHORT ? `${characters.slice(0, SHORT).join("")}…` : text;
  }
  return text;
}

interface ButtonProps {
  name: string;
  label: string;
  value: string;
  disabled: boolean;
  onClick?: () => void;
  ref?: React.Ref<HTMLButtonElement>;
}

function ChipButton({ name, label, value, ref, ...others }: ButtonProps) {
  const plain = isPlain(name) && value;
  return (
    <button
      {...others}
      ref={ref}
      type="button"
      className="chip"
      aria-label={plain ? `${label}: ${value}` : undefined}
    >
      {!plain && <span className="chip-label">{value ? `${label}:` : label}</span>}
      {value && (
        <span className="chip-value">
          <Shape option={value} />
          {value}
        </span>
      )}
      <Icon name="down" size={12} />
    </button>
  );
}

const LONGER = 14;

/** "16:9" as a small frame of that shape. */
function Shape({ option }: { option: string }) {
  const [, width, height] = option.match(/^(\d+):(\d+)$/) ?? [];
  if (!width || !height) return null;
  const scale = LONGER / Math.max(Number(width), Number(height));
  return (
    <span className="shape" aria-hidden="true">
      <span style={{ width: Number(width) * scale, height: Number(height) * scale }} />
    </span>
  );
}
