import { Alert, Button, Loader, NativeSelect, Text, Title } from "@mantine/core";
import { useEffect } from "react";
import { Redirect, useLocation } from "wouter";
import { useModels } from "../../api/specs";
import type { Model, Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { DraftProvider } from "../../lib/draft";
import { byKind, LAST, usual } from "../../lib/kinds";
import { aboutOf } from "../../lib/paramWords";
import { spoken } from "../../parts/names";
import { Workbench } from "./Workbench";
import { Showcase } from "./welcome/Showcase";

/** Every model, with a form made from its spec. */
export default function Playground({ model }: { model: string | undefined }) {
  const { models, begun, failed, retry } = useModels(model);
  const { t } = useWords();
  const spec = begun.find((each) => each.model_id === model);
  useEffect(() => {
    if (spec) localStorage.setItem(LAST, spec.model_id);
  }, [spec]);
  if (failed && !spec) return <Unreachable onRetry={retry} />;
  if (models.length && !models.some(({ id }) => id === model))
    return <Redirect to={`/play/${usual(models)}`} replace />;
  if (!spec)
    return (
      <div className="waiting">
        <Loader size="sm" role="status" aria-label={t("Loading")} />
      </div>
    );
  return (
    <div className="page">
      <Heading spec={spec} models={models} />
      <DraftProvider key={spec.model_id} model={spec.model_id}>
        <Workbench spec={spec} />
        <Showcase />
      </DraftProvider>
    </div>
  );
}

function Heading({ spec, models }: { spec: Spec; models: Model[] }) {
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
        data={byKind(models).map((kind) => ({
          group: t(spoken(kind.type)),
          items: kind.models.map((each) => ({ value: each.id, label: each.name })),
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
