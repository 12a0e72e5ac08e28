import { Kbd } from "@mantine/core";
import { useWords } from "../../i18n";
import { Dialog } from "../../parts/Dialog";

interface Entry {
  keys: string[];
  does: string;
}

interface Props {
  open: boolean;
  onClose: () => void;
}

/** What the keys, the mouse and fingers do in the motion brush. */
export function Legend({ open, onClose }: Props) {
  const { t } = useWords();
  const parts: { title: string; entries: Entry[] }[] = [
    {
      title: t("Tools"),
      entries: [
        { keys: ["B"], does: t("Brush") },
        { keys: ["W"], does: t("Smart select: paints the thing under a click") },
        { keys: ["E"], does: t("Eraser") },
        { keys: ["T"], does: t("Path") },
        { keys: ["H"], does: t("Move the view") },
        { keys: ["[", "]"], does: t("A smaller or larger brush") },
      ],
    },
    {
      title: t("Masks"),
      entries: [
        { keys: ["1", "…", "6"], does: t("The mask with this number") },
        { keys: ["0"], does: t("what must not move") },
        { keys: ["Ctrl", "Z"], does: t("Undo") },
        { keys: ["Ctrl", "Shift", "Z"], does: t("Redo") },
      ],
    },
    {
      title: t("Path"),
      entries: [
        { keys: [t("Drag")], does: t("On a point: moves it. Elsewhere: draws a new path.") },
        {
          keys: [t("Click")],
          does: t("On the line: a point there. Elsewhere: one more at the end."),
        },
        { keys: [t("Double click")], does: t("Removes a point") },
        { keys: ["Delete"], does: t("Removes the point here, or the last one") },
      ],
    },
    {
      title: t("View"),
      entries: [
        { keys: ["+", "-"], does: t("Zoom, as the wheel and two fingers do") },
        { keys: ["F"], does: t("Show the whole picture") },
        { keys: ["←", "↑", "→", "↓"], does: t("Move the brush; with Shift, further") },
        { keys: ["Space"], does: t("Paint, or put a point, where the brush is") },
        { keys: ["Ctrl", "Enter"], does: t("Generate") },
      ],
    },
  ];
  return (
    <Dialog
      about={open || undefined}
      onClose={onClose}
      title={() => t("Keys")}
      size="min(860px, 96vw)"
    >
      {() => (
        <div className="legend">
          {parts.map((part) => (
            <section key={part.title}>
              <h3>{part.title}</h3>
              <dl>
                {part.entries.map(({ keys, does }) => (
                  <div key={does}>
                    <dt>
                      {keys.map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </dt>
                    <dd>{does}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      )}
    </Dialog>
  );
}
