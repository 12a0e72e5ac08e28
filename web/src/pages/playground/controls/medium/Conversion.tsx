import { Button } from "@mantine/core";
import { useWords } from "../../../../i18n";
import type { Held } from "../../../../lib/media";
import { Icon } from "../../../../parts/Icon";
import { conversionWords } from "./words";

interface Props {
  held: Held;
  /** Takes the file anew, as it is or made ready. */
  onTake: (file: Blob, asIs: boolean) => void;
}

/** What the browser did to a picture so that it can be sent, and the way back. */
export function Conversion({ held, onTake }: Props) {
  const { t } = useWords();
  const { conversion, asIs, blob } = held;
  if (conversion) {
    return (
      <p className="conversion" role="status">
        <Icon name="check" size={15} />
        <span>{conversionWords(conversion, held, t)}</span>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => onTake(conversion.original, true)}
        >
          {t("Send the original as it is")}
        </Button>
      </p>
    );
  }
  if (!asIs || !blob) return null;
  return (
    <p className="conversion" role="status">
      <span>{t("It is sent as it is.")}</span>
      <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onTake(blob, false)}>
        {t("Make it ready")}
      </Button>
    </p>
  );
}
