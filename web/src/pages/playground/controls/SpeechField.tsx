import { Button, NumberInput } from "@mantine/core";
import { useEffect } from "react";
import { useFaceSession } from "../../../api/faces";
import type { Json, Parameter, Params } from "../../../api/types";
import { type Translate, useWords } from "../../../i18n";
import { useDraft } from "../../../lib/draft";
import {
  type Face,
  fitting,
  type Lapse,
  lapsesOf,
  type SpeechNames,
  speechNames,
  type Voice,
} from "../../../lib/faces";
import { helpOf, labelOf } from "../../../lib/paramWords";
import { entriesOf } from "../../../lib/values";
import { FacePicture } from "../../../parts/FacePicture";
import { Field } from "../../../parts/Field";
import { useForm } from "../FormContext";
import { MediumField } from "./medium/MediumField";
import type { HolderProps } from "./props";
import { Timeline } from "./Timeline";

/** Who speaks, with which voice, and when: a face of the chosen session, a sound and its times. */
export function SpeechField(props: HolderProps) {
  const names = speechNames(useForm().spec);
  return names ? <Speech {...props} names={names} /> : null;
}

function Speech(props: HolderProps & { names: SpeechNames }) {
  const { parameter, path, value, onChange, required, disabled, names, control: Inner } = props;
  const { t } = useWords();
  const { errors } = useForm();
  const draft = useDraft();
  const id = draft.params[names.session];
  const session = useFaceSession(typeof id === "string" ? id : "");
  const entry = entriesOf(value)[0] ?? {};
  const face = session?.faces.find((each) => each.id === entry[names.face]);
  const heard = draft.files[String(entry[names.sound])]?.seconds;
  const sound = heard === undefined ? undefined : heard * 1000;
  const voice = voiceOf(entry, names);
  const put = (part: { [name: string]: Json | undefined }) => {
    const next = Object.entries({ ...entry, ...part }).filter(([, each]) => given(each));
    onChange(next.length ? [Object.fromEntries(next) as Params] : undefined);
  };
  const fit = () => sound !== undefined && put(timesFor(fitting(sound, face), names));
  useFirst(sound !== undefined && Object.values(voice).every((at) => at === undefined), fit);

  const own: string[] = Object.values(names);
  const at = (name: string) => `${path}[0].${name}`;
  const child = (name: string) => parameter.children.find((each) => each.name === name);
  const voiceParameter = child(names.sound);
  const lapses = lapsesOf(voice, sound, face);
  return (
    <Field parameter={parameter} required={required ?? false} error={errors[path]}>
      <div className="nested">
        <Faces
          faces={session?.faces}
          chosen={entry[names.face]}
          disabled={disabled}
          error={errors[at(names.face)]}
          onChoose={(each) => put({ [names.face]: each })}
        />
        {voiceParameter && (
          <MediumField
            parameter={voiceParameter}
            path={at(names.sound)}
            value={entry[names.sound]}
            required
            disabled={disabled ?? false}
            onChange={(next) => put({ [names.sound]: next })}
          />
        )}
        <Timeline face={face} voice={voice} />
        <div className="times">
          {[names.start, names.end, names.insert].map((name) => (
            <Time
              key={name}
              parameter={child(name)}
              value={entry[name]}
              error={errors[at(name)]}
              disabled={disabled}
              onChange={(next) => put({ [name]: next })}
            />
          ))}
        </div>
        {lapses.length > 0 && (
          <div className="notice" data-warn>
            {lapses.map((lapse) => wordsFor(lapse, t)).join(" ")}
            {sound !== undefined && (
              <Button size="compact-xs" variant="light" onClick={fit}>
                {t("Fit it in")}
              </Button>
            )}
          </div>
        )}
        {parameter.children
          .filter((each) => !own.includes(each.name))
          .map((each) => (
            <Inner
              key={each.name}
              parameter={each}
              path={at(each.name)}
              value={entry[each.name]}
              required={each.required}
              disabled={disabled ?? false}
              onChange={(next) => put({ [each.name]: next })}
            />
          ))}
      </div>
    </Field>
  );
}

/** Does something once each time that a condition comes true. */
function useFirst(condition: boolean, act: () => void): void {
  useEffect(() => {
    if (condition) act();
  }, [condition]);
}

function given(value: Json | undefined): value is Json {
  return value !== undefined && value !== "";
}

function voiceOf(entry: Params, names: SpeechNames): Voice {
  const read = (name: string) => {
    const value = entry[name];
    return typeof value === "number" ? value : undefined;
  };
  return { start: read(names.start), end: read(names.end), insert: read(names.insert) };
}

function timesFor(voice: Required<Voice>, names: SpeechNames): Params {
  return {
    [names.start]: voice.start ?? 0,
    [names.end]: voice.end ?? 0,
    [names.insert]: voice.insert ?? 0,
  };
}

function wordsFor(lapse: Lapse, t: Translate): string {
  switch (lapse) {
    case "short":
      return t("The used part of the sound must last at least 2 s.");
    case "beyond":
      return t("It would end after the sound does.");
    case "unseen":
      return t("The face must be seen for at least 2 s of the voice.");
  }
}

interface FacesProps {
  faces: Face[] | undefined;
  chosen: Json | undefined;
  disabled: boolean | undefined;
  error: string | undefined;
  onChoose: (id: string) => void;
}

function Faces({ faces, chosen, disabled, error, onChoose }: FacesProps) {
  const { t } = useWords();
  const { spec } = useForm();
  const session = speechNames(spec)?.session ?? "";
  return (
    <div className="field" data-param="face_id" data-invalid={error ? true : undefined}>
      {!faces && (
        <p className="small dim">
          {t("Choose {name} first.", { name: labelOf({ name: session }, t) })}
        </p>
      )}
      <div className="faces">
        {faces?.map((face) => (
          <button
            key={face.id}
            type="button"
            className="face-choice"
            aria-pressed={chosen === face.id}
            disabled={disabled}
            onClick={() => onChoose(face.id)}
          >
            <FacePicture face={face} />
            <span>{t("Face {n}", { n: face.id })}</span>
            <span className="dim">{interval(face)}</span>
          </button>
        ))}
      </div>
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** When a face is seen, as people write seconds. */
function interval({ start, end }: Face): string {
  return `${(start / 1000).toFixed(1)}–${(end / 1000).toFixed(1)} s`;
}

interface TimeProps {
  parameter: Parameter | undefined;
  value: Json | undefined;
  error: string | undefined;
  disabled: boolean | undefined;
  onChange: (milliseconds: number | undefined) => void;
}

const STEP_MS = 100;

function Time({ parameter, value, error, disabled, onChange }: TimeProps) {
  const { t } = useWords();
  if (!parameter) return null;
  const { min, max } = parameter.constraints;
  return (
    <div data-param={parameter.name}>
      <NumberInput
        size="sm"
        label={labelOf(parameter, t)}
        description={helpOf(parameter, t)}
        inputWrapperOrder={["label", "input", "description", "error"]}
        suffix=" ms"
        step={STEP_MS}
        {...(min === undefined ? {} : { min })}
        {...(max === undefined ? {} : { max })}
        allowDecimal={false}
        value={typeof value === "number" ? value : ""}
        error={error}
        disabled={disabled ?? false}
        onChange={(next) => onChange(next === "" ? undefined : Number(next))}
      />
    </div>
  );
}
