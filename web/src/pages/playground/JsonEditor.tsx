import { Textarea } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Params } from "../../api/types";
import { useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";

/** The parameters as JSON. What is well-formed is in the form at once; files stay tokens. */
export function JsonEditor() {
  const { t } = useWords();
  const draft = useDraft();
  const [text, setText] = useState(() => JSON.stringify(draft.params, null, 2));
  const [error, setError] = useState("");

  useEffect(() => {
    // Whatever changed the draft from elsewhere (an example, say) is shown; own typing is kept.
    setText((old) =>
      meansTheSame(old, draft.params) ? old : JSON.stringify(draft.params, null, 2),
    );
  }, [draft.params]);

  function edit(next: string) {
    setText(next);
    try {
      const parsed: unknown = JSON.parse(next);
      if (!parsed || typeof parsed !== "object" || Array.isArray(parsed)) {
        setError(t("It must be a JSON object."));
        return;
      }
      setError("");
      draft.replace(parsed as Params);
    } catch (problem) {
      const reason = String(problem).replace(/^SyntaxError: /, "");
      setError(t("This is not JSON yet: {reason}", { reason }));
    }
  }
  return (
    <Textarea
      className="json"
      label={t("Parameters as JSON")}
      description={t("Names in ‹ › stand for files of this form.")}
      value={text}
      error={error}
      autosize
      minRows={16}
      maxRows={32}
      spellCheck={false}
      onChange={(event) => edit(event.currentTarget.value)}
    />
  );
}

function meansTheSame(text: string, params: Params): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(params);
  } catch {
    return false;
  }
}
