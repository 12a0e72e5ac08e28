import { Button, SegmentedControl } from "@mantine/core";
import { useMemo, useRef, useState } from "react";
import type { Spec } from "../../api/types";
import { type Translate, useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";
import { useOpened } from "../../lib/envelope";
import { inPeoplesWords, labelOf } from "../../lib/paramWords";
import { useProblemWords } from "../../lib/problemWords";
import { judge } from "../../lib/rules";
import { onSubmitKey } from "../../lib/submitKey";
import { head } from "../../lib/values";
import { ApiView } from "./ApiView";
import { CopyAs } from "./CopyAs";
import { Examples } from "./Examples";
import { Foreseen } from "./Foreseen";
import { Form } from "./Form";
import { FormProvider } from "./FormContext";
import { Generate } from "./Generate";
import { Problems, useFirstError } from "./Problems";
import { Quote } from "./Quote";
import { Stage } from "./Stage";
import { Stray } from "./Stray";
import { useDropMark } from "./useDropMark";
import { type Quoted, useQuoted } from "./useQuoted";
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
  const {
    busy,
    sending,
    made,
    errors: refused,
    refusals,
    task,
    run,
    forget,
  } = useRun(spec, draft, fresh ?? false);
  useOpened(spec, draft);
  const verdict = useMemo(() => judge(spec, draft.params), [spec, draft.params]);
  const quoted = useQuoted(spec, verdict.problems.length === 0);
  const errors = useErrors(refused, quoted, spec);
  const marks = useDropMark();
  useFirstError(refusals, section);
  useResultInSight(made, section);

  return (
    <FormProvider value={{ spec, verdict, errors }}>
      <div className="bench">
        <section
          className="bench-form composer"
          aria-label={t("Composer")}
          {...marks}
          ref={section}
          onKeyDown={onSubmitKey(() => busy || void run())}
        >
          <div className="bench-tools">
            <SegmentedControl
              data={[
                { value: "form", label: t("Form") },
                { value: "api", label: t("API") },
              ]}
              value={view}
              onChange={setView}
              size="xs"
              aria-label={t("Form or API")}
            />
            <span className="spring" />
            {draft.undo && (
              <Button size="compact-sm" variant="light" onClick={draft.undo}>
                {t("Undo")}
              </Button>
            )}
            <Examples spec={spec} />
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
          {view === "form" && <Stray spec={spec} />}
          {view === "form" ? (
            <Form lead={lead} foreseen={<Foreseen quoted={quoted} />} />
          ) : (
            <ApiView spec={spec} />
          )}
          <div className="run-bar">
            <Generate busy={busy} sending={sending} run={run} />
            <div className="run-aside">
              <Hint spec={spec} problems={verdict.problems} />
              <Quote spec={spec} quoted={quoted} />
            </div>
            {view === "api" && <CopyAs spec={spec} />}
          </div>
        </section>
        <Stage spec={spec} taskId={task} fresh={fresh ?? false} />
      </div>
    </FormProvider>
  );
}

/** A rule names its parameters itself; other complaints need to be told of which. */
function complaint(param: string, message: string, spec: Spec, t: Translate): string {
  const name = head(param);
  const words = inPeoplesWords(message, spec, t);
  return message.includes(name) ? words : `${labelOf({ name }, t)}: ${words}`;
}

interface HintProps {
  spec: Spec;
  problems: { param: string; message: string }[];
}

function Hint({ spec, problems }: HintProps) {
  const { t } = useWords();
  const [first] = problems;
  return (
    <p id="run-hint" className="run-hint" aria-live="polite">
      {first &&
        (first.message === "required"
          ? t("{name} is still needed", {
              name: labelOf({ name: first.param.split(".").at(-1) ?? "" }, t),
            })
          : complaint(first.param, first.message, spec, t))}
    </p>
  );
}

/** What was refused, and of what was not sent yet, what would be. */
function useErrors(refused: Record<string, string>, quoted: Quoted, spec: Spec) {
  const words = useProblemWords(spec);
  return useMemo(() => {
    const foretold: Record<string, string> = {};
    for (const problem of quoted.current ? quoted.refused : []) {
      if (problem.param) foretold[problem.param] ??= words(problem);
    }
    return { ...foretold, ...refused };
  }, [refused, quoted.current, quoted.refused, words]);
}
