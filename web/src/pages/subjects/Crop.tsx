import { Button, Slider } from "@mantine/core";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { Limits } from "../../api/types";
import { useWords } from "../../i18n";
import { type Box, draggedBox, drawnBox, firstBox, type Grip, type Size } from "../../lib/crop";
import { ownLink } from "../../lib/links";
import { breaches } from "../../lib/media";
import { Icon } from "../../parts/Icon";
import { wordsFor } from "../playground/controls/medium/words";

const GRIPS: Exclude<Grip, "all">[] = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
const STEP = 4;
const FAR = 32;

/** Height of the frame at most, in hundredths of the window's. */
const HIGHEST_VH = 54;

interface Props {
  url: string;
  fps: number;
  limits: Limits;
  /** Whether there is room for no more pictures. */
  full: boolean;
  onUse: (picture: Blob) => Promise<void>;
}

/** A video that is stopped at a frame, and a box on it: what is inside becomes a picture. */
export function Crop({ url, fps, limits, full, onUse }: Props) {
  const { t } = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const [frame, setFrame] = useState<Size>();
  const [length, setLength] = useState(0);
  const [time, setTime] = useState(0);
  const [box, setBox] = useState<Box>();
  const [busy, setBusy] = useState(false);
  const wrong = box ? breaches({ ...box }, limits) : [];

  const seek = (to: number) => {
    if (!video.current) return;
    // The middle of a frame's time is surely that frame; the end of a video shows none.
    const at = Math.min(Math.max(0, to), Math.max(0, length - 0.5 / fps));
    video.current.currentTime = at;
    setTime(at);
  };
  async function use() {
    if (!video.current || !box) return;
    setBusy(true);
    try {
      await onUse(await cutOut(video.current, box));
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      <div className="crop" style={frame && shapeOf(frame)}>
        {/* biome-ignore lint/a11y/useMediaCaption: a single frame of it is looked at */}
        <video
          ref={video}
          src={ownLink(url)}
          playsInline
          preload="auto"
          tabIndex={-1}
          aria-label={t("The frame that the picture is cut out of")}
          onLoadedMetadata={({ currentTarget: { videoWidth, videoHeight, duration } }) => {
            const size = { width: videoWidth, height: videoHeight };
            setFrame(size);
            setLength(duration);
            setBox(firstBox(size));
          }}
          onLoadedData={() => seek(0.5 / fps)}
        />
        {frame && box && <Frame frame={frame} box={box} bad={wrong.length > 0} onBox={setBox} />}
      </div>
      <div className="crop-time">
        <Button variant="default" size="compact-sm" onClick={() => seek(time - 1 / fps)}>
          {t("One frame back")}
        </Button>
        <Slider
          className="crop-slider"
          min={0}
          max={length || 1}
          step={1 / fps}
          value={time}
          onChange={seek}
          label={null}
          thumbLabel={t("Time of the frame")}
        />
        <Button variant="default" size="compact-sm" onClick={() => seek(time + 1 / fps)}>
          {t("One frame on")}
        </Button>
        <span className="counter">{time.toFixed(2)} s</span>
      </div>
      <p className="crop-facts" aria-live="polite" data-bad={wrong.length > 0 || undefined}>
        {box && `${box.width} × ${box.height}`}
        {wrong.map((breach) => ` · ${wordsFor(breach, t)}`)}
        {full && ` · ${t("The subject has all the pictures that it can have.")}`}
      </p>
      <Button
        className="cropping-done"
        loading={busy}
        disabled={full || !box || wrong.length > 0}
        leftSection={<Icon name="crop" size={16} />}
        onClick={use}
      >
        {t("Take this as a picture")}
      </Button>
    </>
  );
}

/** As large as there is room for, in the shape of the frame: the box lies exactly on it. */
function shapeOf({ width, height }: Size) {
  return {
    aspectRatio: `${width} / ${height}`,
    width: `min(100%, ${((HIGHEST_VH * width) / height).toFixed(2)}vh)`,
  };
}

interface FrameProps {
  frame: Size;
  box: Box;
  bad: boolean;
  onBox: (box: Box) => void;
}

/** The box over the frame: dragged by its sides, corners or middle, drawn anew beside it. */
function Frame({ frame, box, bad, onBox }: FrameProps) {
  const { t } = useWords();
  const room = useRef<HTMLDivElement>(null);
  const held = useRef<{ grip: Grip | "new"; x: number; y: number; box: Box }>(null);
  const inFrame = (event: PointerEvent) => {
    const rect = room.current?.getBoundingClientRect();
    if (!rect?.width) return { x: 0, y: 0 };
    return {
      x: ((event.clientX - rect.left) * frame.width) / rect.width,
      y: ((event.clientY - rect.top) * frame.height) / rect.height,
    };
  };
  function down(event: PointerEvent<HTMLDivElement>) {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const grip = (event.target as HTMLElement).dataset.grip as Grip | undefined;
    held.current = { grip: grip ?? "new", ...inFrame(event), box };
  }
  function move(event: PointerEvent) {
    if (!held.current) return;
    const { grip, x, y, box: before } = held.current;
    const now = inFrame(event);
    if (grip !== "new") return onBox(draggedBox(before, grip, now.x - x, now.y - y, frame));
    const drawn = drawnBox({ x, y }, now, frame);
    if (drawn.width > 3 && drawn.height > 3) onBox(drawn);
  }
  function key(event: KeyboardEvent) {
    const far = event.ctrlKey ? FAR : STEP;
    const ways: Record<string, [number, number]> = {
      ArrowLeft: [-far, 0],
      ArrowRight: [far, 0],
      ArrowUp: [0, -far],
      ArrowDown: [0, far],
    };
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    onBox(draggedBox(box, event.shiftKey ? "se" : "all", way[0], way[1], frame));
  }
  const share = (part: number, whole: number) => `${(100 * part) / whole}%`;
  return (
    <div
      ref={room}
      className="crop-room"
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => {
        held.current = null;
      }}
      onPointerCancel={() => {
        held.current = null;
      }}
    >
      <div
        className="crop-box"
        data-grip="all"
        data-bad={bad || undefined}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move it, too
        tabIndex={0}
        aria-label={t("What is cut out: arrow keys move it, with Shift they change its size")}
        onKeyDown={key}
        style={{
          left: share(box.x, frame.width),
          top: share(box.y, frame.height),
          width: share(box.width, frame.width),
          height: share(box.height, frame.height),
        }}
      >
        {GRIPS.map((grip) => (
          <span key={grip} className="crop-grip" data-grip={grip} />
        ))}
      </div>
    </div>
  );
}

function cutOut(video: HTMLVideoElement, { x, y, width, height }: Box): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")?.drawImage(video, x, y, width, height, 0, 0, width, height);
  return canvas.convertToBlob({ type: "image/png" });
}
