import { ActionIcon, Button, TextInput } from "@mantine/core";
import { type ClipboardEvent, type DragEvent, useEffect, useId, useRef, useState } from "react";
import type { Limits } from "../../../api/types";
import { type Translate, useWords } from "../../../i18n";
import { useDraft } from "../../../lib/draft";
import {
  type Breach,
  breaches,
  bytes,
  hold,
  isToken,
  isUrl,
  type Measured,
  measureImage,
  measureVideo,
  seconds,
} from "../../../lib/media";
import { effective } from "../../../lib/rules";
import { Field } from "../../../parts/Field";
import { Icon } from "../../../parts/Icon";
import { spoken } from "../../../parts/names";
import { useBlobUrl } from "../../../parts/useBlobUrl";
import { useForm } from "../FormContext";
import { Checks } from "./Checks";
import type { ControlProps } from "./props";

const TYPES = ["image/png", "image/jpeg"];

/** A picture (dropped, pasted, chosen, or by its URL) or a video (by its URL), measured. */
export function MediumField({
  parameter,
  path,
  value,
  onChange,
  required,
  disabled,
}: ControlProps) {
  const { t } = useWords();
  const { errors, spec } = useForm();
  const draft = useDraft();
  const [trouble, setTrouble] = useState("");
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const urlId = useId();
  const isImage = parameter.format === "image";
  const held = isToken(value) ? draft.files[value] : undefined;
  const blobUrl = useBlobUrl(held?.blob);
  const source = blobUrl ?? (isUrl(value) ? value : undefined);
  const measured = useMeasured(source, isImage, held?.blob.size);
  // How long a video may be can depend on another parameter.
  const rule = spec.rules.find((each) => each.kind === "longest_by");
  const longest =
    rule?.other && rule.params?.includes(path)
      ? rule.seconds?.[String(effective(spec, draft.params, rule.other))]
      : undefined;
  const limits: Limits = longest
    ? { ...parameter.limits, max_seconds: longest }
    : (parameter.limits ?? {});
  const broken = measured ? breaches(measured, limits) : [];

  // Reading a file takes time, in which the form around may have changed.
  const put = useRef(onChange);
  put.current = onChange;

  async function take(file: Blob | undefined, name: string) {
    if (!file) return;
    setTrouble("");
    if (!TYPES.includes(file.type)) {
      setTrouble(t("It takes JPEG or PNG pictures; this is {type}.", { type: file.type || "?" }));
      return;
    }
    try {
      const held = await hold(file, name);
      put.current(draft.keep(held));
    } catch {
      setTrouble(t("This file is no picture that can be read."));
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) void take(file, file.name);
    else {
      const url = event.dataTransfer.getData("text/uri-list");
      if (isUrl(url)) onChange(url);
    }
  };
  const paste = (event: ClipboardEvent) => {
    const file = [...event.clipboardData.files][0];
    if (!file) return;
    event.preventDefault();
    void take(file, file.name || "pasted.png");
  };
  const clear = () => {
    setTrouble("");
    onChange(undefined);
  };
  const label = t(spoken(parameter.name));
  return (
    <Field
      parameter={parameter}
      required={required ?? false}
      error={
        [errors[path], trouble, ...broken.map((breach) => wordsFor(breach, t))]
          .filter(Boolean)
          .join("\n") || undefined
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button inside does it by keyboard */}
      <div
        className="medium"
        data-over={over || undefined}
        data-filled={source ? true : undefined}
        onDragOver={(event) => {
          event.preventDefault();
          if (isImage && !disabled) setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={isImage && !disabled ? drop : undefined}
        onPaste={isImage && !disabled ? paste : undefined}
      >
        {source ? (
          <>
            {isImage ? (
              <img src={source} alt={label} referrerPolicy="no-referrer" />
            ) : (
              <video src={source} controls muted playsInline preload="metadata" />
            )}
            <ActionIcon
              className="medium-clear"
              variant="filled"
              color="dark"
              aria-label={t("Remove {name}", { name: label })}
              onClick={clear}
            >
              <Icon name="close" size={16} />
            </ActionIcon>
          </>
        ) : isImage ? (
          <button
            type="button"
            className="medium-empty"
            disabled={disabled ?? false}
            onClick={() => picker.current?.click()}
          >
            <Icon name="image" size={26} />
            <span>
              {t("Drop, paste or choose a picture")}
              <span className="visually-hidden">: {label}</span>
            </span>
          </button>
        ) : (
          <div className="medium-empty">
            <Icon name="film" size={26} />
            <span>{t("Videos are given by their URL")}</span>
          </div>
        )}
        {isImage && (
          <input
            ref={picker}
            type="file"
            accept="image/png,image/jpeg"
            hidden
            aria-label={label}
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? [];
              void take(file, file?.name ?? "");
              event.currentTarget.value = "";
            }}
          />
        )}
      </div>
      <div className="medium-foot">
        {measured && (
          <span className="facts" data-bad={broken.length ? true : undefined}>
            {measured.width} × {measured.height}
            {measured.seconds !== undefined && ` · ${seconds(measured.seconds)}`}
            {measured.bytes !== undefined && ` · ${bytes(measured.bytes)}`}
          </span>
        )}
        {held ? (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => picker.current?.click()}
          >
            {t("Replace")}
          </Button>
        ) : (
          <TextInput
            id={urlId}
            className="medium-url"
            size="xs"
            placeholder={isImage ? t("or a URL, or base64") : "https://…/video.mp4"}
            aria-label={t("{name} by URL", { name: label })}
            value={typeof value === "string" ? shortened(value) : ""}
            disabled={disabled ?? false}
            onChange={(event) => onChange(event.currentTarget.value.trim() || undefined)}
          />
        )}
      </div>
      {rule && <Checks measured={measured} limits={limits} />}
    </Field>
  );
}

/** Base64 of megabytes is not for reading; its beginning tells enough. */
function shortened(text: string): string {
  return text.length > 4096 ? `${text.slice(0, 60)}…` : text;
}

function useMeasured(source: string | undefined, isImage: boolean, size: number | undefined) {
  const [measured, setMeasured] = useState<Measured>();
  useEffect(() => {
    let current = true;
    setMeasured(undefined);
    if (!source) return;
    const measure = isImage ? measureImage : measureVideo;
    measure(source)
      .then(
        (found) => current && setMeasured(size === undefined ? found : { ...found, bytes: size }),
      )
      .catch(() => undefined); // the server may reach what this browser can't
    return () => {
      current = false;
    };
  }, [source, isImage, size]);
  return measured;
}

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
