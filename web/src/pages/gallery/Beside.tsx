import { Alert, Loader } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useModelNames } from "../../api/specs";
import { useTask } from "../../api/tasks";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { ownLink } from "../../lib/links";
import { Dialog } from "../../parts/Dialog";
import { PlayerBar } from "../../parts/PlayerBar";
import { useMessage } from "../../parts/useMessage";
import { videoOf } from "./Picture";

/** Seconds that two videos may be apart before the second is put where the first is. */
const APART = 0.06;
const USUAL_FPS = 24;

interface Props {
  /** Ids of the two, with a tilde between; without one it is closed. */
  pair: string;
  onClose: () => void;
}

/** Two results side by side, with one timeline. */
export function Beside({ pair, onClose }: Props) {
  const { t } = useWords();
  return (
    <Dialog
      about={pair.includes("~") ? pair : undefined}
      onClose={onClose}
      size="min(1500px, 97vw)"
      title={() => t("Side by side")}
      centered
    >
      {(shown) => {
        const [left = "", right = ""] = shown.split("~");
        return (
          // The focus begins here, not on the button that closes.
          <div data-autofocus tabIndex={-1} className="task-focus">
            <Pair key={shown} left={left} right={right} />
          </div>
        );
      }}
    </Dialog>
  );
}

function Pair({ left, right }: { left: string; right: string }) {
  const { t } = useWords();
  const message = useMessage();
  const first = useTask(left);
  const second = useTask(right);
  const error = first.error ?? second.error;
  if (error) return <Alert color="red">{message(error)}</Alert>;
  if (!first.data || !second.data)
    return <Loader size="sm" role="status" aria-label={t("Loading")} />;
  const urls = [videoOf(first.data), videoOf(second.data)];
  if (!urls[0] || !urls[1]) return <Alert color="red">{t("One of the two has no video.")}</Alert>;
  return <Players tasks={[first.data, second.data]} urls={[urls[0], urls[1]]} />;
}

interface PlayersProps {
  tasks: [Task, Task];
  urls: [string, string];
}

/** Plays both: one who is shorter waits at its end. */
function Players({ tasks, urls }: PlayersProps) {
  const { t } = useWords();
  const videos = useRef<(HTMLVideoElement | null)[]>([null, null]);
  const [lengths, setLengths] = useState([0, 0]);
  const [time, setTime] = useState(0);
  const [playing, setPlaying] = useState(false);
  const fps = Number(tasks[0].metadata.fps) || USUAL_FPS;
  const length = Math.max(...lengths);
  // The longer one leads.
  const lead = (lengths[1] ?? 0) > (lengths[0] ?? 0) ? 1 : 0;

  const put = (next: number) => {
    const at = Math.min(Math.max(0, next), length);
    setTime(at);
    videos.current.forEach((video, n) => {
      const end = Math.max(0, (lengths[n] ?? 0) - 0.25 / fps);
      if (video) video.currentTime = Math.min(at, end);
    });
  };
  const pause = () => {
    setPlaying(false);
    for (const video of videos.current) video?.pause();
  };
  const toggle = () => {
    if (playing) return pause();
    const from = time >= length - 1 / fps ? 0 : time;
    put(from);
    setPlaying(true);
    videos.current.forEach((video, n) => {
      if (from < (lengths[n] ?? 0)) void video?.play().catch(() => undefined);
    });
  };
  const step = (frames: number) => {
    pause();
    // The middle of a frame's time is surely that frame.
    put((Math.floor(time * fps + 0.01) + frames + 0.5) / fps);
  };

  useEffect(() => {
    if (!playing) return;
    let id = 0;
    const follow = () => {
      const [leader, other] = [videos.current[lead], videos.current[1 - lead]];
      const now = leader?.currentTime ?? 0;
      setTime(now);
      if (leader?.ended) return setPlaying(false);
      if (other && !other.ended && !other.seeking && Math.abs(other.currentTime - now) > APART)
        other.currentTime = Math.min(now, other.duration || 0);
      id = requestAnimationFrame(follow);
    };
    id = requestAnimationFrame(follow);
    return () => cancelAnimationFrame(id);
  }, [playing, lead]);

  const onKey = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (target.getAttribute("role") === "slider") return;
    const acts: Record<string, () => void> = {
      " ": toggle,
      ",": () => step(-1),
      ".": () => step(1),
    };
    const act = acts[event.key];
    if (!act || (event.key === " " && target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    act();
  };
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const follow = (event: KeyboardEvent) => latest.current(event);
    addEventListener("keydown", follow);
    return () => removeEventListener("keydown", follow);
  }, []);
  const nameOf = useModelNames();
  return (
    <div className="beside">
      <div className="beside-videos">
        {tasks.map((task, n) => (
          <figure key={task.id}>
            <video
              ref={(video) => {
                videos.current[n] = video;
              }}
              src={ownLink(urls[n] ?? "")}
              aria-label={t("Video of task {id}", { id: task.id.slice(0, 8) })}
              muted
              playsInline
              preload="auto"
              tabIndex={-1}
              onClick={toggle}
              onLoadedMetadata={(event) => {
                const { duration } = event.currentTarget;
                setLengths((old) => old.map((before, m) => (m === n ? duration : before)));
              }}
            />
            <figcaption>
              <strong title={task.metadata.prompt || undefined}>
                {task.metadata.prompt || nameOf(task.model)}
              </strong>
              <span className="dim">
                {task.metadata.width} × {task.metadata.height}
                {task.metadata.seed !== undefined &&
                  ` · ${t("seed {n}", { n: task.metadata.seed })}`}
              </span>
            </figcaption>
          </figure>
        ))}
      </div>
      <PlayerBar
        time={time}
        length={length}
        playing={playing}
        fps={fps}
        label={t("Position in both videos")}
        toggle={toggle}
        step={step}
        seek={(next) => {
          pause();
          put(next);
        }}
      />
    </div>
  );
}
