import { Loader, Text, Title } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useSpecs } from "../../api/specs";
import type { Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { DraftProvider, useDraft } from "../../lib/draft";
import { byKind } from "../../lib/kinds";
import { preparations, shotNames } from "../../lib/shots";
import { ModelOf, useChosen } from "./ModelOf";
import { Workbench } from "./Workbench";

interface Props {
  /** Name of the page, under which the browser remembers the model. */
  place: string;
  title: string;
  about: string;
  /** The parameter that comes first, or nothing where a model is not of this kind. */
  lead: (spec: Spec) => string | undefined;
}

/** The workbench of a model that can do something special, with that at its top. */
function Lead({ place, title, about, lead }: Props) {
  const { t } = useWords();
  const { specs } = useSpecs();
  // What needs words alone comes first, as in the playground.
  const able = byKind(specs)
    .flatMap((kind) => kind.models)
    .filter(lead);
  const [chosen, choose] = useChosen(place, able);
  const spec = able.find((each) => each.model_id === chosen);
  const first = spec && lead(spec);
  if (!spec || !first) {
    return (
      <div className="waiting">
        {specs.length ? (
          t("No model here can do this.")
        ) : (
          <Loader size="sm" role="status" aria-label={t("Loading")} />
        )}
      </div>
    );
  }
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <Title order={1}>{title}</Title>
          <Text c="dimmed" size="sm" mt={4} maw={640}>
            {about}
          </Text>
        </div>
        <ModelOf specs={able} chosen={spec} onChoose={choose} />
      </header>
      <DraftProvider key={spec.model_id} model={spec.model_id}>
        <Prepared spec={spec} lead={first} />
      </DraftProvider>
    </div>
  );
}

/** Sets what shots need beside them, whenever the form begins. */
function Prepared({ spec, lead }: { spec: Spec; lead: string }) {
  const draft = useDraft();
  const done = useRef(false);
  useEffect(() => {
    const names = shotNames(spec);
    const { params } = draft;
    if (names?.list !== lead || (done.current && Object.keys(params).length)) return;
    done.current = true;
    for (const [name, value] of Object.entries(preparations(spec, names, params))) {
      draft.set(name, value);
    }
  }, [draft, spec, lead]);
  return <Workbench spec={spec} lead={lead} />;
}

export function Storyboard() {
  const { t } = useWords();
  return (
    <Lead
      place="storyboard"
      title={t("Storyboard")}
      about={t("Up to six shots in one video, each with its own words and seconds.")}
      lead={(spec) => shotNames(spec)?.list}
    />
  );
}

export function MotionControl() {
  const { t } = useWords();
  return (
    <Lead
      place="motion"
      title={t("Motion control")}
      about={t(
        "A picture and a video side by side: the character of the one moves as the person in the other.",
      )}
      lead={(spec) => spec.rules.find((rule) => rule.kind === "longest_by")?.params?.[0]}
    />
  );
}
