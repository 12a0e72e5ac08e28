import { ActionIcon, Slider } from "@mantine/core";
import { type KeyboardEvent, type RefObject, useRef } from "react";
import { useWords } from "../i18n";
import { clock } from "../lib/clock";
import { Icon, type IconName } from "./Icon";
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
  const { time, length, frame, playing, muted } = state;
  return (
    <div className="player-bar">
      <Act
        name={playing ? t("Pause") : t("Play")}
        icon={playing ? "pause" : "play"}
        onClick={acts.toggle}
      />
      <Act name={t("One frame back")} icon="left" onClick={() => acts.step(-1)} />
      <Act name={t("One frame on")} icon="right" onClick={() => acts.step(1)} />
      <Slider
        className="player-track"
        size="sm"
        min={0}
        max={length || 1}
        step={1 / fps}
        value={time}
        label={null}
        thumbLabel={t("Position in the video")}
        onChange={acts.seek}
      />
      <span className="player-time">
        {clock(time)} <span className="dim">/ {clock(length)}</span>
        <span className="player-frame dim" title={t("Frame")}>
          {frame}
        </span>
      </span>
      <Act
        name={muted ? t("Sound on") : t("Sound off")}
        icon={muted ? "muted" : "sound"}
        onClick={acts.mute}
      />
      <Act name={t("Full screen")} icon="fit" onClick={acts.fill} />
    </div>
  );
}

function Act({ name, icon, onClick }: { name: string; icon: IconName; onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={name} title={name} onClick={onClick}>
      <Icon name={icon} />
    </ActionIcon>
  );
}
