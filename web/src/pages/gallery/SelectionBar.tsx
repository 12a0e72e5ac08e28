import * as routes from "@kirin/client/routes";
import { Button } from "@mantine/core";
import { useLocation } from "wouter";
import { useSession } from "../../api/session";
import { isOver, useCancelTasks, useRemoveTasks } from "../../api/tasks";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { Confirm } from "../../parts/Confirm";
import { Icon } from "../../parts/Icon";
import { useAct } from "../../parts/useAct";
import { useRemoval } from "../../parts/useRemoval";
import { videoOf } from "./Picture";
import { INSIDE } from "./place";
import type { Favourites } from "./useFavourites";
import { useGalleryPath } from "./useFilters";
import type { Selection } from "./useSelection";

/** Videos that go into one zip. */
const MOST_ZIPPED = 100;

interface Props {
  selection: Selection;
  tasks: Task[];
  favourites: Favourites;
  onDone: () => void;
}

/** What can be done with the tasks that are chosen. */
export function SelectionBar({ selection, tasks, favourites, onDone }: Props) {
  const { t } = useWords();
  const { chosen } = selection;
  const ended = chosen.filter(isOver).map(({ id }) => id);
  const going = chosen.filter((task) => !isOver(task)).map(({ id }) => id);
  const removal = useRemoval(useRemoveTasks(), onDone);
  const cancelling = useRemoval(useCancelTasks(), onDone);
  const all = !!tasks.length && chosen.length === tasks.length;
  const liked = !!chosen.length && chosen.every(({ id }) => favourites.has(id));
  return (
    <div className="selection" role="toolbar" aria-label={t("Selection")}>
      <span role="status">{t("{n} selected", { n: chosen.length })}</span>
      <Button
        size="compact-sm"
        variant="default"
        disabled={!tasks.length}
        onClick={() => selection.put(all ? [] : tasks.map(({ id }) => id))}
      >
        {all ? t("Select none") : t("Select all")}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={!chosen.length}
        leftSection={<Icon name="star" size={14} />}
        onClick={() =>
          liked ? favourites.drop(chosen.map(({ id }) => id)) : favourites.add(chosen)
        }
      >
        {liked ? t("No favourites any more") : t("Favourites")}
      </Button>
      <Together chosen={chosen} />
      {!!going.length && (
        <Button
          size="compact-sm"
          variant="default"
          loading={cancelling.busy}
          leftSection={<Icon name="stop" size={14} />}
          onClick={() => cancelling.ask(going)}
        >
          {t("Cancel {n}", { n: going.length })}
        </Button>
      )}
      <Button
        size="compact-sm"
        className="danger"
        disabled={!ended.length}
        loading={removal.busy}
        leftSection={<Icon name="trash" size={14} />}
        onClick={() => removal.ask(ended)}
      >
        {t("Delete")}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={selection.stop}>
        {t("Done")}
      </Button>
      {(removal.trouble || cancelling.trouble) && (
        <p className="field-error" role="alert">
          {removal.trouble || cancelling.trouble}
        </p>
      )}
      <Confirm
        removal={removal}
        title={(ids) =>
          ids.length === 1 ? t("Delete this task?") : t("Delete {n} tasks?", { n: ids.length })
        }
        act={t("Delete")}
      >
        {t("Videos and parameters are removed from the server. This cannot be undone.")}
      </Confirm>
      <Confirm
        removal={cancelling}
        title={(ids) =>
          ids.length === 1 ? t("Cancel this task?") : t("Cancel {n} tasks?", { n: ids.length })
        }
        act={t("Cancel them")}
      >
        {t("What they have rendered so far is lost. They cost nothing.")}
      </Confirm>
    </div>
  );
}

/** What takes the videos of the chosen tasks: one zip, or two of them side by side. */
function Together({ chosen }: { chosen: Task[] }) {
  const { t } = useWords();
  const { client } = useSession();
  const [, go] = useLocation();
  const path = useGalleryPath();
  const videos = chosen
    .filter((task) => videoOf(task) && !task.metadata.expired_at)
    .map(({ id }) => id);
  const zip = useAct(async () => {
    const { url } = await client.run(routes.zipLink({ taskIds: videos }));
    // A link, because the browser then writes to the disk what comes: nothing is held in memory.
    const { pathname, search } = new URL(url, location.href);
    const link = Object.assign(document.createElement("a"), { href: pathname + search });
    link.download = "";
    link.click();
  });
  const many = videos.length > MOST_ZIPPED;
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        disabled={!videos.length || many}
        loading={zip.busy}
        title={many ? t("At most {n} videos at a time.", { n: MOST_ZIPPED }) : undefined}
        leftSection={<Icon name="download" size={14} />}
        onClick={() => void zip.run()}
      >
        {videos.length ? t("Zip of {n}", { n: videos.length }) : t("Zip")}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        disabled={videos.length !== 2 || chosen.length !== 2}
        title={t("Choose two videos.")}
        leftSection={<Icon name="beside" size={14} />}
        onClick={() => go(path(undefined, videos), { state: INSIDE })}
      >
        {t("Side by side")}
      </Button>
      {zip.trouble && (
        <p className="field-error" role="alert">
          {zip.trouble}
        </p>
      )}
    </>
  );
}
