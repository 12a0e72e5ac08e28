import type { Translate } from "../../../../i18n";
import { type Breach, bytes, type Measured, seconds } from "../../../../lib/media";

export function wordsFor(breach: Breach, t: Translate): string {
  switch (breach.kind) {
    case "bytes":
      return t("The file is larger than {most}.", { most: bytes(breach.most) });
    case "small":
      return t("Each side must have at least {least} pixels.", { least: breach.least });
    case "large":
      return t("A side may have at most {most} pixels.", { most: breach.most });
    case "aspect":
      return t("The longer side may be at most {most} times the shorter.", { most: breach.most });
    case "short":
      return t("It must last at least {least}.", { least: seconds(breach.least) });
    case "long":
      return t("It may last at most {most}.", { most: seconds(breach.most) });
  }
}

/** What was measured, in one line. */
export function factsOf(measured: Measured, t: Translate): string {
  const facts = [`${measured.width} × ${measured.height}`];
  if (measured.seconds !== undefined) facts.push(seconds(measured.seconds));
  if (measured.fps !== undefined) facts.push(`${Math.round(measured.fps * 100) / 100} fps`);
  if (measured.bytes !== undefined) facts.push(bytes(measured.bytes));
  if (measured.sound !== undefined) facts.push(measured.sound ? t("with sound") : t("no sound"));
  return facts.join(" · ");
}
