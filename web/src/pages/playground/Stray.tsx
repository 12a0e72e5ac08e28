import { Button } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { useSpecs } from "../../api/specs";
import type { Params, Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { swapDraft, useDraft } from "../../lib/draft";
import { hold, tokenFor } from "../../lib/media";
import { pictureModelFor, type Sibling, takesWordsAlone } from "../../lib/siblings";
import { useLooseFile } from "./controls/medium/useLooseFile";

/** A picture that was dropped on a model that takes none: the way to one that does. */
export function Stray({ spec }: { spec: Spec }) {
  const { specs } = useSpecs();
  const [file, setFile] = useState<File>();
  const onward = pictureModelFor(spec, specs);
  // It may come before the other models are known.
  const open = takesWordsAlone(spec) && (!specs.length || !!onward);
  useLooseFile("image", open, setFile);
  return file && onward && <Way onward={onward} file={file} onDone={() => setFile(undefined)} />;
}

interface Props {
  onward: Sibling;
  file: File;
  onDone: () => void;
}

function Way({ onward, file, onDone }: Props) {
  const { t } = useWords();
  const { params } = useDraft();
  const [, go] = useLocation();
  const { spec, picture } = onward;
  const use = async () => {
    const held = await hold(file, file.name || "pasted").catch(() => undefined);
    if (!held) return onDone();
    const token = tokenFor(held.name, held, {});
    const begun: Params = { [picture.name]: token };
    if (typeof params.prompt === "string") begun.prompt = params.prompt;
    await swapDraft(spec.model_id, begun, { [token]: held });
    go(`/play/${spec.model_id}`);
  };
  return (
    <div className="notice" role="status">
      {t("This model works from words alone.")}
      <Button size="compact-xs" variant="light" onClick={use}>
        {t("Begin with this picture in {model}", { model: spec.name })}
      </Button>
      <Button size="compact-xs" variant="subtle" color="gray" onClick={onDone}>
        {t("Leave it")}
      </Button>
    </div>
  );
}
