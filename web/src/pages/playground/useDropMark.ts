import { type DragEvent, useState } from "react";

/** Marks a place while files are dragged over it: they may be dropped anywhere on it. */
export function useDropMark() {
  const [over, setOver] = useState(false);
  return {
    "data-over": over || undefined,
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      // Whatever takes no file must not have the browser leave the page for it.
      if (event.dataTransfer.types.includes("Files")) event.preventDefault();
      setOver(false);
    },
  };
}
