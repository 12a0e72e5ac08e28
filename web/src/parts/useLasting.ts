import { useCallback } from "react";
import { useWords } from "../i18n";
import { lasting } from "../lib/amounts";

/** Seconds as people say them, in the language of the page: "3 min". */
export function useLasting(): (seconds: number) => string {
  const { t } = useWords();
  return useCallback(
    (seconds) => {
      const { n, unit } = lasting(seconds);
      return t(unit, { n });
    },
    [t],
  );
}
