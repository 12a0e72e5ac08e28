import { Anchor, TextInput } from "@mantine/core";
import { Link } from "wouter";
import { type FoundSession, useFaceSessions, useSearchModel } from "../../../api/faces";
import { useWords } from "../../../i18n";
import { labelOf } from "../../../lib/paramWords";
import { FacePicture } from "../../../parts/FacePicture";
import { Field } from "../../../parts/Field";
import { When } from "../../../parts/When";
import { useForm } from "../FormContext";
import type { ControlProps } from "./props";

/** A search for faces: one of the newest that have found some, or any by its id. */
export function SessionField({
  parameter,
  path,
  value,
  onChange,
  required,
  disabled,
}: ControlProps) {
  const { t } = useWords();
  const { errors } = useForm();
  const sessions = useFaceSessions();
  const search = useSearchModel();
  const label = labelOf(parameter, t);
  return (
    <Field parameter={parameter} required={required ?? false} error={errors[path]}>
      {sessions && !sessions.length && search && (
        <p className="small dim">
          {t("No faces were found within a day.")}{" "}
          <Anchor component={Link} href={`/play/${search.model_id}`} size="sm">
            {t("Look for faces")}
          </Anchor>
        </p>
      )}
      {!!sessions?.length && (
        <div className="video-choices">
          {sessions.map((session) => (
            <Found
              key={session.id}
              session={session}
              on={value === session.id}
              disabled={disabled}
              onChoose={() => onChange(session.id)}
            />
          ))}
        </div>
      )}
      <TextInput
        className="choice-id"
        size="xs"
        placeholder={t("or the id of a search")}
        aria-label={t("{name} by id", { name: label })}
        value={typeof value === "string" ? value : ""}
        disabled={disabled ?? false}
        onChange={(event) => onChange(event.currentTarget.value.trim() || undefined)}
      />
    </Field>
  );
}

interface FoundProps {
  session: FoundSession;
  on: boolean;
  disabled: boolean | undefined;
  onChoose: () => void;
}

const PICTURES = 3;

function Found({ session, on, disabled, onChoose }: FoundProps) {
  const { t } = useWords();
  return (
    <button
      type="button"
      className="video-choice"
      aria-pressed={on}
      disabled={disabled}
      title={session.id}
      onClick={onChoose}
    >
      <span className="session-faces">
        {session.faces.slice(0, PICTURES).map((face) => (
          <FacePicture key={face.id} face={face} />
        ))}
      </span>
      <span className="video-choice-words">{t("{n} faces", { n: session.faces.length })}</span>
      <span className="video-choice-words dim">
        <When at={session.at} />
      </span>
    </button>
  );
}
