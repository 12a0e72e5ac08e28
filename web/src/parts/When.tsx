import { useWords } from "../i18n";

/** A moment, in Unix milliseconds, as people write it. */
export function When({ at }: { at: number }) {
  const { language } = useWords();
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()}>
      {date.toLocaleString(language === "zh" ? "zh-CN" : "en-GB", {
        dateStyle: "medium",
        timeStyle: "short",
      })}
    </time>
  );
}
