import { Alert, Loader, Title } from "@mantine/core";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { useLocation } from "wouter";
import { useSpecs } from "../../api/specs";
import type { Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { DraftProvider, useDraft } from "../../lib/draft";
import { ownLink } from "../../lib/links";
import { judge } from "../../lib/rules";
import { useBlobUrl } from "../../parts/useBlobUrl";
import { MediumField } from "../playground/controls/medium/MediumField";
import { FormProvider } from "../playground/FormContext";
import { ModelOf, useChosen } from "../playground/ModelOf";
import { type Names, namesOf } from "./draft";
import { PicturesHere } from "./PicturesHere";
import { Studio } from "./Studio";

/** The motion brush: for the models whose rules speak of paths on a picture. */
export default function Brush({ model }: { model: string | undefined }) {
  const { specs } = useSpecs();
  const { t } = useWords();
  const able = useMemo(() => byNeeds(specs), [specs]);
  const [, go] = useLocation();
  const [chosen] = useChosen("brush", able, model);
  const spec = able.find((each) => each.model_id === chosen);
  const names = useMemo(() => spec && namesOf(spec), [spec]);
  if (!spec || !names) {
    return (
      <div className="waiting">
        {specs.length ? (
          t("No model here takes masks.")
        ) : (
          <Loader size="sm" role="status" aria-label={t("Loading")} />
        )}
      </div>
    );
  }
  return (
    <DraftProvider key={spec.model_id} model={spec.model_id}>
      <WithPicture
        spec={spec}
        names={names}
        choice={
          <ModelOf
            specs={able}
            chosen={spec}
            onChoose={(next) => go(`/brush/${next}`, { replace: true })}
          />
        }
      />
    </DraftProvider>
  );
}

/** Models that take masks, the one that asks for the least beside them first. */
function byNeeds(specs: Spec[]): Spec[] {
  const needs = (spec: Spec) => {
    const list = namesOf(spec)?.list ?? "";
    return spec.rules.filter((rule) => rule.kind === "only_with" && rule.params?.includes(list))
      .length;
  };
  return specs.filter(namesOf).sort((a, b) => needs(a) - needs(b));
}

interface PictureProps {
  spec: Spec;
  names: Names;
  /** Where another model is chosen. */
  choice: ReactNode;
}

function WithPicture({ spec, names, choice }: PictureProps) {
  const { t } = useWords();
  const draft = useDraft();
  const value = draft.params[names.picture];
  const held = typeof value === "string" ? draft.files[value] : undefined;
  const blobUrl = useBlobUrl(held?.blob);
  const source = blobUrl ?? (held?.link && ownLink(held.link.url));
  const { picture, broken } = usePicture(source);
  const parameter = spec.parameters.find((each) => each.name === names.picture);
  if (picture && typeof value === "string") {
    return <Studio key={value} spec={spec} names={names} picture={picture} pictureName={value} />;
  }
  return (
    <div className="page narrow">
      <header className="page-head">
        <div>
          <Title order={1}>{t("Motion brush")}</Title>
          <p className="dim small">
            {t("Paint parts of a picture, and draw the way that each of them goes.")}
          </p>
        </div>
        {choice}
      </header>
      {broken && (
        <Alert color="red" mb="md">
          {t("The picture cannot be shown here; give it as a file.")}
        </Alert>
      )}
      <div className="card brush-start">
        {parameter && (
          <FormProvider value={{ spec, verdict: judge(spec, draft.params), errors: {} }}>
            <MediumField
              parameter={parameter}
              path={parameter.name}
              value={value}
              required
              onChange={(next) => draft.set(parameter.name, next)}
            />
          </FormProvider>
        )}
        <PicturesHere model={spec.model_id} name={names.picture} />
      </div>
    </div>
  );
}

function usePicture(source: string | undefined) {
  const [picture, setPicture] = useState<HTMLImageElement>();
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    setPicture(undefined);
    setBroken(false);
    if (!source) return;
    let current = true;
    const image = new Image();
    image.src = source;
    image.decode().then(
      () => current && setPicture(image),
      () => current && setBroken(true),
    );
    return () => {
      current = false;
    };
  }, [source]);
  return { picture, broken };
}
