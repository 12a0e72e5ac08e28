import { type KeyboardEvent, type RefObject, useRef } from "react";
import { useWords } from "../i18n";
import { PlayerAct, PlayerBar } from "./PlayerBar";
import { useAgain } from "./useAgain";
import { type PlayerActs, type PlayerState, usePlayer } from "./usePlayer";

interface Props {
  url: string;
  fps: number;
  label: string;
  /** Frames of the video, where the server counts them. */
  count?: number;
  /** For who wants the frame that is shown. */
  video?: RefObject<HTMLVideoElement | null>;
}

/**
 * A video that plays at once, without sound, and again and again, unless motion is not wanted. It
 * can be gone through frame by frame: space, arrows, comma, full stop, M and F do it by key.
 */
export function Player({ url, fps, label, count = 0, video: given }: Props) {
  const again = useAgain();
  const root = useRef<HTMLDivElement>(null);
  const own = useRef<HTMLVideoElement>(null);
  const video = given ?? own;
  const { state, acts, heard, choose } = usePlayer({ root, video, fps, count });

  const onKey = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLElement && event.target.getAttribute("role") === "slider")
      return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys: Record<string, () => void> = {
      " ": acts.toggle,
      ",": () => acts.step(-1),
      ".": () => acts.step(1),
      ArrowLeft: () => acts.step(-1),
      ArrowRight: () => acts.step(1),
      m: acts.mute,
      f: acts.fill,
    };
    const act = keys[event.key];
    if (!act || (event.key === " " && event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    act();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys for the buttons inside
    <div className="player" ref={root} onKeyDown={onKey} onPointerDown={choose} onFocus={choose}>
      <video
        key={again.turn}
        ref={video}
        onError={again.onError}
        src={url}
        aria-label={label}
        playsInline
        loop
        preload="auto"
        tabIndex={-1}
        onClick={acts.toggle}
        {...heard}
      />
      <Bar state={state} acts={acts} fps={fps} />
    </div>
  );
}

function Bar({ state, acts, fps }: { state: PlayerState; acts: PlayerActs; fps: number }) {
  const { t } = useWords();
  const { frame, muted, ...shown } = state;
  return (
    <PlayerBar
      {...shown}
      fps={fps}
      label={t("Position in the video")}
      toggle={acts.toggle}
      step={acts.step}
      seek={acts.seek}
      aside={
        <span className="player-frame dim" title={t("Frame")}>
          {frame}
        </span>
      }
    >
      <PlayerAct
        name={muted ? t("Sound on") : t("Sound off")}
        icon={muted ? "muted" : "sound"}
        onClick={acts.mute}
      />
      <PlayerAct name={t("Full screen")} icon="fit" onClick={acts.fill} />
    </PlayerBar>
  );
}
