import { ActionIcon, Slider } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useWords } from "../i18n";
import { Icon } from "./Icon";
import { useAgain } from "./useAgain";

interface Props {
  url: string;
  fps: number;
  label: string;
}

/** A video that can be gone through frame by frame: space, comma, full stop, M and F do it by key. */
export function Player({ url, fps, label }: Props) {
  const { t } = useWords();
  const again = useAgain();
  const video = useRef<HTMLVideoElement>(null);
  const [time, setTime] = useState(0);
  const [length, setLength] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [muted, setMuted] = useState(false);
  const frame = Math.min(Math.floor(time * fps + 0.01), Math.max(0, Math.round(length * fps) - 1));

  useEffect(() => {
    if (!playing) return;
    let id = 0;
    const follow = () => {
      setTime(video.current?.currentTime ?? 0);
      id = requestAnimationFrame(follow);
    };
    id = requestAnimationFrame(follow);
    return () => cancelAnimationFrame(id);
  }, [playing]);

  const toggle = () => {
    const player = video.current;
    if (!player) return;
    if (player.paused) void player.play().catch(() => undefined);
    else player.pause();
  };
  const step = (frames: number) => {
    const player = video.current;
    if (!player) return;
    player.pause();
    // The middle of a frame's time is surely that frame.
    const next = Math.max(0, (frame + frames + 0.5) / fps);
    player.currentTime = Math.min(next, Math.max(0, length - 0.25 / fps));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLElement && event.target.getAttribute("role") === "slider")
      return;
    const acts: Record<string, () => void> = {
      " ": toggle,
      ",": () => step(-1),
      ".": () => step(1),
      m: () => setMuted(!muted),
      f: () => void video.current?.requestFullscreen().catch(() => undefined),
    };
    const act = acts[event.key];
    if (!act || (event.key === " " && event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    act();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys for the buttons inside
    <div className="player" onKeyDown={onKey}>
      <video
        key={again.turn}
        ref={video}
        onError={again.onError}
        src={url}
        aria-label={label}
        playsInline
        muted={muted}
        loop
        preload="auto"
        tabIndex={-1}
        onClick={toggle}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onLoadedMetadata={(event) => setLength(event.currentTarget.duration)}
        onTimeUpdate={(event) => setTime(event.currentTarget.currentTime)}
        onSeeked={(event) => setTime(event.currentTarget.currentTime)}
      />
      <div className="player-bar">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={playing ? t("Pause") : t("Play")}
          onClick={toggle}
        >
          <Icon name={playing ? "pause" : "play"} />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("One frame back")}
          onClick={() => step(-1)}
        >
          <Icon name="left" />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("One frame on")}
          onClick={() => step(1)}
        >
          <Icon name="right" />
        </ActionIcon>
        <Slider
          className="player-track"
          size="sm"
          min={0}
          max={length || 1}
          step={1 / fps}
          value={time}
          label={null}
          thumbLabel={t("Position in the video")}
          onChange={(next) => {
            if (video.current) video.current.currentTime = next;
            setTime(next);
          }}
        />
        <span className="player-time">
          {time.toFixed(2)} s <span className="dim">· {frame}</span>
        </span>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={muted ? t("Sound on") : t("Sound off")}
          onClick={() => setMuted(!muted)}
        >
          <Icon name={muted ? "muted" : "sound"} />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("Full screen")}
          onClick={() => void video.current?.requestFullscreen().catch(() => undefined)}
        >
          <Icon name="fit" />
        </ActionIcon>
      </div>
    </div>
  );
}
