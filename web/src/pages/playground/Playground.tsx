import { Alert, Button, Loader, NativeSelect, Text, Title } from "@mantine/core";
import { useEffect } from "react";
import { Redirect, useLocation } from "wouter";
import { useSpecs } from "../../api/specs";
import type { Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { DraftProvider } from "../../lib/draft";
import { byKind } from "../../lib/kinds";
import { aboutOf } from "../../lib/paramWords";
import { spoken } from "../../parts/names";
import { Workbench } from "./Workbench";
import { Showcase } from "./welcome/Showcase";

const LAST = "kirin.model";

/** Every model, with a form made from its spec. */
export default function Playground({ model }: { model: string | undefined }) {
  const { specs, failed, retry } = useSpecs();
  const { t } = useWords();
  const spec = specs.find((each) => each.model_id === model);
  useEffect(() => {
    if (spec) localStorage.setItem(LAST, spec.model_id);
  }, [spec]);
  if (failed) return <Unreachable onRetry={retry} />;
  const first = byKind(specs)[0]?.specs[0];
  if (!first)
    return (
      <div className="waiting">
        <Loader size="sm" role="status" aria-label={t("Loading")} />
      </div>
    );
  if (!spec) {
    const last = localStorage.getItem(LAST);
    const known = specs.some((each) => each.model_id === last) ? last : first.model_id;
    return <Redirect to={`/play/${known}`} replace />;
  }
  return (
    <div className="page">
      <Heading spec={spec} specs={specs} />
      <DraftProvider key={spec.model_id} model={spec.model_id}>
        <Workbench spec={spec} />
        <Showcase />
      </DraftProvider>
    </div>
  );
}

function Heading({ spec, specs }: { spec: Spec; specs: Spec[] }) {
  const { t } = useWords();
  const [, go] = useLocation();
  return (
    <header className="page-head">
      <div>
        <Title order={1}>{spec.name}</Title>
        <Text c="dimmed" size="sm" mt={4} maw={640}>
          {aboutOf(spec, t)}
        </Text>
      </div>
      <NativeSelect
        label={t("Model")}
        className="model-select"
        data={byKind(specs).map((kind) => ({
          group: t(spoken(kind.type)),
          items: kind.specs.map((each) => ({ value: each.model_id, label: each.name })),
        }))}
        value={spec.model_id}
        onChange={(event) => go(`/play/${event.currentTarget.value}`)}
      />
    </header>
  );
}

export function Unreachable({ onRetry }: { onRetry: () => void }) {
  const { t } = useWords();
  return (
    <div className="page narrow">
      <Alert color="red" title={t("The server cannot be reached.")}>
        <Button size="xs" variant="default" onClick={onRetry}>
          {t("Try again")}
        </Button>
      </Alert>
    </div>
  );
}
