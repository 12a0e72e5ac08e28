import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useEffect,
  useRef,
  useState,
} from "react";
import { useWords } from "../../i18n";
import { NOTHING } from "../../lib/labels";
import type { Point } from "../../lib/trajectory";
import { css } from "./colours";
import { Easel, type Tool } from "./Easel";

interface Props {
  picture: HTMLImageElement;
  tool: Tool;
  label: number;
  /** Diameter of the brush in pixels of the picture. */
  size: number;
  onReady: (easel: Easel) => void;
  onChanged: () => void;
  /** The thing under this point is to be painted. */
  onSelect: (at: Point) => void;
  /** A path of another label was touched. */
  onLabel: (label: number) => void;
}

const STEP = 12;

/** Pixels of the view within which a point of a path is touched: fingers are wider than arrows. */
const REACH = { touch: 24, other: 11 };
const reachOf = (type: string) => (type === "touch" ? REACH.touch : REACH.other);

/** How the brush is shown with each tool, in pixels; nothing where it is as large as it paints. */
const CURSORS: Partial<Record<Tool, number>> = { path: 10, select: 14 };

/** The view of the picture, and what pointer and keys do on it. */
export function Canvas(props: Props) {
  const { picture, tool, label, size, onReady, onChanged, onSelect, onLabel } = props;
  const { t } = useWords();
  const room = useRef<HTMLDivElement>(null);
  const base = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const lines = useRef<HTMLCanvasElement>(null);
  const easel = useRef<Easel>(null);
  const last = useRef<Point>(null);
  const panning = useRef<Point>(null);
  const fingers = useRef(new Map<number, Point>());
  /** Two fingers were down: until all are up, none of them paints. */
  const pinching = useRef(false);
  const [cursor, setCursor] = useState<Point>();

  useEffect(() => {
    if (!room.current || !base.current || !over.current || !lines.current) return;
    const made = new Easel(picture, base.current, over.current, lines.current, onChanged);
    easel.current = made;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) made.resize(entry.contentRect.width, entry.contentRect.height);
    });
    observer.observe(room.current);
    onReady(made);
    // Not as a React handler: those may not keep the page from scrolling.
    const element = room.current;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      made.zoom(Math.exp(-event.deltaY * 0.0015), event.clientX - left, event.clientY - top);
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener("wheel", wheel);
    };
  }, [picture, onReady, onChanged]);

  const inRoom = (event: { clientX: number; clientY: number }): Point => {
    const rect = room.current?.getBoundingClientRect();
    return { x: event.clientX - (rect?.left ?? 0), y: event.clientY - (rect?.top ?? 0) };
  };
  const paint = (from: Point, to: Point) =>
    easel.current?.paint(from, to, size / 2, tool === "erase" ? NOTHING : label);

  useEffect(() => {
    easel.current?.edit(tool === "path" ? label : 0);
  }, [tool, label]);

  function down(event: PointerEvent<HTMLDivElement>) {
    const made = easel.current;
    if (!made) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const seen = inRoom(event);
    if (event.pointerType === "touch") {
      fingers.current.set(event.pointerId, seen);
      if (fingers.current.size > 1) {
        pinching.current = true;
        made.abandon();
        last.current = panning.current = null;
        setCursor(undefined);
        return;
      }
    }
    if (tool === "hand" || event.button === 1) {
      panning.current = seen;
      return;
    }
    if (event.button !== 0) return;
    begin(made, made.view.at(seen.x, seen.y), event);
  }

  function begin(made: Easel, at: Point, { pointerType, altKey }: PointerEvent) {
    if (tool === "select") {
      // A finger may be the first of two: what it chooses is known when it goes up.
      if (pointerType === "touch") last.current = at;
      else onSelect(at);
      return;
    }
    if (tool === "path") {
      const reach = reachOf(pointerType);
      if (altKey && made.dropPoint(at, reach, label)) return;
      const held = made.grab(at, reach, label);
      if (held) onLabel(held);
      else made.trace(at);
    } else paint(at, at);
    last.current = at;
  }

  function move(event: PointerEvent<HTMLDivElement>) {
    const made = easel.current;
    if (!made) return;
    const seen = inRoom(event);
    if (fingers.current.has(event.pointerId)) {
      const before = [...fingers.current.values()];
      fingers.current.set(event.pointerId, seen);
      if (pinching.current) {
        made.pinch(before, [...fingers.current.values()]);
        return;
      }
    }
    setCursor(seen);
    if (panning.current) {
      made.pan(seen.x - panning.current.x, seen.y - panning.current.y);
      panning.current = seen;
      return;
    }
    if (!last.current || tool === "select") return;
    const passed = event.nativeEvent.getCoalescedEvents?.() ?? [];
    for (const each of passed.length ? passed : [event.nativeEvent]) {
      const at = inRoom(each);
      const next = made.view.at(at.x, at.y);
      if (made.dragging) made.drag(next);
      else if (tool === "path") made.trace(next);
      else paint(last.current, next);
      last.current = next;
    }
    performance.measure("stroke", { start: event.nativeEvent.timeStamp, end: performance.now() });
  }

  function up(event: PointerEvent) {
    fingers.current.delete(event.pointerId);
    if (pinching.current) {
      if (!fingers.current.size) pinching.current = false;
      return;
    }
    panning.current = null;
    const at = last.current;
    last.current = null;
    if (event.pointerType === "touch") setCursor(undefined);
    if (!at) return;
    if (tool === "select") onSelect(at);
    else if (easel.current?.dragging) easel.current.drop();
    else if (tool === "path") easel.current?.endTrace(label);
    else easel.current?.endStroke();
  }

  function takePoint(event: MouseEvent) {
    const made = easel.current;
    if (!made || tool !== "path") return;
    const seen = inRoom(event);
    made.dropPoint(made.view.at(seen.x, seen.y), REACH.touch, label);
  }

  function key(event: KeyboardEvent) {
    const made = easel.current;
    if (!made || event.ctrlKey || event.metaKey) return;
    const box = room.current?.getBoundingClientRect();
    const at = cursor ?? { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 };
    const far = event.shiftKey ? STEP * 5 : STEP;
    const ways: Record<string, [number, number]> = {
      ArrowLeft: [-far, 0],
      ArrowRight: [far, 0],
      ArrowUp: [0, -far],
      ArrowDown: [0, far],
    };
    const way = ways[event.key];
    if (way) {
      event.preventDefault();
      if (tool === "hand") made.pan(-way[0], -way[1]);
      else setCursor({ x: at.x + way[0], y: at.y + way[1] });
      return;
    }
    const point = made.view.at(at.x, at.y);
    if (tool === "path" && (event.key === "Delete" || event.key === "Backspace")) {
      event.preventDefault();
      if (!made.dropPoint(point, REACH.other, label)) made.shorten(label);
      return;
    }
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    setCursor(at);
    if (tool === "select") onSelect(point);
    else if (tool === "path") {
      made.trace(point);
      made.endTrace(label);
    } else if (tool !== "hand") {
      paint(point, point);
      made.endStroke();
    }
  }

  const across = CURSORS[tool] ?? size * (easel.current?.view.scale ?? 1);
  return (
    <div
      ref={room}
      className="easel"
      data-tool={tool}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys paint here, too
      tabIndex={0}
      aria-label={t("Picture: arrow keys move the brush, space paints")}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onPointerLeave={() => last.current || setCursor(undefined)}
      onDoubleClick={takePoint}
      onKeyDown={key}
      onContextMenu={(event) => event.preventDefault()}
    >
      <canvas ref={base} />
      <canvas ref={over} />
      <canvas ref={lines} />
      {cursor && tool !== "hand" && (
        <span
          className="brush-cursor"
          style={{
            width: across,
            height: across,
            transform: `translate(${cursor.x}px, ${cursor.y}px) translate(-50%, -50%)`,
            borderColor: tool === "erase" ? "#fff" : css(label),
          }}
        />
      )}
    </div>
  );
}
