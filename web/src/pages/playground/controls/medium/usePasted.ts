import { useEffect, useRef } from "react";
import type { Kind } from "../../../../lib/media";

/**
 * Takes a file that is pasted anywhere on the page, unless somebody else has taken it: the first
 * empty field that takes such files gets it.
 */
export function usePasted(kind: Kind, open: boolean, take: (file: File) => void): void {
  const latest = useRef({ open, take });
  latest.current = { open, take };
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const file = [...(event.clipboardData?.files ?? [])].find((f) => f.type.startsWith(kind));
      const target = event.target as HTMLElement;
      if (!file || !latest.current.open || event.defaultPrevented) return;
      // Text editors put a picture of the text beside the text.
      if (/^(INPUT|TEXTAREA)$/.test(target.tagName)) return;
      event.preventDefault();
      latest.current.take(file);
    };
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, [kind]);
}
