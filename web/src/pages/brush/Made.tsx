import { Button } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTask } from "../../api/tasks";
import { useWords } from "../../i18n";
import { Icon } from "../../parts/Icon";
import { TaskView } from "../../parts/task/TaskView";

/** What came of the masks, where they were painted. */
export function Made({ id, onBack }: { id: string; onBack: () => void }) {
  const { t } = useWords();
  const { data: task, refresh } = useTask(id);
  const room = useRef<HTMLElement>(null);
  // On a phone it is above what was just pressed.
  useEffect(() => room.current?.scrollIntoView({ block: "nearest" }), []);
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
      {task && <TaskView task={task} onChange={refresh} />}
    </section>
  );
}
