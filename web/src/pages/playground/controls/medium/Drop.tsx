import { ActionIcon, Button, Loader, Progress } from "@mantine/core";
import { type ClipboardEvent, type DragEvent, type RefObject, useState } from "react";
import { useWords } from "../../../../i18n";
import { isUrl, type Kind } from "../../../../lib/media";
import { Icon } from "../../../../parts/Icon";
import { useAgain } from "../../../../parts/useAgain";
import { useBlobUrl } from "../../../../parts/useBlobUrl";
import { ACCEPTED, type Sending } from "./useTake";
import { kindWords } from "./words";

const ICONS = { image: "image", video: "film", audio: "sound" } as const;

interface Props {
  kind: Kind;
  label: string;
  /** Where to see what is in the field, if anything is. */
  source: string | undefined;
  /** What has to be waited for, if anything has. */
  waiting: string | undefined;
  sending: Sending | undefined;
  picker: RefObject<HTMLInputElement | null>;
  disabled: boolean;
  onFile: (file: File) => void;
  onUrl: (url: string) => void;
  onClear: () => void;
}

/** The place where a file is dropped, pasted or chosen, and then seen. */
export function Drop(props: Props) {
  const { kind, label, source, picker, disabled, onFile, onUrl } = props;
  const { t } = useWords();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) return onFile(file);
    const url = event.dataTransfer.getData("text/uri-list");
    if (isUrl(url)) onUrl(url);
  };
  const paste = (event: ClipboardEvent) => {
    const [file] = event.clipboardData.files;
    if (!file) return;
    event.preventDefault();
    onFile(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does it by keyboard
    <div
      className="medium"
      data-kind={kind}
      data-over={over || undefined}
      data-filled={source || props.sending ? true : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        if (!disabled) setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={disabled ? undefined : drop}
      onPaste={disabled ? undefined : paste}
    >
      <Inside {...props} />
      <input
        ref={picker}
        type="file"
        accept={ACCEPTED[kind]}
        hidden
        aria-label={label}
        disabled={disabled}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) onFile(file);
          event.currentTarget.value = "";
        }}
      />
      <span className="visually-hidden" aria-live="polite">
        {props.sending && t("Sending {name}", { name: props.sending.name })}
      </span>
    </div>
  );
}

function Inside({ kind, label, source, waiting, sending, picker, disabled, onClear }: Props) {
  const { t } = useWords();
  const again = useAgain();
  if (sending) return <OnItsWay sending={sending} onStop={onClear} />;
  if (waiting) {
    return (
      <div className="medium-empty" role="status">
        <Loader size="sm" />
        <span>{waiting}</span>
      </div>
    );
  }
  if (source) {
    return (
      <>
        {kind === "image" && (
          <img key={again.turn} src={source} alt={label} onError={again.onError} />
        )}
        {kind === "audio" && (
          // biome-ignore lint/a11y/useMediaCaption: nobody knows what is said in it
          <audio
            key={again.turn}
            src={source}
            aria-label={label}
            controls
            preload="metadata"
            onError={again.onError}
          />
        )}
        {kind === "video" && (
          <video
            key={again.turn}
            src={source}
            aria-label={label}
            controls
            muted
            playsInline
            preload="metadata"
            onError={again.onError}
          />
        )}
        <ActionIcon
          className="medium-clear"
          variant="filled"
          color="dark"
          aria-label={t("Remove {name}", { name: label })}
          onClick={onClear}
        >
          <Icon name="close" size={16} />
        </ActionIcon>
      </>
    );
  }
  return (
    <button
      type="button"
      className="medium-empty"
      disabled={disabled}
      onClick={() => picker.current?.click()}
    >
      <Icon name={ICONS[kind]} size={26} />
      <span>
        {kindWords(kind, t).choose}
        <span className="visually-hidden">: {label}</span>
      </span>
    </button>
  );
}

/** A file while it is sent: a video is seen already, and how much of it has gone. */
function OnItsWay({ sending, onStop }: { sending: Sending; onStop: () => void }) {
  const { t } = useWords();
  const preview = useBlobUrl(sending.file);
  const percent = Math.round(sending.share * 100);
  const seen = preview && sending.file.type.startsWith("video");
  return (
    <>
      {seen && <video src={preview} muted playsInline preload="metadata" tabIndex={-1} />}
      <div className="medium-sending">
        <span>{percent < 100 ? `${percent} %` : t("The server measures it.")}</span>
        <Progress
          value={percent}
          animated={percent === 100}
          size="sm"
          aria-label={t("Sending {name}", { name: sending.name })}
        />
        <Button size="compact-xs" variant="default" onClick={onStop}>
          {t("Stop sending")}
        </Button>
      </div>
    </>
  );
}
