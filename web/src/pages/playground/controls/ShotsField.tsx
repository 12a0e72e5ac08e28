import { ActionIcon, Button, NumberInput, Textarea } from "@mantine/core";
import { useState } from "react";
import { useSubjects } from "../../../api/subjects";
import type { Params } from "../../../api/types";
import { useWords } from "../../../i18n";
import { useDraft } from "../../../lib/draft";
import { characters } from "../../../lib/rules";
import { evenly, moved, numbered, shotNames } from "../../../lib/shots";
import { effective } from "../../../lib/values";
import { Field } from "../../../parts/Field";
import { Icon } from "../../../parts/Icon";
import { useForm } from "../FormContext";
import { Mentions } from "./Mentions";
import type { ControlProps } from "./props";

/** A storyboard: a card for each shot, and a bar that their seconds must fill. */
export function ShotsField({ parameter, path, value, onChange, required, disabled }: ControlProps) {
  const { t } = useWords();
  const { spec, errors } = useForm();
  const draft = useDraft();
  const names = shotNames(spec);
  const [dragged, setDragged] = useState<number>();
  const [said, setSaid] = useState("");
  if (!names) return null;
  const { list, seconds, total, text } = names;
  const shots = (Array.isArray(value) ? value : []) as Params[];
  const most = parameter.constraints.max_items ?? 6;
  const whole = Number(effective(spec, draft.params, total));
  const sum = shots.reduce((n, shot) => n + Number(shot[seconds] ?? 0), 0);
  const allowed = spec.parameters.find((each) => each.name === total)?.constraints.enum;

  const put = (next: Params[]) => onChange(numbered(next, names));
  const change = (index: number, part: Params) =>
    put(shots.map((shot, i) => (i === index ? { ...shot, ...part } : shot)));
  const add = () => {
    const left = Math.max(1, whole - sum);
    put([...shots, { [text]: "", [seconds]: String(left) }]);
  };
  const move = (from: number, to: number) => {
    if (to < 0 || to >= shots.length) return;
    put(moved(shots, from, to));
    setSaid(t("Shot {n} is now at place {to}", { n: from + 1, to: to + 1 }));
  };
  const share = () => {
    const lengths = evenly(whole, shots.length);
    put(shots.map((shot, i) => ({ ...shot, [seconds]: String(lengths[i]) })));
  };
  return (
    <Field
      parameter={parameter}
      required={required ?? false}
      error={errors[path]}
      aside={
        <span className="counter">
          {shots.length} / {most}
        </span>
      }
    >
      <div
        className="shots-bar"
        role="img"
        aria-label={t("{sum} of {whole} seconds", { sum, whole })}
      >
        {shots.map((shot, index) => (
          <span key={index} className="shots-part" style={{ flexGrow: Number(shot[seconds] ?? 0) }}>
            {index + 1}
          </span>
        ))}
        {sum < whole && <span className="shots-rest" style={{ flexGrow: whole - sum }} />}
      </div>
      <div className="shots-sum" data-bad={shots.length > 0 && sum !== whole ? true : undefined}>
        <span aria-live="polite">{t("{sum} of {whole} seconds", { sum, whole })}</span>
        {shots.length > 0 && sum !== whole && (
          <>
            {allowed?.includes(String(sum)) && (
              <Button
                size="compact-xs"
                variant="light"
                onClick={() => draft.set(total, String(sum))}
              >
                {t("Make it {n} seconds", { n: sum })}
              </Button>
            )}
            {whole >= shots.length && (
              <Button size="compact-xs" variant="light" onClick={share}>
                {t("Share evenly")}
              </Button>
            )}
          </>
        )}
      </div>
      <ol className="shots">
        {shots.map((shot, index) => (
          <li
            key={index}
            className="shot"
            data-dragged={dragged === index || undefined}
            onDragOver={(event) => {
              if (dragged === undefined) return;
              event.preventDefault();
              if (dragged !== index) {
                put(moved(shots, dragged, index));
                setDragged(index);
              }
            }}
            onDrop={(event) => event.preventDefault()}
          >
            <div className="shot-head">
              <span
                className="shot-grip"
                draggable
                onDragStart={(event) => {
                  event.dataTransfer.effectAllowed = "move";
                  setDragged(index);
                }}
                onDragEnd={() => setDragged(undefined)}
                aria-hidden="true"
              >
                {index + 1}
              </span>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t("Shot {n} earlier", { n: index + 1 })}
                disabled={index === 0}
                onClick={() => move(index, index - 1)}
              >
                <Icon name="up" size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t("Shot {n} later", { n: index + 1 })}
                disabled={index === shots.length - 1}
                onClick={() => move(index, index + 1)}
              >
                <Icon name="down" size={16} />
              </ActionIcon>
              <span className="spring" />
              <NumberInput
                className="shot-seconds"
                size="xs"
                aria-label={t("Seconds of shot {n}", { n: index + 1 })}
                suffix=" s"
                min={1}
                max={whole}
                clampBehavior="none"
                allowDecimal={false}
                value={Number(shot[seconds] ?? 1)}
                onChange={(next) => change(index, { [seconds]: String(next) })}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t("Remove shot {n}", { n: index + 1 })}
                onClick={() => put(shots.filter((_, i) => i !== index))}
              >
                <Icon name="trash" size={16} />
              </ActionIcon>
            </div>
            <ShotText
              index={index}
              value={String(shot[text] ?? "")}
              most={parameter.children.find((c) => c.name === text)?.constraints.max_length}
              error={[text, seconds]
                .map((name) => errors[`${list}[${index}].${name}`])
                .filter(Boolean)
                .join("\n")}
              onChange={(next) => change(index, { [text]: next })}
            />
            <Mentions
              path={`${list}[].${text}`}
              text={String(shot[text] ?? "")}
              onChange={(next) => change(index, { [text]: next })}
            />
            <Cast
              onCall={(name) =>
                change(index, { [text]: `${String(shot[text] ?? "").trimEnd()} ${name}`.trim() })
              }
            />
          </li>
        ))}
      </ol>
      <p className="visually-hidden" aria-live="polite">
        {said}
      </p>
      <Button
        variant="default"
        size="sm"
        leftSection={<Icon name="plus" size={16} />}
        disabled={disabled || shots.length >= most}
        onClick={add}
      >
        {t("Add a shot")}
      </Button>
    </Field>
  );
}

interface TextProps {
  index: number;
  value: string;
  most: number | undefined;
  error: string;
  onChange: (text: string) => void;
}

function ShotText({ index, value, most, error, onChange }: TextProps) {
  const { t } = useWords();
  const count = characters(value);
  return (
    <>
      <Textarea
        aria-label={t("What happens in shot {n}", { n: index + 1 })}
        placeholder={t("What happens in the shot.")}
        autosize
        minRows={2}
        maxRows={8}
        value={value}
        error={error || undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {most !== undefined && (
        <span className="counter shot-count" data-over={count > most || undefined}>
          {count} / {most}
        </span>
      )}
    </>
  );
}

/** The chosen subjects by name: a click has one appear in the shot. */
function Cast({ onCall }: { onCall: (name: string) => void }) {
  const { t } = useWords();
  const draft = useDraft();
  const { spec } = useForm();
  const { data } = useSubjects();
  const parameter = spec.parameters.find((each) => each.children[0]?.format === "element");
  const name = parameter?.children[0]?.name ?? "";
  const chosen = ((parameter && draft.params[parameter.name]) ?? []) as Params[];
  const cast =
    data?.elements.filter((one) => chosen.some((entry) => entry[name] === one.element_id)) ?? [];
  if (!cast.length) return null;
  return (
    <div className="cast">
      {cast.map((subject) => (
        <Button
          key={subject.element_id}
          size="compact-xs"
          variant="default"
          onClick={() => onCall(subject.element_name)}
          aria-label={t("Show {name} in this shot", { name: subject.element_name })}
        >
          + {subject.element_name}
        </Button>
      ))}
    </div>
  );
}
