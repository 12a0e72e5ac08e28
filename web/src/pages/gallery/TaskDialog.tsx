import { ActionIcon } from "@mantine/core";
import type { KeyboardEvent } from "react";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { TaskPanel } from "./TaskPanel";
import type { Favourites } from "./useFavourites";

interface Props {
  id: string | undefined;
  tasks: Task[];
  favourites: Favourites;
  onChange: () => void;
  onClose: () => void;
  /** Shows the task beside it. */
  onStep: (id: string) => void;
}

/** One task over the gallery, with the way to those beside it. */
export function TaskDialog({ id, tasks, favourites, onChange, onClose, onStep }: Props) {
  const { t } = useWords();
  const at = tasks.findIndex((task) => task.id === id);
  const newer = at > 0 ? tasks[at - 1]?.id : undefined;
  const older = at >= 0 ? tasks[at + 1]?.id : undefined;
  const show = (next: string | undefined) => next && onStep(next);

  function onKey(event: KeyboardEvent<HTMLElement>) {
    const target = event.target as HTMLElement;
    // Arrow keys move sliders, and scroll what scrolls.
    if (target.getAttribute("role") === "slider" || target.tagName === "PRE") return;
    // The player has dealt with it already.
    if (event.defaultPrevented) return;
    // The dialog's own buttons are pressed by the space bar only where somebody went to them.
    if (event.key === " " && !target.closest("button, a, input, select, textarea, summary")) {
      event.preventDefault();
      toggle(event.currentTarget.querySelector("video"));
    }
    if (event.key === "ArrowLeft") show(newer);
    if (event.key === "ArrowRight") show(older);
  }
  const promptOf = (shown: string) =>
    tasks.find((task) => task.id === shown)?.metadata.prompt || undefined;
  const step = (next: string | undefined, icon: "left" | "right", name: string) => (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={name}
      title={name}
      disabled={!next}
      onClick={() => show(next)}
    >
      <Icon name={icon} />
    </ActionIcon>
  );
  return (
    <Dialog
      about={id}
      onClose={onClose}
      onKeyDown={onKey}
      size="min(1100px, 96vw)"
      title={(shown) => (
        <span className="task-title">
          <span className="task-title-words">{promptOf(shown) ?? t("Task")}</span>
          {step(newer, "left", t("Newer task"))}
          {step(older, "right", t("Older task"))}
        </span>
      )}
      centered
    >
      {(shown) => (
        // The focus begins here, not on the button that closes.
        <div data-autofocus tabIndex={-1} className="task-focus">
          {/* A task that was deleted is not read again while the dialog fades. */}
          {id && (
            <TaskPanel
              key={shown}
              id={shown}
              favourites={favourites}
              onChange={onChange}
              onGone={onClose}
            />
          )}
        </div>
      )}
    </Dialog>
  );
}

function toggle(video: HTMLVideoElement | null): void {
  if (video?.paused) void video.play().catch(() => undefined);
  else video?.pause();
}
