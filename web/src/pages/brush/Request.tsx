import { Button } from "@mantine/core";
import { useMemo, useRef } from "react";
import type { Parameter, Spec } from "../../api/types";
import { type Translate, useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";
import { STATIC } from "../../lib/labels";
import { judge } from "../../lib/rules";
import { onSubmitKey } from "../../lib/submitKey";
import type { Paths } from "../../lib/trajectory";
import { head } from "../../lib/values";
import { Icon } from "../../parts/Icon";
import { spoken } from "../../parts/names";
import { Control } from "../playground/controls/Control";
import { FormProvider } from "../playground/FormContext";
import { Problems, useFirstError } from "../playground/Problems";
import { Quote } from "../playground/Quote";
import { useQuoted } from "../playground/useQuoted";
import { type Exported, type Names, needed, withMasks } from "./draft";
import type { Make } from "./useMake";

interface Props {
  spec: Spec;
  names: Names;
  make: Make;
  used: Set<number>;
  paths: Paths;
  /** What is painted, for the rules. */
  outline: Exported | undefined;
  playing: boolean;
  onPlay: () => void;
  onForm: () => Promise<void>;
  onOther: () => void;
}

/** The words beside the masks, and what makes a video of both. */
export function Request(props: Props) {
  const { spec, names, make, used, paths, outline, playing } = props;
  const { t } = useWords();
  const draft = useDraft();
  const section = useRef<HTMLDivElement>(null);
  const { params } = draft;
  const verdict = useMemo(
    () => judge(spec, outline ? withMasks(spec, params, names, outline) : params),
    [spec, params, names, outline],
  );
  // The price does not depend on masks: painting asks nothing of the server.
  const priced = useMemo(() => judge(spec, params).problems.length === 0, [spec, params]);
  const quoted = useQuoted(spec, priced);
  useFirstError(make.refusals, section);
  const prompt = promptOf(spec);
  const lacking = lack(used, paths, t);
  const ready = !lacking && outline !== undefined && outline.moving.length > 0;
  const [problem] = verdict.problems;
  const set = Object.entries(needed(spec, params, names));
  const start = () => ready && void make.start();
  return (
    <FormProvider value={{ spec, verdict, errors: make.errors }}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset has a look of its own */}
      <div
        className="studio-acts"
        ref={section}
        role="group"
        aria-label={t("Generate")}
        onKeyDown={onSubmitKey(start)}
      >
        {prompt && (
          <Control
            parameter={prompt}
            path={prompt.name}
            value={params[prompt.name]}
            required={verdict.required.has(prompt.name)}
            onChange={(next) => draft.set(prompt.name, next)}
          />
        )}
        <Problems errors={make.errors} form={section} view="form" />
        <p className="run-hint" aria-live="polite">
          {lacking}
          {!lacking && outline?.moving.length === 0 && t("Paint something, and draw its path.")}
          {ready && problem && problem.message !== "required" && t(problem.message)}
          {ready &&
            problem?.message === "required" &&
            t("{name} is still needed", { name: t(spoken(head(problem.param))) })}
        </p>
        {ready && set.length > 0 && (
          <p className="dim small">
            {t("Set with the masks: {what}.", {
              what: set.map(([name, value]) => `${t(spoken(name))} ${value}`).join(", "),
            })}
          </p>
        )}
        <Quote spec={spec} quoted={quoted} />
        <Button
          loading={make.busy}
          disabled={!ready}
          leftSection={<Icon name="play" size={16} />}
          aria-keyshortcuts="Control+Enter Meta+Enter"
          onClick={start}
        >
          {t("Generate")}
        </Button>
        <div className="studio-more">
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<Icon name={playing ? "stop" : "play"} size={16} />}
            disabled={!Object.values(paths).some((path) => path.length > 1)}
            onClick={props.onPlay}
          >
            {playing ? t("Stop the preview") : t("Preview")}
          </Button>
          {make.task && !make.shown && (
            <Button variant="default" size="compact-sm" onClick={() => make.show(true)}>
              {t("Show the result")}
            </Button>
          )}
          <Button variant="default" size="compact-sm" disabled={!ready} onClick={props.onForm}>
            {t("Use in the form")}
          </Button>
          <Button variant="subtle" color="gray" size="compact-sm" onClick={props.onOther}>
            {t("Another picture")}
          </Button>
        </div>
      </div>
    </FormProvider>
  );
}

/** What is painted and goes nowhere, or goes somewhere and is not painted. */
function lack(used: Set<number>, paths: Paths, t: Translate): string {
  const lacking = [...used].filter((each) => each !== STATIC && (paths[each]?.length ?? 0) < 2);
  const stray = Object.keys(paths)
    .map(Number)
    .filter((each) => !used.has(each));
  const said = [];
  if (lacking.length) said.push(t("Draw a path for mask {n}.", { n: lacking.join(", ") }));
  if (stray.length) said.push(t("Paint something for path {n}.", { n: stray.join(", ") }));
  return said.join(" ");
}

/** Shorter texts are names and addresses. */
const LONG_TEXT = 300;

/** The words for what happens: the first long text of a spec. */
function promptOf(spec: Spec): Parameter | undefined {
  return spec.parameters.find(
    ({ type, format, constraints }) =>
      type === "string" &&
      !format &&
      !constraints.enum &&
      (constraints.max_length ?? 0) >= LONG_TEXT,
  );
}
