import { useEffect, useRef, useState } from "react";
import { isOver } from "../../api/tasks";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { announcement } from "../../parts/task/words";

/** Says aloud which tasks have ended while somebody looks at the gallery, and nothing else. */
export function Endings({ tasks }: { tasks: Task[] }) {
  const { t } = useWords();
  const before = useRef(new Set<string>());
  const [said, setSaid] = useState("");
  useEffect(() => {
    const ended = tasks.filter((task) => isOver(task) && before.current.has(task.id));
    before.current = new Set(tasks.filter((task) => !isOver(task)).map((task) => task.id));
    if (!ended.length) return;
    const words = ended.map((task) =>
      t("{model}: {state}", { model: task.model, state: announcement(task, t) }),
    );
    setSaid(words.join("; "));
  }, [tasks, t]);
  return (
    <p className="visually-hidden" role="status">
      {said}
    </p>
  );
}
