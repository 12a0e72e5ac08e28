import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { frameAt, frameOf } from "../lib/frames";
import { addPlayer, choosePlayer, type Remote } from "./players";
import { stillness } from "./stillness";

export interface PlayerState {
  /** Seconds. */
  time: number;
  length: number;
  frame: number;
  playing: boolean;
  muted: boolean;
}

export interface PlayerActs {
  toggle: () => void;
  step: (frames: number) => void;
  seek: (seconds: number) => void;
  mute: () => void;
  fill: () => void;
}

interface Params {
  root: RefObject<HTMLElement | null>;
  video: RefObject<HTMLVideoElement | null>;
  fps: number;
  /** Frames of the video; 0 where nobody knows. */
  count: number;
}

/** What a player shows, and what can be done with it by mouse, touch and keyboard. */
export function usePlayer({ root, video, fps, count }: Params) {
  const [time, setTime] = useState(0);
  const [length, setLength] = useState(0);
  const [playing, setPlaying] = useState(false);
  // No page may be loud before somebody has asked for it.
  const [muted, setMuted] = useState(true);
  const frame = frameAt(time, fps, count || Math.round(length * fps)).number;

  useEffect(() => {
    if (!playing) return;
    let id = 0;
    const follow = () => {
      setTime(video.current?.currentTime ?? 0);
      id = requestAnimationFrame(follow);
    };
    id = requestAnimationFrame(follow);
    return () => cancelAnimationFrame(id);
  }, [playing, video]);

  const toggle = useCallback(() => {
    const player = video.current;
    if (!player) return;
    if (player.paused) void player.play().catch(() => undefined);
    else player.pause();
  }, [video]);

  const step = useCallback(
    (frames: number) => {
      const player = video.current;
      if (!player) return;
      player.pause();
      const most = count || Math.max(1, Math.round(player.duration * fps));
      const here = frameAt(player.currentTime, fps, most).number;
      const next = frameOf(here + frames, fps, most).at;
      player.currentTime = Math.min(next, Math.max(0, player.duration - 0.25 / fps));
    },
    [video, fps, count],
  );

  const seek = useCallback(
    (seconds: number) => {
      if (video.current) video.current.currentTime = seconds;
      setTime(seconds);
    },
    [video],
  );

  const remote = useRef<Remote>(null);
  useEffect(() => {
    if (!root.current) return;
    remote.current = { root: root.current, toggle, step };
    return addPlayer(remote.current);
  }, [root, toggle, step]);
  const choose = useCallback(() => remote.current && choosePlayer(remote.current), []);

  const acts: PlayerActs = {
    toggle,
    step,
    seek,
    mute: () => setMuted((now) => !now),
    fill: () => void fill(root.current, video.current),
  };
  /** What the video element tells. */
  const heard = {
    autoPlay: !stillness.matches,
    muted,
    onPlay: () => setPlaying(true),
    onPause: () => setPlaying(false),
    onLoadedMetadata: () => setLength(video.current?.duration ?? 0),
    onTimeUpdate: () => setTime(video.current?.currentTime ?? 0),
    onSeeked: () => setTime(video.current?.currentTime ?? 0),
  };
  return { state: { time, length, frame, playing, muted } as PlayerState, acts, heard, choose };
}

/** Fills the screen with the player, or leaves it; phones of one maker fill it with videos only. */
async function fill(root: HTMLElement | null, video: HTMLVideoElement | null): Promise<void> {
  if (document.fullscreenElement) return document.exitFullscreen();
  if (root?.requestFullscreen) return root.requestFullscreen().catch(() => undefined);
  (video as { webkitEnterFullscreen?: () => void } | null)?.webkitEnterFullscreen?.();
}
