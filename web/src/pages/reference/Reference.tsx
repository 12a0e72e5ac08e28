import { Button, CopyButton, Tabs, Title } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { Link } from "wouter";
import { useSession } from "../../api/session";
import { useSpecs } from "../../api/specs";
import type { Parameter, Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { bodyOf, curlOf, pythonOf } from "../../lib/request";
import { Icon } from "../../parts/Icon";
import { Codes } from "./Codes";

// The whole API is the one thing that is large; most visits need no more than a model's page.
const Explorer = lazy(() => import("./Explorer"));

/** What each model takes, and every operation of the API to try. */
export default function Reference({ page }: { page: string | undefined }) {
  const { t } = useWords();
  const { specs } = useSpecs();
  const spec = specs.find((each) => each.model_id === page);
  return (
    <div className="page reference">
      <nav className="reference-nav" aria-label={t("Reference")}>
        {specs.map((each) => (
          <Link
            key={each.model_id}
            href={`/reference/${each.model_id}`}
            className="rail-link"
            aria-current={(spec ?? specs[0]) === each && page !== "api" ? "page" : undefined}
          >
            {each.name}
          </Link>
        ))}
        <Link
          href="/reference/api"
          className="rail-link"
          aria-current={page === "api" ? "page" : undefined}
        >
          {t("Try the API")}
        </Link>
      </nav>
      {page === "api" ? (
        <Suspense fallback={null}>
          <Explorer />
        </Suspense>
      ) : (
        specs[0] && <Model spec={spec ?? specs[0]} />
      )}
    </div>
  );
}

function Model({ spec }: { spec: Spec }) {
  const { t } = useWords();
  return (
    <article className="model-page">
      <header className="page-head">
        <div>
          <Title order={1}>{spec.name}</Title>
          <p className="mono dim">{spec.model_id}</p>
          <p className="lead">{t(spec.description)}</p>
        </div>
        <Link href={`/play/${spec.model_id}`} className="quiet-link">
          {t("Open in the playground")}
        </Link>
      </header>
      <section>
        <h2>{t("Parameters")}</h2>
        <Parameters list={spec.parameters} />
      </section>
      {spec.rules.length > 0 && (
        <section>
          <h2>{t("Rules")}</h2>
          <ul className="rules">
            {spec.rules.map((rule) => (
              <li key={rule.message}>
                {t(rule.message)} <span className="mono dim">{rule.rules.join(", ")}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{t("Examples")}</h2>
        {spec.examples.map((_, index) => (
          <Example key={index} spec={spec} number={index} />
        ))}
      </section>
      <section>
        <h2>{t("Errors")}</h2>
        <Codes spec={spec} />
      </section>
    </article>
  );
}

function Parameters({ list }: { list: Parameter[] }) {
  const { t } = useWords();
  return (
    <dl className="parameters">
      {list.map((parameter) => (
        <div key={parameter.name} className="parameter">
          <dt>
            <code>{parameter.name}</code>
            <span className="dim small">
              {parameter.format ?? parameter.type}
              {parameter.required && <strong> · {t("required")}</strong>}
            </span>
          </dt>
          <dd>
            {t(parameter.description)}
            <Facts parameter={parameter} />
            {parameter.children.length > 0 && <Parameters list={parameter.children} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Facts({ parameter }: { parameter: Parameter }) {
  const { enum: options, ...rest } = parameter.constraints;
  const facts = Object.entries({ ...rest, ...parameter.limits }).map(
    ([name, value]) => `${name} ${JSON.stringify(value)}`,
  );
  if (!options && !facts.length) return null;
  return (
    <p className="parameter-facts">
      {options && <span>{options.map((option) => JSON.stringify(option)).join(" | ")}</span>}
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
    </p>
  );
}

function Example({ spec, number }: { spec: Spec; number: number }) {
  const { t } = useWords();
  const { client } = useSession();
  const [kind, setKind] = useState<string | null>("curl");
  const body = bodyOf(spec.model_id, spec.examples[number] ?? {});
  const write = kind === "python" ? pythonOf : curlOf;
  const text =
    kind === "json"
      ? JSON.stringify(body, null, 2)
      : write(spec.api.endpoint, "YOUR_API_KEY", body);
  const real = kind === "json" ? text : write(spec.api.endpoint, client.key, body);
  return (
    <div className="example">
      <Tabs value={kind} onChange={setKind}>
        <div className="example-copy">
          <CopyButton value={real}>
            {({ copied, copy }) => (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<Icon name={copied ? "check" : "copy"} size={14} />}
                onClick={copy}
              >
                {copied ? t("Copied") : t("Copy with your key")}
              </Button>
            )}
          </CopyButton>
        </div>
        <Tabs.List>
          <Tabs.Tab value="curl">curl</Tabs.Tab>
          <Tabs.Tab value="python">Python</Tabs.Tab>
          <Tabs.Tab value="json">JSON</Tabs.Tab>
        </Tabs.List>
        {["curl", "python", "json"].map((each) => (
          <Tabs.Panel key={each} value={each} pt="xs">
            <pre className="code">{text}</pre>
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}
