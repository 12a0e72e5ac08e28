import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTask } from "../../api/tasks";
import { useWords } from "../../i18n";
import { Icon } from "../../parts/Icon";
import { TaskView } from "../../parts/task/TaskView";

interface Props {
  id: string;
  /** What the video begins with: seen while it is made. */
  picture: HTMLImageElement;
  onBack: () => void;
}

/** What came of the masks, where they were painted. */
export function Made({ id, picture, onBack }: Props) {
  const { t } = useWords();
  const { data: task, refresh } = useTask(id);
  const room = useRef<HTMLElement>(null);
  // On a phone it is above what was just pressed.
  useEffect(() => {
    room.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <section ref={room} className="studio-made" aria-label={t("Result")}>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<Icon name="left" size={16} />}
        onClick={onBack}
      >
        {t("Back to the picture")}
      </Button>
      {!task && <img className="studio-begins" src={picture.src} alt="" />}
      {task && <TaskView task={task} onChange={refresh} />}
    </section>
  );
}
