import { useEffect, useRef } from "react";
import type { Kind } from "../../../../lib/media";

/** Pastes and drops that some field has taken already. */
const taken = new WeakSet<Event>();

/** Many systems know no type for what phones take. */
const isOne = (kind: Kind, file: File) =>
  file.type.startsWith(kind) || (kind === "image" && /\.(hei[cf]|avif|webp)$/i.test(file.name));

/**
 * Takes a file that is pasted or dropped anywhere on the page: the first empty field that takes
 * such files gets it.
 */
export function useLooseFile(kind: Kind, open: boolean, take: (file: File) => void): void {
  const latest = useRef({ open, take });
  latest.current = { open, take };
  useEffect(() => {
    const look = (event: Event, files: FileList | undefined) => {
      const file = [...(files ?? [])].find((each) => isOne(kind, each));
      if (!file || !latest.current.open || taken.has(event)) return;
      taken.add(event);
      event.preventDefault();
      latest.current.take(file);
    };
    const paste = (event: ClipboardEvent) => {
      const target = event.target as HTMLElement;
      // Text editors put a picture of the text beside the text; and fields take what is theirs.
      const text = event.clipboardData?.getData("text/plain");
      if ((/^(INPUT|TEXTAREA)$/.test(target.tagName) && text) || target.closest(".medium")) return;
      look(event, event.clipboardData?.files);
    };
    const drop = (event: DragEvent) => {
      if (!(event.target as HTMLElement).closest(".medium")) look(event, event.dataTransfer?.files);
    };
    window.addEventListener("paste", paste);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("paste", paste);
      window.removeEventListener("drop", drop);
    };
  }, [kind]);
}
