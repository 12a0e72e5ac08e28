import { Button, Menu, SegmentedControl } from "@mantine/core";
import { useMemo, useRef, useState } from "react";
import type { Params, Spec } from "../../api/types";
import { type Translate, useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";
import { opened, useOpened } from "../../lib/envelope";
import { judge } from "../../lib/rules";
import { onSubmitKey } from "../../lib/submitKey";
import { head } from "../../lib/values";
import { spoken } from "../../parts/names";
import { CopyAs } from "./CopyAs";
import { Form } from "./Form";
import { FormProvider } from "./FormContext";
import { Generate } from "./Generate";
import { JsonEditor } from "./JsonEditor";
import { Problems, useFirstError } from "./Problems";
import { Quote } from "./Quote";
import { Stage } from "./Stage";
import { useResultInSight } from "./useResultInSight";
import { useRun } from "./useRun";

interface Props {
  spec: Spec;
  /** A parameter to begin with, instead of the first of the spec. */
  lead?: string;
  /** Whether to begin without the model's newest result. */
  fresh?: boolean;
}

/** The form of a model and, beside it, what came of it. */
export function Workbench({ spec, lead, fresh }: Props) {
  const { t } = useWords();
  const draft = useDraft();
  const [view, setView] = useState("form");
  const section = useRef<HTMLElement>(null);
  const { busy, sending, made, errors, refusals, task, run, forget } = useRun(
    spec,
    draft,
    fresh ?? false,
  );
  useOpened(spec, draft);
  const verdict = useMemo(() => judge(spec, draft.params), [spec, draft.params]);
  useFirstError(refusals, section);
  useResultInSight(made, section);

  return (
    <FormProvider value={{ spec, verdict, errors }}>
      <div className="bench">
        <section
          className="bench-form"
          aria-label={t("Parameters")}
          ref={section}
          onKeyDown={onSubmitKey(() => busy || void run())}
        >
          <div className="bench-tools">
            <SegmentedControl
              data={[
                { value: "form", label: t("Form") },
                { value: "json", label: "JSON" },
              ]}
              value={view}
              onChange={setView}
              size="xs"
              aria-label={t("Form or JSON")}
            />
            <span className="spring" />
            {draft.undo && (
              <Button size="compact-sm" variant="light" onClick={draft.undo}>
                {t("Undo")}
              </Button>
            )}
            <Examples spec={spec} onPick={(params) => draft.swap(opened(spec, params))} />
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              onClick={() => {
                draft.swap({});
                forget();
              }}
            >
              {t("Clear")}
            </Button>
          </div>
          <Problems errors={errors} form={section} view={view} />
          {view === "form" ? <Form lead={lead} /> : <JsonEditor />}
          <div className="run-bar">
            <Generate busy={busy} sending={sending} run={run} />
            <div className="run-aside">
              <Hint problems={verdict.problems} />
              <Quote spec={spec} ready={verdict.problems.length === 0} />
            </div>
            <CopyAs spec={spec} />
          </div>
        </section>
        <Stage spec={spec} taskId={task} fresh={fresh ?? false} />
      </div>
    </FormProvider>
  );
}

/** A rule names its parameters itself; other complaints need to be told of which. */
function complaint(param: string, message: string, t: Translate): string {
  const name = head(param);
  return message.includes(name) ? t(message) : `${t(spoken(name))}: ${t(message)}`;
}

function Hint({ problems }: { problems: { param: string; message: string }[] }) {
  const { t } = useWords();
  const [first] = problems;
  return (
    <p id="run-hint" className="run-hint" aria-live="polite">
      {first &&
        (first.message === "required"
          ? t("{name} is still needed", { name: t(spoken(first.param.split(".").at(-1) ?? "")) })
          : complaint(first.param, first.message, t))}
    </p>
  );
}

function Examples({ spec, onPick }: { spec: Spec; onPick: (params: Params) => void }) {
  const { t } = useWords();
  if (!spec.examples.length) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="compact-sm" variant="subtle" color="gray">
          {t("Examples")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {spec.examples.map((example, index) => (
          <Menu.Item key={index} onClick={() => onPick(example)}>
            {Object.keys(opened(spec, example)).join(", ")}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
