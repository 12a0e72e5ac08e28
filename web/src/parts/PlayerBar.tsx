import { ActionIcon, Slider } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "../i18n";
import { clock } from "../lib/clock";
import { Icon, type IconName } from "./Icon";

interface Props {
  /** Seconds. */
  time: number;
  length: number;
  playing: boolean;
  fps: number;
  /** What the place on the timeline is a place in. */
  label: string;
  toggle: () => void;
  step: (frames: number) => void;
  seek: (seconds: number) => void;
  /** More of the time, such as the frame. */
  aside?: ReactNode;
  /** What else can be done. */
  children?: ReactNode;
}

/** The timeline of what plays, and what moves along it. */
export function PlayerBar(props: Props) {
  const { t } = useWords();
  const { time, length, playing, fps, label, toggle, step, seek, aside, children } = props;
  return (
    <div className="player-bar">
      <PlayerAct
        name={playing ? t("Pause") : t("Play")}
        icon={playing ? "pause" : "play"}
        onClick={toggle}
      />
      <PlayerAct name={t("One frame back")} icon="left" onClick={() => step(-1)} />
      <PlayerAct name={t("One frame on")} icon="right" onClick={() => step(1)} />
      <Slider
        className="player-track"
        size="sm"
        min={0}
        max={length || 1}
        step={1 / fps}
        value={time}
        label={null}
        thumbLabel={label}
        onChange={seek}
      />
      <span className="player-time">
        {clock(time)} <span className="dim">/ {clock(length)}</span>
        {aside}
      </span>
      {children}
    </div>
  );
}

interface ActProps {
  name: string;
  icon: IconName;
  onClick: () => void;
}

export function PlayerAct({ name, icon, onClick }: ActProps) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={name} title={name} onClick={onClick}>
      <Icon name={icon} />
    </ActionIcon>
  );
}
