import { Anchor, CopyButton } from "@mantine/core";
import { usePaid } from "../../api/billing";
import { useModelNames } from "../../api/specs";
import type { Json, Task } from "../../api/types";
import { type Translate, useWords } from "../../i18n";
import { written } from "../../lib/moments";

/** What is known of a task beside its video. */
export function Facts({ task }: { task: Task }) {
  const { t, language } = useWords();
  const paid = usePaid();
  const model = useModelNames()(task.model);
  const facts = [[t("Model"), model], ...factsOf(task, t, language, paid === true)] as const;
  return (
    <dl className="facts-list">
      <div>
        <dt>{t("Id")}</dt>
        <dd>
          <CopyButton value={task.id}>
            {({ copied, copy }) => (
              <Anchor
                component="button"
                type="button"
                className="mono task-id"
                title={task.id}
                onClick={copy}
              >
                {copied ? t("Copied") : task.id}
              </Anchor>
            )}
          </CopyButton>
        </dd>
      </div>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          {/* What was understood is said in the words of the prompt. */}
          <dd translate={name === t("Understood") ? "no" : undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf(task: Task, t: Translate, language: string, paid: boolean): [string, string][] {
  const meta = task.metadata;
  const facts: [string, string | undefined][] = [
    [t("Made"), written(task.created_at, language)],
    [t("Size"), meta.width ? `${meta.width} × ${meta.height}, ${meta.fps} fps` : undefined],
    [
      t("Length"),
      meta.duration
        ? [t("{n} s", { n: meta.duration }), meta.frames && `${meta.frames} ${t("frames")}`]
            .filter(Boolean)
            .join(" · ")
        : undefined,
    ],
    [t("Cost"), paid && task.usage ? `${task.usage.cost} USD` : undefined],
    [t("Engine"), text(meta.engine)],
    [t("Method"), meta.method ? t(String(meta.method)) : undefined],
    [t("Understood"), listed(meta.direction, "understood")],
    [t("Seed"), text(meta.seed)],
    [
      t("Waited"),
      meta.queue_seconds === undefined ? undefined : t("{n} s", { n: Number(meta.queue_seconds) }),
    ],
    [
      t("Rendered in"),
      meta.render_seconds === undefined
        ? undefined
        : t("{n} s", { n: Number(meta.render_seconds) }),
    ],
    [t("Had no effect"), Array.isArray(meta.ignored) ? meta.ignored.join(", ") : undefined],
  ];
  return facts.filter((fact): fact is [string, string] => !!fact[1]);
}

function text(value: Json | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

function listed(holder: Json | undefined, name: string): string | undefined {
  const inner = holder && typeof holder === "object" && !Array.isArray(holder) ? holder[name] : [];
  return Array.isArray(inner) ? inner.join(", ") : undefined;
}
