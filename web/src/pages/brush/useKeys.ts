import { type RefObject, useEffect, useRef } from "react";
import { MASKS, STATIC } from "../../lib/labels";
import type { Easel, Tool } from "./Easel";

interface Acts {
  easel: RefObject<Easel | null>;
  setTool: (tool: Tool) => void;
  choose: (label: number) => void;
  setSize: (change: (size: number) => number) => void;
  stop: () => void;
  help: () => void;
}

const TOOLS: Record<string, Tool> = { b: "brush", w: "select", e: "erase", t: "path", h: "hand" };

/** Keys of the whole page, except while somebody types into a field. */
export function useKeys(acts: Acts): void {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || event.altKey) return;
      // A dialog over the page has keys of its own.
      if (target.closest("[role=dialog]")) return;
      const { easel, setTool, choose, setSize, stop, help } = latest.current;
      const key = event.key.toLowerCase();
      if (event.ctrlKey || event.metaKey) {
        if (key === "z" || key === "y") {
          event.preventDefault();
          if (key === "y" || event.shiftKey) easel.current?.redo();
          else easel.current?.undo();
        }
        return;
      }
      const tool = TOOLS[key];
      const number = Number(key);
      if (tool) setTool(tool);
      else if (key === "0") choose(STATIC);
      else if (number >= 1 && number <= MASKS) choose(number);
      else if (key === "[") setSize((size) => Math.max(2, Math.round(size * 0.85)));
      else if (key === "]") setSize((size) => Math.round(size * 1.15) + 1);
      else if (key === "+" || key === "=") easel.current?.zoom(1.25);
      else if (key === "-") easel.current?.zoom(0.8);
      else if (key === "f") easel.current?.fit();
      else if (key === "?") help();
      else if (key === "escape") stop();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
