import { Popover } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../i18n";
import { CAMERA, has, type Preset, STYLE, toggled } from "../../lib/presets";
import { Icon, type IconName } from "../../parts/Icon";

interface Props {
  text: string;
  onChange: (text: string) => void;
}

/** Camera moves and styles: a click says one in the prompt, another takes its words out again. */
export function PresetBar({ text, onChange }: Props) {
  const { t, language } = useWords();
  const toggle = (preset: Preset) => onChange(toggled(text, preset, language));
  const on = [...CAMERA, ...STYLE].filter((preset) => has(text, preset));
  return (
    <div className="presets">
      <Presets name={t("Camera")} icon="film" presets={CAMERA} text={text} onToggle={toggle} />
      <Presets name={t("Style")} icon="brush" presets={STYLE} text={text} onToggle={toggle} />
      {on.map((preset) => (
        <button
          key={preset.is}
          type="button"
          className="chip preset-on"
          aria-label={t("Remove {name}", { name: t(preset.label) })}
          onClick={() => toggle(preset)}
        >
          {begun(t(preset.label))}
          <Icon name="close" size={12} />
        </button>
      ))}
    </div>
  );
}

interface PresetsProps {
  name: string;
  icon: IconName;
  presets: Preset[];
  text: string;
  onToggle: (preset: Preset) => void;
}

function Presets({ name, icon, presets, text, onToggle }: PresetsProps) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-start"
      shadow="md"
      withinPortal={false}
      trapFocus
      returnFocus
      width={320}
    >
      <Popover.Target>
        <button type="button" className="chip" onClick={() => setOpen((before) => !before)}>
          <Icon name={icon} size={14} />
          {name}
          <Icon name="down" size={12} />
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={name} className="chip-panel">
        <div className="choices">
          {presets.map((preset) => (
            <button
              key={preset.is}
              type="button"
              className="choice"
              aria-pressed={has(text, preset)}
              onClick={() => onToggle(preset)}
            >
              {begun(t(preset.label))}
            </button>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function begun(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
