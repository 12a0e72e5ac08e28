import { Button, NativeSelect, PasswordInput, Textarea, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { useSession } from "../../api/session";
import { useWords } from "../../i18n";
import { onSubmitKey } from "../../lib/submitKey";
import { Icon } from "../../parts/Icon";
import {
  type ApiParameter,
  type Document,
  linesOf,
  type Operation,
  type Schema,
  useDocument,
} from "./document";

/** Every operation of the OpenAPI document, each with a form that sends it. */
export default function Explorer() {
  const { t } = useWords();
  const document = useDocument();
  const [key, setKey] = useState("");
  if (!document) return null;
  const all = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  return (
    <article className="model-page">
      <header className="page-head">
        <div>
          <Title order={1}>{t("Try the API")}</Title>
          <p className="lead">
            {t("Requests go to this server, with the key that you are signed in with.")}
          </p>
        </div>
        <a className="quiet-link" href="/openapi.json" download>
          openapi.json · {document.info.version}
        </a>
      </header>
      <PasswordInput
        className="explorer-key"
        label={t("Another key")}
        description={t("Requests are sent with it instead, as long as this page is open.")}
        placeholder="kirin_sk_…"
        autoComplete="off"
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": t("Show the key") }}
      />
      <div className="operations">
        {all.map((each) => (
          <Entry
            key={each.operation.operationId}
            {...each}
            document={document}
            apiKey={key.trim()}
          />
        ))}
      </div>
    </article>
  );
}

interface EntryProps {
  path: string;
  method: string;
  operation: Operation;
  document: Document;
  /** What to send instead of the key of the session; empty for that. */
  apiKey: string;
}

function Entry(props: EntryProps) {
  const { path, method, operation } = props;
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <details className="operation card" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className="method" data-method={method}>
          {method}
        </span>
        <code>{path}</code>
        <span className="dim small">{t(operation.summary)}</span>
      </summary>
      {open && <Try {...props} />}
    </details>
  );
}

interface Answered {
  status: number;
  milliseconds: number;
  text: string;
}

function Try({ path, method, operation, document, apiKey }: EntryProps) {
  const { t } = useWords();
  const { client } = useSession();
  const parameters = operation.parameters ?? [];
  const body = operation.requestBody?.content["application/json"];
  const takesFile = operation.requestBody !== undefined && !body;
  const [file, setFile] = useState<File>();
  const examples = Object.entries(body?.examples ?? {});
  const [values, setValues] = useState<Record<string, string>>({});
  const [text, setText] = useState(() => JSON.stringify(examples[0]?.[1].value ?? {}, null, 2));
  const [answer, setAnswer] = useState<Answered>();
  const [busy, setBusy] = useState(false);

  async function send() {
    setBusy(true);
    const started = performance.now();
    const headers = new Headers();
    if (operation.security?.length !== 0)
      headers.set("Authorization", `Bearer ${apiKey || client.key}`);
    if (body) headers.set("Content-Type", "application/json");
    for (const each of parameters) {
      if (each.in === "header" && values[each.name])
        headers.set(each.name, values[each.name] ?? "");
    }
    try {
      const reply = await fetch(addressOf(path, parameters, values), {
        method: method.toUpperCase(),
        headers,
        body: body ? text : (file ?? null),
      });
      setAnswer({
        status: reply.status,
        milliseconds: Math.round(performance.now() - started),
        text: await readable(reply),
      });
    } catch (error) {
      setAnswer({ status: 0, milliseconds: 0, text: String(error) });
    }
    setBusy(false);
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key for the button inside
    <div className="try" onKeyDown={onSubmitKey(() => busy || void send())}>
      {parameters.map((each) => (
        <Input
          key={each.name}
          parameter={each}
          value={values[each.name] ?? ""}
          onChange={(value) => setValues({ ...values, [each.name]: value })}
        />
      ))}
      {examples.length > 1 && (
        <NativeSelect
          label={t("Example")}
          data={examples.map(([name]) => name)}
          onChange={(event) => {
            const found = body?.examples?.[event.currentTarget.value];
            setText(JSON.stringify(found?.value ?? {}, null, 2));
          }}
        />
      )}
      {takesFile && (
        <label className="try-file">
          <span>{t("File")}</span>
          <input type="file" onChange={(event) => setFile(event.currentTarget.files?.[0])} />
        </label>
      )}
      {body && (
        <Textarea
          className="json"
          label={t("Body")}
          autosize
          minRows={4}
          maxRows={20}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <div>
        <Button
          size="sm"
          loading={busy}
          leftSection={<Icon name="play" size={16} />}
          onClick={send}
        >
          {t("Send")}
        </Button>
      </div>
      <div aria-live="polite">
        {answer && (
          <>
            <p className="small">
              <strong>{answer.status || t("no answer")}</strong> · {answer.milliseconds} ms
            </p>
            <pre className="code answer">{answer.text}</pre>
          </>
        )}
      </div>
      <details>
        <summary className="small">{t("Answers")}</summary>
        <ul className="answers">
          {Object.entries(operation.responses).map(([status, response]) => (
            <li key={status}>
              <strong>{status}</strong> <Meanings text={response.description} />
              {Object.values(response.content ?? {}).map(
                (media) =>
                  media.schema && (
                    <pre key={status} className="code">
                      {JSON.stringify(expanded(media.schema, document), null, 2)}
                    </pre>
                  ),
              )}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

/** What a status of an answer means; of an error each code. */
function Meanings({ text }: { text: string }) {
  const { t } = useWords();
  return linesOf(text).map(([code, meaning]) => (
    <span key={code} className="dim small answer-line">
      {code && <code>{code}</code>} {t(meaning)}
    </span>
  ));
}

interface InputProps {
  parameter: ApiParameter;
  value: string;
  onChange: (value: string) => void;
}

function Input({ parameter, value, onChange }: InputProps) {
  const { t } = useWords();
  const options = parameter.schema.enum?.map(String);
  const places = { path: t("in the path"), query: t("in the query"), header: t("in the header") };
  const shared = {
    label: parameter.name,
    description: [places[parameter.in], t(parameter.description ?? "")].filter(Boolean).join(" · "),
    required: parameter.required,
    value,
  };
  return options ? (
    <NativeSelect
      {...shared}
      data={["", ...options]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  ) : (
    <TextInput
      {...shared}
      placeholder={parameter.schema.default === undefined ? "" : String(parameter.schema.default)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function addressOf(
  path: string,
  parameters: ApiParameter[],
  values: Record<string, string>,
): string {
  const query = new URLSearchParams();
  let address = path;
  for (const { name, in: where } of parameters) {
    const value = values[name] ?? "";
    if (where === "path")
      address = address.replace(`{${name}}`, value.split("/").map(encodeURIComponent).join("/"));
    if (where === "query" && value) query.set(name, value);
  }
  return query.size ? `${address}?${query}` : address;
}

/** What an answer says. Of a stream without end, what comes first. */
async function readable(reply: Response): Promise<string> {
  const type = reply.headers.get("Content-Type") ?? "";
  if (type.startsWith("text/event-stream")) {
    const reader = reply.body?.getReader();
    const first = await reader?.read();
    await reader?.cancel();
    return new TextDecoder().decode(first?.value);
  }
  if (!/json|text/.test(type))
    return `${type}, ${reply.headers.get("Content-Length") ?? "?"} bytes`;
  const text = await reply.text();
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** A schema with its references put in place; those inside of them stay by name. */
function expanded(schema: Schema, document: Document): unknown {
  const name = schema.$ref?.split("/").at(-1);
  return name ? document.components.schemas[name] : schema;
}
