import type { Task } from "../../api/types";
import { Acts } from "./Acts";
import { Facts } from "./Facts";
import { Result } from "./Result";

/** A task as it stands: its progress while it runs, its video or error once it has ended. */
export function TaskView({ task, onChange }: { task: Task; onChange: () => void }) {
  return (
    <div className="task-view">
      <Result task={task} />
      <Acts task={task} onChange={onChange} />
      <Facts task={task} />
    </div>
  );
}
