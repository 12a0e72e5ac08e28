import type { ReactNode } from "react";
import type { Parameter } from "../api/types";
import { useWords } from "../i18n";
import { helpOf, labelOf } from "../lib/paramWords";

interface Props {
  parameter: Parameter;
  required?: boolean;
  /** Id of the control that the label belongs to; without one the field is a group. */
  htmlFor?: string;
  error?: string | undefined;
  note?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}

/** What people call a parameter, what it does, its control, and what is wrong with it. */
export function Field({ parameter, required, htmlFor, error, note, aside, children }: Props) {
  const { t } = useWords();
  const label = (
    <>
      {labelOf(parameter, t)}
      {required && (
        <span className="field-required" title={t("required")}>
          *
        </span>
      )}
    </>
  );
  const labelId = `label-${parameter.path}`;
  return (
    <div
      className="field"
      data-param={parameter.name}
      data-invalid={error ? true : undefined}
      {...(htmlFor ? {} : { role: "group", "aria-labelledby": labelId })}
    >
      <div className="field-head">
        {htmlFor ? (
          <label className="field-label" id={labelId} htmlFor={htmlFor}>
            {label}
          </label>
        ) : (
          <span className="field-label" id={labelId}>
            {label}
          </span>
        )}
        {aside}
      </div>
      <p className="field-about" id={`${labelId}-about`}>
        {helpOf(parameter, t)}
      </p>
      <div className="field-body">
        {children}
        {note && <div className="field-note">{note}</div>}
        {error && (
          <p className="field-error" role="alert">
            {error}
          </p>
        )}
      </div>
    </div>
  );
}
