import { Button, CopyButton } from "@mantine/core";
import { useWords } from "../i18n";
import { Icon } from "./Icon";

/** A new key's secret, to be copied now. */
export function Secret({ secret }: { secret: string }) {
  const { t } = useWords();
  return (
    <div className="secret">
      <p>{t("Copy it now: it is not shown again.")}</p>
      <pre className="code">{secret}</pre>
      <CopyButton value={secret}>
        {({ copied, copy }) => (
          <Button onClick={copy} leftSection={<Icon name={copied ? "check" : "copy"} size={16} />}>
            {copied ? t("Copied") : t("Copy")}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
