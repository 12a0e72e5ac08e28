import { usePaid } from "../../api/billing";
import type { Parameter, Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { JsonEditor } from "./JsonEditor";

/** The same form for programs: JSON, names, types, and what the model says of itself. */
export function ApiView({ spec }: { spec: Spec }) {
  const { t } = useWords();
  const paid = usePaid();
  return (
    <div className="api-view">
      <JsonEditor />
      <details className="more">
        <summary>{t("Every parameter")}</summary>
        <dl className="api-list">
          {flat(spec.parameters).map(([path, parameter]) => (
            <div key={path}>
              <dt>
                <code>{path}</code> <span className="dim small">{kindOf(parameter)}</span>
                {parameter.required && <span className="field-required">*</span>}
              </dt>
              <dd className="small">{t(parameter.description)}</dd>
            </div>
          ))}
        </dl>
      </details>
      <details className="more">
        <summary>{t("Rules")}</summary>
        <ul className="api-rules small">
          {spec.rules.map(({ message }) => (
            <li key={message}>{t(message)}</li>
          ))}
        </ul>
      </details>
      <p className="small dim">
        <code>
          {spec.api.method} {new URL(spec.api.endpoint).pathname}
        </code>{" "}
        <code>{spec.model_id}</code>
        {paid && <> · {t("What it costs is told beside Generate.")}</>}
      </p>
    </div>
  );
}

function flat(list: Parameter[], before = ""): [string, Parameter][] {
  return list.flatMap((parameter) => {
    const path = before + parameter.name;
    const inside = `${path}${parameter.type === "array" ? "[]" : ""}.`;
    return [[path, parameter] as [string, Parameter], ...flat(parameter.children, inside)];
  });
}

function kindOf({ type, format, constraints }: Parameter): string {
  const options = constraints.enum?.join(" | ");
  return options ?? (format ? `${type}, ${format}` : type);
}
