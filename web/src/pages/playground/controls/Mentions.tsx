import { Button } from "@mantine/core";
import { useWords } from "../../../i18n";
import { useDraft } from "../../../lib/draft";
import { mentionsFor } from "../../../lib/mentions";
import { useForm } from "../FormContext";

interface Props {
  /** JSON path of the text, as rules write it. */
  path: string;
  text: string;
  disabled?: boolean | undefined;
  onChange: (text: string) => void;
}

/** What the text can call by number: a click puts it at its end. */
export function Mentions({ path, text, disabled, onChange }: Props) {
  const { t } = useWords();
  const { spec } = useForm();
  const names: Record<string, string> = {
    image: t("Picture"),
    element: t("Subject"),
    video: t("Video"),
  };
  const calledIn = (mention: string) => {
    const [, list = "", number = ""] = mention.match(/<<<(\w+)_(\d+)>>>/) ?? [];
    return `${names[list] ?? list} ${number}`;
  };
  const mentions = mentionsFor(spec, useDraft().params, path);
  if (!mentions.length) return null;
  return (
    <div className="cast">
      {mentions.map((mention) => (
        <Button
          key={mention}
          size="compact-xs"
          variant={text.includes(mention) ? "light" : "default"}
          disabled={disabled ?? false}
          aria-label={t("Call {name}", { name: calledIn(mention) })}
          onClick={() => onChange(`${text.trimEnd()} ${mention}`.trim())}
        >
          {calledIn(mention)}
        </Button>
      ))}
    </div>
  );
}
