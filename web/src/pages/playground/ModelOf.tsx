import { NativeSelect, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Spec } from "../../api/types";
import { useWords } from "../../i18n";

/**
 * Which of some models a page is for, and a way to change it; the browser remembers.
 *
 * @param asked the one that the address names, if it does.
 */
export function useChosen(
  page: string,
  specs: Spec[],
  asked?: string,
): [string | undefined, (model: string) => void] {
  const key = `kirin.model.${page}`;
  const [last, setLast] = useState(() => localStorage.getItem(key) ?? "");
  const known = (model: string | undefined) => specs.some((spec) => spec.model_id === model);
  const chosen = known(asked) ? asked : known(last) ? last : specs[0]?.model_id;
  useEffect(() => {
    if (asked && chosen === asked) localStorage.setItem(key, asked);
  }, [key, asked, chosen]);
  const choose = (model: string) => {
    localStorage.setItem(key, model);
    setLast(model);
  };
  return [chosen, choose];
}

interface Props {
  specs: Spec[];
  chosen: Spec;
  onChoose: (model: string) => void;
}

/** The model of a page: a name, or a choice where there are several. */
export function ModelOf({ specs, chosen, onChoose }: Props) {
  const { t } = useWords();
  if (specs.length < 2) {
    return (
      <Text c="dimmed" size="sm">
        {chosen.name}
      </Text>
    );
  }
  return (
    <NativeSelect
      label={t("Model")}
      className="model-select"
      data={specs.map((spec) => ({ value: spec.model_id, label: spec.name }))}
      value={chosen.model_id}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  );
}
