import { Anchor, Button } from "@mantine/core";
import { Link } from "wouter";
import { useSubjects } from "../../../api/subjects";
import type { Json, Params } from "../../../api/types";
import { useWords } from "../../../i18n";
import { Field } from "../../../parts/Field";
import { SubjectFace } from "../../../parts/SubjectFace";
import { errorsWithin, useForm } from "../FormContext";
import type { ControlProps } from "./props";

/** Subjects of the library to choose from; ids that it does not have can be taken out. */
export function SubjectsField({
  parameter,
  path,
  value,
  onChange,
  required,
  disabled,
}: ControlProps) {
  const { t } = useWords();
  const { errors } = useForm();
  const { data } = useSubjects();
  const child = parameter.children[0];
  const name = child?.name ?? "element_id";
  const kinds = child?.limits?.reference_types;
  const most = parameter.constraints.max_items ?? Number.POSITIVE_INFINITY;
  const chosen = ((Array.isArray(value) ? value : []) as Params[]).map((entry) => entry[name]);
  const subjects = data?.elements ?? [];
  const unknown = chosen.filter((id) => !subjects.some((subject) => subject.element_id === id));
  const put = (ids: (Json | undefined)[]) => onChange(ids.map((id) => ({ [name]: id ?? null })));

  return (
    <Field
      parameter={parameter}
      required={required ?? false}
      error={errorsWithin(errors, path)}
      aside={
        <span className="counter">
          {chosen.length} / {most}
        </span>
      }
    >
      {subjects.length === 0 && (
        <p className="small dim">
          {t("There are no subjects yet.")}{" "}
          <Anchor component={Link} href="/subjects" size="sm">
            {t("Make one")}
          </Anchor>
        </p>
      )}
      <div className="faces">
        {subjects.map((subject) => {
          const on = chosen.includes(subject.element_id);
          const unfit = kinds !== undefined && !kinds.includes(subject.reference_type);
          return (
            <button
              key={subject.element_id}
              type="button"
              className="face-choice"
              aria-pressed={on}
              title={subject.element_description}
              disabled={disabled || unfit || (!on && chosen.length >= most)}
              onClick={() =>
                put(
                  on
                    ? chosen.filter((id) => id !== subject.element_id)
                    : [...chosen, subject.element_id],
                )
              }
            >
              <SubjectFace subject={subject} />
              <span translate="no">{subject.element_name}</span>
            </button>
          );
        })}
      </div>
      {data &&
        unknown.map((id) => (
          <p key={String(id)} className="small">
            <code>{String(id)}</code>{" "}
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => put(chosen.filter((each) => each !== id))}
            >
              {t("Remove")}
            </Button>
          </p>
        ))}
    </Field>
  );
}
