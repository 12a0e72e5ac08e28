import { useNewest } from "../../api/tasks";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { seconds } from "../../lib/media";
import { videoOf } from "../../lib/results";
import { Thumbnail } from "../../parts/Thumbnail";
import { useNear } from "../../parts/useNear";
import { When } from "../../parts/When";

const SHOWN = 60;
const FINISHED = { state: "completed", model: "" };

/** The newest videos that were made, to choose one from. */
export function Choose({ onChoose }: { onChoose: (task: Task) => void }) {
  const { t } = useWords();
  const { data } = useNewest(FINISHED, SHOWN);
  const videos = data?.tasks.filter(videoOf);
  if (videos && !videos.length) return <p>{t("There is no finished video yet.")}</p>;
  return (
    <>
      <p className="dim small">{t("Choose the video in which the subject is seen best.")}</p>
      <div className="video-choices cropping-choices">
        {videos?.map((task) => (
          <Video key={task.id} task={task} onChoose={() => onChoose(task)} />
        ))}
      </div>
    </>
  );
}

function Video({ task, onChoose }: { task: Task; onChoose: () => void }) {
  const { t } = useWords();
  const { ref, near } = useNear<HTMLButtonElement>();
  const url = videoOf(task);
  const length = Number(task.metadata.duration);
  return (
    <button
      ref={ref}
      type="button"
      className="video-choice"
      title={task.id}
      aria-label={t("Video {id}", { id: task.id })}
      onClick={onChoose}
    >
      <span className="video-choice-picture">{url && near && <Thumbnail url={url} />}</span>
      <span className="video-choice-words">
        {length > 0 && `${seconds(length)} · `}
        <When at={task.created_at} />
      </span>
    </button>
  );
}
