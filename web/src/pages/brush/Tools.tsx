import { ActionIcon, Slider, Tooltip } from "@mantine/core";
import { useWords } from "../../i18n";
import { Icon, type IconName } from "../../parts/Icon";
import type { Easel, Tool } from "./Easel";

interface Props {
  easel: Easel | null;
  tool: Tool;
  onTool: (tool: Tool) => void;
  size: number;
  onSize: (size: number) => void;
  largest: number;
  /** How different in colour the parts of a thing may be that is selected by a click. */
  tolerance: number;
  onTolerance: (tolerance: number) => void;
  onHelp: () => void;
}

const TOOLS: { tool: Tool; name: string; icon: IconName; key: string }[] = [
  { tool: "brush", name: "Brush", icon: "brush", key: "B" },
  { tool: "select", name: "Smart select", icon: "wand", key: "W" },
  { tool: "erase", name: "Eraser", icon: "eraser", key: "E" },
  { tool: "path", name: "Path", icon: "path", key: "T" },
  { tool: "hand", name: "Move the view", icon: "hand", key: "H" },
];

/** Of tolerance, in Lab: from one flat colour to nearly everything up to the next edge. */
const TOLERANCES = { min: 2, max: 80 };

export function Tools(props: Props) {
  const { easel, tool, onTool, size, onSize, largest, tolerance, onTolerance, onHelp } = props;
  const { t } = useWords();
  const act = (icon: IconName, name: string, run: () => void, disabled = false) => (
    <Tooltip label={name} position="right">
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={name}
        disabled={disabled}
        onClick={run}
      >
        <Icon name={icon} />
      </ActionIcon>
    </Tooltip>
  );
  return (
    <div className="studio-tools" role="toolbar" aria-label={t("Tools")}>
      {TOOLS.map((each) => (
        <Tooltip key={each.tool} label={`${t(each.name)} (${each.key})`} position="right">
          <ActionIcon
            variant={tool === each.tool ? "filled" : "subtle"}
            color={tool === each.tool ? "ember" : "gray"}
            size="lg"
            aria-label={t(each.name)}
            aria-pressed={tool === each.tool}
            aria-keyshortcuts={each.key}
            onClick={() => onTool(each.tool)}
          >
            <Icon name={each.icon} />
          </ActionIcon>
        </Tooltip>
      ))}
      <span className="tools-line" />
      {act("undo", t("Undo"), () => easel?.undo(), !easel?.canUndo)}
      {act("redo", t("Redo"), () => easel?.redo(), !easel?.canRedo)}
      <span className="tools-line" />
      {act("plus", t("Zoom in"), () => easel?.zoom(1.4))}
      {act("fit", t("Show the whole picture"), () => easel?.fit())}
      {act("help", t("Keys"), onHelp)}
      <div className="brush-size">
        <span className="small dim">
          {tool === "select" ? t("Range") : t("Size")} {tool === "select" ? tolerance : size}
        </span>
        {tool === "select" ? (
          <Slider
            {...TOLERANCES}
            value={tolerance}
            onChange={onTolerance}
            label={null}
            size="sm"
            thumbLabel={t("How different its colours may be")}
          />
        ) : (
          <Slider
            min={2}
            max={largest}
            value={size}
            onChange={onSize}
            label={null}
            size="sm"
            thumbLabel={t("Size of the brush")}
          />
        )}
      </div>
    </div>
  );
}
