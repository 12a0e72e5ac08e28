import type { Translate } from "../../../../i18n";
import type { Conversion } from "../../../../lib/convert";
import {
  type Breach,
  bytes,
  type Held,
  type Kind,
  type Measured,
  seconds,
} from "../../../../lib/media";
import type { Format } from "../../../../lib/pictures";

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

/** Why a picture cannot be taken, and what to do about it. */
export function unreadable(format: Format | undefined, t: Translate): string {
  if (!format || format === "JPEG" || format === "PNG")
    return t("This file is no picture that can be read.");
  if (format === "HEIC")
    return t(
      "This browser cannot read HEIC pictures. Save it as JPEG first (a Mac's Preview and most phones do, by Export or Share), or open this page in Safari.",
    );
  return t("This browser cannot read this {format} picture. Save it as JPEG or PNG first.", {
    format,
  });
}

/** What was done to a picture so that it can be sent. */
export function conversionWords(conversion: Conversion, held: Held, t: Translate): string {
  const { from, to, was } = conversion;
  const sizes = `${bytes(was.bytes)} → ${bytes(held.bytes ?? 0)}`;
  const sides = `${was.width} × ${was.height} → ${held.width} × ${held.height}`;
  const smaller = was.width !== held.width;
  if (from !== to && smaller)
    return t("Converted from {from} to {to} and made smaller: {sides}, {sizes}.", {
      from,
      to,
      sides,
      sizes,
    });
  if (from !== to) return t("Converted from {from} to {to}: {sizes}.", { from, to, sizes });
  if (smaller) return t("Made smaller: {sides}, {sizes}.", { sides, sizes });
  return t("Compressed further: {sizes}.", { sizes });
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
        refused: (type) => t("It takes pictures; this is {type}.", { type }),
      };
    case "video":
      return {
        choose: t("Drop, paste or choose a video"),
        byUrl: t("or its address"),
        isOne: t("This is a video."),
        refused: (type) => t("It takes MP4 or MOV videos; this is {type}.", { type }),
      };
    case "audio":
      return {
        choose: t("Drop, paste or choose a sound"),
        byUrl: t("or its address"),
        isOne: t("This is a sound."),
        refused: (type) => t("It takes MP3, WAV or M4A sounds; this is {type}.", { type }),
      };
  }
}
