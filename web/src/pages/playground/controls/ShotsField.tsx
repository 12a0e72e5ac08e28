import { ActionIcon, Button, NumberInput, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useSubjects } from "../../../api/subjects";
import type { Params } from "../../../api/types";
import { useWords } from "../../../i18n";
import { useDraft } from "../../../lib/draft";
import { characters } from "../../../lib/rules";
import {
  added,
  balanced,
  divided,
  evenly,
  type Lengths,
  moved,
  numbered,
  removed,
  resized,
  secondsOf,
  shotBounds,
  shotNames,
  sumOf,
} from "../../../lib/shots";
import { effective } from "../../../lib/values";
import { Field } from "../../../parts/Field";
import { Icon } from "../../../parts/Icon";
import { useQuery } from "../../../parts/useQuery";
import { useForm } from "../FormContext";
import { Mentions } from "./Mentions";
import type { ControlProps } from "./props";
import { type Frames, MadeFrames, ShotPicture } from "./ShotPicture";

/** A storyboard: a card for each shot, and a bar that their seconds fill, whatever is done. */
export function ShotsField({ parameter, path, value, onChange, required, disabled }: ControlProps) {
  const { t } = useWords();
  const { spec, errors } = useForm();
  const draft = useDraft();
  const names = shotNames(spec);
  const [dragged, setDragged] = useState<number>();
  const [said, setSaid] = useState("");
  const [task] = useQuery("task");
  const [frames, setFrames] = useState<Frames>();
  const shots = (Array.isArray(value) ? value : []) as Params[];
  const whole = names ? Number(effective(spec, draft.params, names.total)) : 0;
  const put = (next: Params[]) => names && onChange(numbered(next, names));
  useFilling(whole, shots, put);
  if (!names) return null;
  const { list, seconds, total, text } = names;
  const bounds = shotBounds(spec, names);
  const lengths = secondsOf(shots, names);
  const sum = sumOf(lengths);
  const most = parameter.constraints.max_items ?? shots.length + 1;
  const off = shots.length > 0 && sum !== whole;

  const change = (index: number, part: Params) =>
    put(shots.map((shot, i) => (i === index ? { ...shot, ...part } : shot)));
  /** Shots with lengths that add up; where they need another total, that is set with them. */
  const settle = (next: Params[], found: Lengths | undefined) => {
    if (!found) return;
    put(next.map((shot, i) => ({ ...shot, [seconds]: String(found.lengths[i]) })));
    if (found.total === whole) return;
    draft.set(total, String(found.total));
    setSaid(t("The video now lasts {n} seconds.", { n: found.total }));
  };
  const more = added(lengths, whole, bounds);
  const move = (from: number, to: number) => {
    if (to < 0 || to >= shots.length) return;
    put(moved(shots, from, to));
    setSaid(t("Shot {n} is now at place {to}", { n: from + 1, to: to + 1 }));
  };
  const share = () => {
    const even = evenly(whole, shots.length);
    put(shots.map((shot, i) => ({ ...shot, [seconds]: String(even[i]) })));
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
      {task && <MadeFrames key={task} id={task} names={names} onFound={setFrames} />}
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
      <div className="shots-sum" data-bad={off || undefined}>
        <span aria-live="polite">{t("{sum} of {whole} seconds", { sum, whole })}</span>
        {off && bounds.totals.includes(sum) && (
          <Button size="compact-xs" variant="light" onClick={() => draft.set(total, String(sum))}>
            {t("Make it {n} seconds", { n: sum })}
          </Button>
        )}
        {shots.length > 1 && balanced(evenly(whole, shots.length), whole, bounds) && (
          <Button size="compact-xs" variant="light" onClick={share}>
            {t("Share evenly")}
          </Button>
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
                min={bounds.least}
                max={Math.min(bounds.most, whole)}
                disabled={disabled || shots.length < 2}
                clampBehavior="blur"
                allowDecimal={false}
                value={lengths[index] ?? 0}
                onChange={(next) => {
                  // An empty field is one that somebody is about to type into.
                  if (next !== "") settle(shots, resized(lengths, index, +next, whole, bounds));
                }}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t("Divide shot {n}", { n: index + 1 })}
                disabled={!divided(lengths, index, whole, bounds)}
                onClick={() =>
                  settle(
                    shots.toSpliced(index + 1, 0, { ...shot }),
                    divided(lengths, index, whole, bounds),
                  )
                }
              >
                <Icon name="split" size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={t("Remove shot {n}", { n: index + 1 })}
                onClick={() =>
                  settle(shots.toSpliced(index, 1), removed(lengths, index, whole, bounds))
                }
              >
                <Icon name="trash" size={16} />
              </ActionIcon>
            </div>
            <ShotPicture
              text={String(shot[text] ?? "")}
              first={index === 0}
              last={index === shots.length - 1}
              path={`${list}[].${text}`}
              frames={frames}
            />
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
        disabled={disabled || !more}
        onClick={() => settle([...shots, { [text]: "" }], more)}
      >
        {t("Add a shot")}
      </Button>
      {!more && shots.length < most && (
        <p className="dim small">
          {t("{n} seconds have no room for one more shot.", { n: whole })}
        </p>
      )}
    </Field>
  );
}

/** Keeps the shots filling the video while somebody chooses how long it is. */
function useFilling(whole: number, shots: Params[], put: (shots: Params[]) => void) {
  const { spec } = useForm();
  const before = useRef(whole);
  useEffect(() => {
    const filled = before.current;
    before.current = whole;
    const names = shotNames(spec);
    if (!names || filled === whole || !shots.length) return;
    const lengths = secondsOf(shots, names);
    // What came from elsewhere and never added up is for people to mend.
    if (sumOf(lengths) !== filled) return;
    const next = balanced(lengths, whole, shotBounds(spec, names));
    if (next) put(shots.map((shot, i) => ({ ...shot, [names.seconds]: String(next[i]) })));
  }, [whole, shots, put, spec]);
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
