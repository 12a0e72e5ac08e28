/** Moments, in Unix milliseconds, as people of a language write them: one way everywhere. */

export type Detail = "moment" | "day" | "time";

const LOCALES: Record<string, string> = { en: "en-GB", zh: "zh-CN" };

const SHOWN: Record<Detail, Intl.DateTimeFormatOptions> = {
  moment: { dateStyle: "medium", timeStyle: "short" },
  day: { dateStyle: "medium" },
  time: { timeStyle: "medium" },
};

export function written(at: number, language: string, detail: Detail = "moment"): string {
  return new Intl.DateTimeFormat(LOCALES[language] ?? language, SHOWN[detail]).format(at);
}
