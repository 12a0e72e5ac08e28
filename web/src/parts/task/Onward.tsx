import { Button } from "@mantine/core";
import type { ReactNode, RefObject } from "react";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { Icon } from "../Icon";
import { useOnward } from "./useOnward";

interface Props {
  task: Task;
  video: RefObject<HTMLVideoElement | null>;
  /** Ways that this page knows beside those of the models. */
  children?: ReactNode;
}

/** From a result to the next: what can be made of a task's video. */
export function Onward({ task, video, children }: Props) {
  const { t } = useWords();
  const { ways, busy, trouble } = useOnward(task, video);
  if (!ways.length) return null;
  return (
    <section className="onward" aria-label={t("Go on with it")}>
      <p className="onward-title">{t("Go on with it")}</p>
      <div className="onward-ways">
        {ways.map((way) => (
          <Button
            key={way.name}
            size="sm"
            variant="default"
            title={way.about}
            disabled={busy}
            leftSection={<Icon name={way.icon} size={16} />}
            onClick={() => void way.go()}
          >
            {way.name}
          </Button>
        ))}
        {children}
      </div>
      {trouble && (
        <p className="field-error" role="alert">
          {trouble}
        </p>
      )}
    </section>
  );
}
