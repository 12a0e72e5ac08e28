import { type ReactNode, useRef } from "react";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { Acts } from "./Acts";
import { Facts } from "./Facts";
import { Onward } from "./Onward";
import { Result } from "./Result";
import { MakeSeeds, SeedGrid, useSeeds } from "./Seeds";
import { Shared, ShareLink, useShare } from "./ShareLink";
import { useTitle } from "./useTitle";
import { announcement } from "./words";

interface Props {
  task: Task;
  onChange: () => void;
  /** What else can be done with it here. */
  children?: ReactNode;
}

/** A task as it stands: its progress while it runs, its video or error once it has ended. */
export function TaskView({ task, onChange, children }: Props) {
  const { t } = useWords();
  useTitle(task, announcement(task, t));
  const video = useRef<HTMLVideoElement>(null);
  const sharing = useShare(task);
  const seeds = useSeeds(task);
  return (
    <div className="task-view">
      {/* Failures are alerts, which are said aloud anyway. */}
      <p className="visually-hidden" role="status">
        {task.status !== "failed" && announcement(task, t)}
      </p>
      <Result task={task} video={video} />
      <Acts task={task} onChange={onChange}>
        <ShareLink sharing={sharing} />
        {children}
      </Acts>
      <Shared sharing={sharing} />
      <Onward task={task} video={video}>
        <MakeSeeds seeds={seeds} />
      </Onward>
      <SeedGrid seeds={seeds} />
      <Facts task={task} />
    </div>
  );
}
