import { Button } from "@mantine/core";
import { useWords } from "../i18n";
import type { Pages } from "./usePages";

/** The button below a listing that has more pages. */
export function More<T>({ pages }: { pages: Pages<T> }) {
  const { t } = useWords();
  if (!pages.more) return null;
  return (
    <div className="centre">
      <Button variant="default" loading={pages.busy} onClick={pages.more}>
        {t("Show more")}
      </Button>
    </div>
  );
}
