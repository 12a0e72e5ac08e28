import { useCallback } from "react";
import { ApiError, unheard } from "../api/client";
import { useWords } from "../i18n";
import { wordsForCode } from "../lib/problemWords";

/** What to show somebody when a call fails, whatever it failed with. */
export function useMessage(): (error: unknown) => string {
  const { t } = useWords();
  return useCallback(
    (error) => {
      if (error instanceof ApiError) {
        // What is wrong with parameters is told by name in the server's own words.
        return error.problems.length
          ? error.message
          : (wordsForCode(error.code, t) ?? error.message);
      }
      return unheard(error) ? t("The server cannot be reached.") : String(error);
    },
    [t],
  );
}
