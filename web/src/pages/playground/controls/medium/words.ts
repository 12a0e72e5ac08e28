import type { Translate } from "../../../../i18n";
import { type Breach, bytes, type Kind, type Measured, seconds } from "../../../../lib/media";

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
  const facts: string[] = [];
  if (measured.width) facts.push(`${measured.width} × ${measured.height}`);
  if (measured.seconds !== undefined) facts.push(seconds(measured.seconds));
  if (measured.fps !== undefined) facts.push(`${Math.round(measured.fps * 100) / 100} fps`);
  if (measured.bytes !== undefined) facts.push(bytes(measured.bytes));
  if (measured.sound !== undefined) facts.push(measured.sound ? t("with sound") : t("no sound"));
  return facts.join(" · ");
}

/** What a field says that takes files of a kind. */
export interface KindWords {
  choose: string;
  byUrl: string;
  /** Of a file of this kind in a field for another one. */
  isOne: string;
  refused: (type: string) => string;
}

export function kindWords(kind: Kind, t: Translate): KindWords {
  switch (kind) {
    case "image":
      return {
        choose: t("Drop, paste or choose a picture"),
        byUrl: t("or its address"),
        isOne: t("This is a picture."),
        refused: (type) => t("It takes JPEG or PNG pictures; this is {type}.", { type }),
      };
    case "video":
      return {
        choose: t("Drop, paste or choose a video"),
        byUrl: t("or a URL"),
        isOne: t("This is a video."),
        refused: (type) => t("It takes MP4 or MOV videos; this is {type}.", { type }),
      };
    case "audio":
      return {
        choose: t("Drop, paste or choose a sound"),
        byUrl: t("or a URL"),
        isOne: t("This is a sound."),
        refused: (type) => t("It takes MP3, WAV or M4A sounds; this is {type}.", { type }),
      };
  }
}
