import { Slider } from "@mantine/core";
import type { Parameter } from "../../../api/types";
import { useWords } from "../../../i18n";
import { along, movesOf, SIMPLE } from "../../../lib/camera";
import { paramsOf } from "../../../lib/values";
import { Field } from "../../../parts/Field";
import { spoken } from "../../../parts/names";
import { errorsWithin, useForm } from "../FormContext";
import type { ControlProps } from "./props";

const STEP = 0.5;

/** A camera by numbers: a slider for each axis, of which one moves, or a move that has a name. */
export function CameraField({
  parameter,
  path,
  value,
  onChange,
  required,
  disabled,
}: ControlProps) {
  const { t } = useWords();
  const { errors } = useForm();
  const control = paramsOf(value);
  const types = parameter.children.find((child) => child.constraints.enum)?.constraints.enum ?? [];
  const axes = parameter.children.find((child) => child.type === "object")?.children ?? [];
  const named = types.filter((type) => type !== SIMPLE);
  const chosen = typeof control.type === "string" ? control.type : SIMPLE;
  const moves = movesOf(value);
  return (
    <Field
      parameter={parameter}
      required={required ?? false}
      error={errorsWithin(errors, path)}
      aside={
        moves[0] && (
          <output className="counter">
            {moves.map(([axis, amount]) => `${t(spoken(axis))} ${signed(amount)}`).join(", ")}
          </output>
        )
      }
    >
      {named.length > 0 && (
        <div className="choices">
          <Choice
            on={chosen === SIMPLE}
            disabled={disabled}
            onChoose={() => onChange(undefined)}
            words={t("Along one axis")}
          />
          {named.map((type) => (
            <Choice
              key={type}
              on={chosen === type}
              disabled={disabled}
              onChoose={() => onChange({ type })}
              words={t(spoken(type))}
            />
          ))}
        </div>
      )}
      {chosen === SIMPLE && (
        <div className="axes">
          {axes.map((axis) => (
            <Axis
              key={axis.name}
              axis={axis}
              amount={moves.find(([name]) => name === axis.name)?.[1] ?? 0}
              disabled={disabled}
              onChange={(amount) => onChange(along(axis.name, amount))}
            />
          ))}
        </div>
      )}
    </Field>
  );
}

interface ChoiceProps {
  on: boolean;
  words: string;
  disabled: boolean | undefined;
  onChoose: () => void;
}

function Choice({ on, words, disabled, onChoose }: ChoiceProps) {
  return (
    <button
      type="button"
      className="choice"
      aria-pressed={on}
      disabled={disabled}
      onClick={onChoose}
    >
      {words}
    </button>
  );
}

interface AxisProps {
  axis: Parameter;
  amount: number;
  disabled: boolean | undefined;
  onChange: (amount: number) => void;
}

/** One axis; to move it is to leave the others at rest. */
function Axis({ axis, amount, disabled, onChange }: AxisProps) {
  const { t } = useWords();
  const { min = -10, max = 10 } = axis.constraints;
  return (
    <div className="axis" data-moves={amount !== 0 || undefined}>
      <p className="axis-head">
        <span>{t(spoken(axis.name))}</span>
        <output className="counter">{signed(amount)}</output>
      </p>
      <Slider
        min={min}
        max={max}
        step={STEP}
        value={amount}
        disabled={disabled ?? false}
        onChange={onChange}
        label={null}
        marks={[{ value: 0 }]}
        thumbLabel={t(spoken(axis.name))}
      />
      <p className="axis-about">{t(axis.description)}</p>
    </div>
  );
}

function signed(amount: number): string {
  return amount > 0 ? `+${amount}` : String(amount).replace("-", "−");
}
