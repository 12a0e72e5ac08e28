import { CloseButton, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useWords } from "../../i18n";
import { Icon } from "../../parts/Icon";

/** Milliseconds after the last letter. */
const PAUSE_MS = 250;

interface Props {
  value: string;
  onChange: (value: string) => void;
}

/** Finds tasks by words of their prompts, while somebody types. */
export function Search({ value, onChange }: Props) {
  const { t } = useWords();
  const [text, setText] = useState(value);
  const timer = useRef(0);
  const said = useRef(value);

  useEffect(() => {
    // The address has changed in another way, such as by going back.
    if (value !== said.current) setText(value);
    said.current = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const say = (next: string, wait: number) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      said.current = next.trim();
      onChange(said.current);
    }, wait);
  };
  return (
    <TextInput
      className="gallery-search"
      type="search"
      aria-label={t("Search")}
      placeholder={t("Words of a prompt, or an id")}
      maxLength={200}
      value={text}
      onChange={(event) => say(event.currentTarget.value, PAUSE_MS)}
      onKeyDown={(event) => {
        if (event.key === "Enter") say(text, 0);
        if (event.key === "Escape" && text) say("", 0);
      }}
      leftSection={<Icon name="search" size={16} />}
      rightSection={
        text ? <CloseButton size="sm" aria-label={t("Clear")} onClick={() => say("", 0)} /> : null
      }
    />
  );
}
