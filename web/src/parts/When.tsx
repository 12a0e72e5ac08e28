import { useWords } from "../i18n";
import { type Detail, written } from "../lib/moments";

/** A moment, in Unix milliseconds, as people write it. */
export function When({ at, detail = "moment" }: { at: number; detail?: Detail }) {
  const { language } = useWords();
  return <time dateTime={new Date(at).toISOString()}>{written(at, language, detail)}</time>;
}
