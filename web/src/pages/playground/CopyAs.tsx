import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import { useSession } from "../../api/session";
import type { Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";
import { bodyOf, curlOf, javascriptOf, pythonOf, resolve } from "../../lib/request";
import { Icon } from "../../parts/Icon";

const PROGRAMS = { curl: curlOf, Python: pythonOf, JavaScript: javascriptOf };

/** Puts the same request on the clipboard as a program that runs as it is, key included. */
export function CopyAs({ spec }: { spec: Spec }) {
  const { t } = useWords();
  const { client } = useSession();
  const draft = useDraft();
  const [copied, setCopied] = useState("");

  async function copy(kind: keyof typeof PROGRAMS) {
    const body = bodyOf(spec.model_id, await resolve(draft.params, draft.files));
    await navigator.clipboard.writeText(PROGRAMS[kind](spec.api.endpoint, client.key, body));
    setCopied(kind);
    setTimeout(() => setCopied(""), 2500);
  }
  return (
    <>
      <Menu position="top-end">
        <Menu.Target>
          <Button
            variant="default"
            size="md"
            leftSection={<Icon name={copied ? "check" : "copy"} size={16} />}
          >
            {copied ? t("Copied") : t("Copy as…")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t("With your key in it")}</Menu.Label>
          {(Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[]).map((kind) => (
            <Menu.Item key={kind} onClick={() => void copy(kind)}>
              {kind}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <span className="visually-hidden" aria-live="polite">
        {copied && t("Copied")}
      </span>
    </>
  );
}
