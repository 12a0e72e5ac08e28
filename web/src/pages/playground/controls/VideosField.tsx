import { TextInput } from "@mantine/core";
import { useModelNames } from "../../../api/specs";
import { useNewest } from "../../../api/tasks";
import type { Task } from "../../../api/types";
import { useWords } from "../../../i18n";
import { seconds } from "../../../lib/media";
import { labelOf } from "../../../lib/paramWords";
import { continues, videoOf } from "../../../lib/results";
import { Field } from "../../../parts/Field";
import { Thumbnail } from "../../../parts/Thumbnail";
import { useNear } from "../../../parts/useNear";
import { When } from "../../../parts/When";
import { useForm } from "../FormContext";
import type { ControlProps } from "./props";

const SHOWN = 60;
const FINISHED = { state: "completed", model: "" };

/** A video that a task has made: one of the newest that apply, or any by its task's id. */
export function VideosField({
  parameter,
  path,
  value,
  onChange,
  required,
  disabled,
}: ControlProps) {
  const { t } = useWords();
  const { errors } = useForm();
  const { data } = useNewest(FINISHED, SHOWN);
  const fit = data?.tasks.filter((task) => continues(task, parameter.limits));
  const label = labelOf(parameter, t);
  return (
    <Field parameter={parameter} required={required ?? false} error={errors[path]}>
      {fit && !fit.length && (
        <p className="small dim">{t("No finished video applies here yet.")}</p>
      )}
      {!!fit?.length && (
        <div className="video-choices">
          {fit.map((task) => (
            <Video
              key={task.id}
              task={task}
              on={value === task.id}
              disabled={disabled}
              onChoose={() => onChange(value === task.id ? undefined : task.id)}
            />
          ))}
        </div>
      )}
      <TextInput
        className="choice-id"
        size="xs"
        placeholder={t("or the id of a task")}
        aria-label={t("{name} by id", { name: label })}
        value={typeof value === "string" ? value : ""}
        disabled={disabled ?? false}
        onChange={(event) => onChange(event.currentTarget.value.trim() || undefined)}
      />
    </Field>
  );
}

interface VideoProps {
  task: Task;
  on: boolean;
  disabled: boolean | undefined;
  onChoose: () => void;
}

function Video({ task, on, disabled, onChoose }: VideoProps) {
  const { ref, near } = useNear<HTMLButtonElement>();
  const url = videoOf(task);
  const length = Number(task.metadata.duration);
  const nameOf = useModelNames();
  return (
    <button
      ref={ref}
      type="button"
      className="video-choice"
      aria-pressed={on}
      disabled={disabled}
      title={task.id}
      onClick={onChoose}
    >
      <span className="video-choice-picture">{url && near && <Thumbnail url={url} />}</span>
      <span className="video-choice-words">
        {nameOf(task.model)}
        {length > 0 && ` · ${seconds(length)}`}
      </span>
      <span className="video-choice-words dim">
        <When at={task.created_at} />
      </span>
    </button>
  );
}
