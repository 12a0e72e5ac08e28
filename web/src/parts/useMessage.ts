import { useCallback } from "react";
import { ApiError } from "../api/client";
import { useWords } from "../i18n";

/** What to show somebody when a call fails, whatever it failed with. */
export function useMessage(): (error: unknown) => string {
  const { t } = useWords();
  return useCallback(
    (error) => {
      if (error instanceof ApiError) return error.message;
      // What fetch throws where nobody answers.
      return error instanceof TypeError ? t("The server cannot be reached.") : String(error);
    },
    [t],
  );
}
