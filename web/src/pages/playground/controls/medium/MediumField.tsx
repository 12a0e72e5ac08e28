import { Button, TextInput } from "@mantine/core";
import { useRef } from "react";
import type { Limits } from "../../../../api/types";
import { useWords } from "../../../../i18n";
import { useDraft } from "../../../../lib/draft";
import { ownLink } from "../../../../lib/links";
import { breaches, isOver, isToken, isUrl, type Kind, pictureOf } from "../../../../lib/media";
import { labelOf } from "../../../../lib/paramWords";
import { effective } from "../../../../lib/values";
import { Field } from "../../../../parts/Field";
import { useBlobUrl } from "../../../../parts/useBlobUrl";
import { useForm } from "../../FormContext";
import type { ControlProps } from "../props";
import { Checks } from "./Checks";
import { Conversion } from "./Conversion";
import { Drop } from "./Drop";
import { useFetched } from "./useFetched";
import { useLooseFile } from "./useLooseFile";
import { useTake } from "./useTake";
import { factsOf, kindWords, wordsFor } from "./words";

/** A picture, a video or a sound: dropped, pasted, chosen, or by its URL; seen, and measured. */
export function MediumField(props: ControlProps) {
  const { parameter, path, value, onChange, required, disabled = false } = props;
  const { t } = useWords();
  const { errors } = useForm();
  const draft = useDraft();
  const picker = useRef<HTMLInputElement>(null);
  const kind = parameter.format as Kind;
  const label = labelOf(parameter, t);
  const { limits, checked } = useLimits(props);

  const known = typeof value === "string" ? draft.files[value] : undefined;
  const over = known && isOver(known);
  const held = over ? undefined : known;
  const fetched = useFetched(isUrl(value) ? value : undefined, held);
  const { take, stop, sending, converting, trouble } = useTake(kind, limits, onChange);
  const pick = (file: File) => void take(file, file.name || "pasted");
  useLooseFile(kind, value === undefined && !sending && !converting && !disabled, pick);
  const blobUrl = useBlobUrl(held?.blob);
  const source = blobUrl ?? (held?.link && ownLink(held.link.url));
  const fits = held?.type === kind;
  const broken = held && fits ? breaches(held, limits) : [];
  const wrong = [
    errors[path],
    trouble,
    fetched.trouble,
    isToken(value) && over && t("The server has removed this file: choose it again."),
    held && !fits && kindWords(held.type, t).isOne,
    ...broken.map((breach) => wordsFor(breach, t)),
  ];
  return (
    <Field
      parameter={parameter}
      required={required ?? false}
      error={wrong.filter(Boolean).join("\n") || undefined}
    >
      <Drop
        kind={held?.type ?? kind}
        label={label}
        source={source}
        waiting={
          converting
            ? t("The picture is made ready.")
            : fetched.busy
              ? t("The server fetches it.")
              : undefined
        }
        sending={sending}
        picker={picker}
        disabled={disabled}
        onFile={pick}
        onUrl={onChange}
        onClear={() => {
          stop();
          onChange(undefined);
        }}
      />
      <div className="medium-foot" hidden={!!sending}>
        {held && (
          <span className="facts" data-bad={broken.length ? true : undefined}>
            {factsOf(held, t)}
          </span>
        )}
        {isToken(value) ? (
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
            className="medium-url"
            size="xs"
            placeholder={kindWords(kind, t).byUrl}
            aria-label={t("{name} by URL", { name: label })}
            value={typeof value === "string" ? shortened(value) : ""}
            disabled={disabled}
            onChange={(event) => {
              const text = event.currentTarget.value.trim();
              const picture = kind === "image" ? pictureOf(text) : undefined;
              if (picture) pick(picture);
              else onChange(text || undefined);
            }}
          />
        )}
      </div>
      {held && kind === "image" && !sending && (
        <Conversion held={held} onTake={(file, asIs) => void take(file, held.name, asIs)} />
      )}
      {(checked || kind !== "image") && <Checks measured={held} limits={limits} />}
    </Field>
  );
}

/**
 * What holds for a medium here, and whether its checks are always shown: where how long a video
 * may be depends on another parameter, nobody can know them by heart.
 */
function useLimits({ parameter, path }: ControlProps): { limits: Limits; checked: boolean } {
  const { spec } = useForm();
  const draft = useDraft();
  const rule = spec.rules.find((each) => each.kind === "longest_by");
  const longest =
    rule?.other && rule.params?.includes(path)
      ? rule.seconds?.[String(effective(spec, draft.params, rule.other))]
      : undefined;
  const { limits = {} } = parameter;
  return {
    limits: longest ? { ...limits, max_seconds: longest } : limits,
    checked: rule !== undefined,
  };
}

/** Base64 of megabytes is not for reading; its beginning tells enough. */
function shortened(text: string): string {
  return text.length > 4096 ? `${text.slice(0, 60)}…` : text;
}
