import { Alert, Anchor, Button, CopyButton, Progress } from "@mantine/core";
import { useState } from "react";
import { messageOf } from "../api/client";
import { useSession } from "../api/session";
import { isOver, TASKS } from "../api/tasks";
import type { Content, Json, Task } from "../api/types";
import { type Translate, useWords } from "../i18n";
import { Icon } from "./Icon";
import { Player } from "./Player";

/** A task as it stands: its progress while it runs, its video or error once it has ended. */
export function TaskView({ task, onChange }: { task: Task; onChange: () => void }) {
  return (
    <div className="task-view">
      <Result task={task} />
      <Acts task={task} onChange={onChange} />
      <Facts task={task} />
    </div>
  );
}

function Result({ task }: { task: Task }) {
  const { t } = useWords();
  const content = task.output?.flatMap((entry) => entry.content) ?? [];
  if (task.status === "failed") {
    const cancelled = task.error?.code === "task_cancelled";
    return (
      <Alert
        color={cancelled ? "gray" : "red"}
        icon={<Icon name="alert" />}
        title={cancelled ? t("Cancelled") : t("It failed, and costs nothing")}
      >
        {!cancelled && (
          <>
            {task.error?.message} <code>{task.error?.code}</code>
          </>
        )}
      </Alert>
    );
  }
  if (task.status !== "completed") return <Running task={task} />;
  return (
    <>
      {content.map((part) => (
        <Part key={part.url ?? part.element_id} part={part} task={task} />
      ))}
      <p className="visually-hidden" aria-live="polite">
        {t("Finished")}
      </p>
    </>
  );
}

function Part({ part, task }: { part: Content; task: Task }) {
  const { t } = useWords();
  if (part.type === "element") {
    return (
      <Alert color="teal" icon={<Icon name="subject" />} title={t("The subject is made")}>
        element_id <code>{part.element_id}</code>
      </Alert>
    );
  }
  if (!part.url) return <Alert color="gray">{t("The file has expired and was removed.")}</Alert>;
  return (
    <figure className="part">
      <Player
        url={sameOrigin(part.url)}
        fps={Number(task.metadata.fps) || 24}
        label={part.watermark ? t("The watermarked copy") : t("The video")}
      />
      {part.watermark && <figcaption>{t("The watermarked copy")}</figcaption>}
    </figure>
  );
}

/** A link of this very server, under the name by which the browser knows it. */
export function sameOrigin(url: string): string {
  const parsed = new URL(url, location.href);
  const local = ["127.0.0.1", "localhost", "[::1]"];
  const same = local.includes(parsed.hostname) && local.includes(location.hostname);
  return same && parsed.port === location.port ? parsed.pathname + parsed.search : url;
}

export function Running({ task }: { task: Task }) {
  const { t } = useWords();
  const percent = Math.round((task.progress ?? 0) * 100);
  const position = Number(task.metadata.queue_position) || 0;
  const waits = task.status === "pending";
  const words = waits
    ? position > 1
      ? t("Waiting, number {n} in the queue", { n: position })
      : t("Waiting for a worker")
    : t("Rendering");
  return (
    <div className="running">
      <p aria-live="polite" className="running-words">
        <span>{words}</span>
        {!waits && <span className="counter">{percent} %</span>}
      </p>
      <Progress
        value={waits ? 100 : Math.max(percent, 2)}
        striped={waits}
        animated={waits}
        color={waits ? "gray" : "ember"}
        size="sm"
        aria-label={t("Progress")}
      />
      <Finish task={task} />
    </div>
  );
}

function Finish({ task }: { task: Task }) {
  const { t } = useWords();
  const at = Number(task.metadata.estimated_finish_at) || 0;
  const left = Math.round((at - Date.now()) / 1000);
  if (left < 2) return null;
  return <p className="dim small">{t("about {n} s left", { n: left })}</p>;
}

function Acts({ task, onChange }: { task: Task; onChange: () => void }) {
  const { t } = useWords();
  const { client } = useSession();
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const content = task.output?.flatMap((entry) => entry.content) ?? [];

  async function cancel() {
    setBusy(true);
    setTrouble("");
    try {
      await client.post(`${TASKS}/${task.id}/cancel`);
    } catch (error) {
      setTrouble(messageOf(error));
    }
    setBusy(false);
    onChange();
  }
  return (
    <div className="acts">
      {!isOver(task) && (
        <Button
          variant="default"
          size="sm"
          loading={busy}
          leftSection={<Icon name="stop" size={16} />}
          onClick={cancel}
        >
          {t("Cancel")}
        </Button>
      )}
      {content.map(
        (part) =>
          part.url && (
            <Button
              key={part.url}
              component="a"
              href={sameOrigin(part.url)}
              download={`kirin-${task.id.slice(0, 8)}${part.watermark ? "-marked" : ""}.mp4`}
              variant="default"
              size="sm"
              leftSection={<Icon name="download" size={16} />}
            >
              {part.watermark ? t("Download the marked copy") : t("Download")}
            </Button>
          ),
      )}
      {trouble && <p className="field-error">{trouble}</p>}
    </div>
  );
}

function Facts({ task }: { task: Task }) {
  const { t, language } = useWords();
  const facts = factsOf(task, t, language);
  return (
    <dl className="facts-list">
      <div>
        <dt>{t("Id")}</dt>
        <dd>
          <CopyButton value={task.id}>
            {({ copied, copy }) => (
              <Anchor component="button" type="button" className="mono" onClick={copy}>
                {copied ? t("Copied") : task.id}
              </Anchor>
            )}
          </CopyButton>
        </dd>
      </div>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf(task: Task, t: Translate, language: string): [string, string][] {
  const meta = task.metadata;
  const facts: [string, string | undefined][] = [
    [t("Model"), task.model],
    [t("Made"), new Date(task.created_at).toLocaleString(language === "zh" ? "zh-CN" : "en-GB")],
    [t("Size"), meta.width ? `${meta.width} × ${meta.height}, ${meta.fps} fps` : undefined],
    [t("Length"), meta.duration ? `${meta.duration} s · ${meta.frames} ${t("frames")}` : undefined],
    [t("Cost"), task.usage && `${task.usage.cost} USD`],
    [t("Engine"), text(meta.engine)],
    [t("Method"), text(meta.method)],
    [t("Understood"), listed(meta.direction, "understood")],
    [t("Seed"), text(meta.seed)],
    [t("Waited"), meta.queue_seconds === undefined ? undefined : `${meta.queue_seconds} s`],
    [t("Rendered in"), meta.render_seconds === undefined ? undefined : `${meta.render_seconds} s`],
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
