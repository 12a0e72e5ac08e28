import { Button, Loader, NativeSelect, Title } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { useModels } from "../../api/specs";
import { useWords } from "../../i18n";
import { byKind } from "../../lib/kinds";
import { Icon } from "../../parts/Icon";
import { spoken } from "../../parts/names";
import { useQuery } from "../../parts/useQuery";
import { Beside } from "./Beside";
import { Endings } from "./Endings";
import { INSIDE, keptPlace, openedInside, useKeptPlace } from "./place";
import { Search } from "./Search";
import { SelectionBar } from "./SelectionBar";
import { TaskDialog } from "./TaskDialog";
import { Tile } from "./Tile";
import { type Favourites, useFavourites, useFavouriteTasks } from "./useFavourites";
import { useFilters, useGalleryPath } from "./useFilters";
import { useGallery } from "./useGallery";
import { useSelection } from "./useSelection";

/** All tasks of the account, the newest first. */
export default function Gallery({ id }: { id: string | undefined }) {
  const { t } = useWords();
  const chosen = useFilters();
  const { filters, favourites: only } = chosen;
  const place = useRef(keptPlace());
  const favourites = useFavourites();
  const everything = useGallery(filters, place.current?.count);
  const liked = useFavouriteTasks(only, favourites, filters);
  const shown = only ? liked : everything;
  const { tasks, more, loading, loadMore, trouble, refresh } = shown;
  const selection = useSelection(tasks ?? []);
  const path = useGalleryPath();
  const count = tasks?.length ?? 0;

  useKeptPlace(count);
  const ready = !!tasks && !(everything.returning && !only);
  useEffect(() => {
    // Back in the history: to where somebody was, once as much is there as then.
    if (ready && place.current) scrollTo(0, place.current.y);
    if (ready) place.current = undefined;
  }, [ready]);

  return (
    <div className="page">
      <header className="page-head">
        <Title order={1}>{t("Gallery")}</Title>
        <Filtering
          chosen={chosen}
          onSelect={!selection.on && count ? selection.start : undefined}
        />
      </header>
      {selection.on && (
        <SelectionBar
          selection={selection}
          tasks={tasks ?? []}
          favourites={favourites}
          onDone={refresh}
        />
      )}
      {trouble && <p className="field-error">{trouble}</p>}
      {tasks && !count && <Empty filtered={chosen.some} favourites={only} />}
      {tasks && !id && <Endings tasks={tasks} />}
      <ul className="tiles" data-selecting={selection.on || undefined}>
        {tasks?.map((task) => (
          <Tile
            key={task.id}
            task={task}
            href={path(task.id)}
            chosen={selection.on ? selection.ids.has(task.id) : undefined}
            favourite={favourites.has(task.id)}
            onChoose={selection.choose}
            onFavour={favourites.toggle}
          />
        ))}
      </ul>
      {!tasks && (
        <div className="waiting">
          <Loader size="sm" role="status" aria-label={t("Loading")} />
        </div>
      )}
      {more && (
        <div className="centre">
          <Button variant="default" loading={loading} onClick={loadMore}>
            {t("Show more")}
          </Button>
        </div>
      )}
      <Dialogs id={id} tasks={tasks} favourites={favourites} onChange={refresh} />
    </div>
  );
}

interface FilteringProps {
  chosen: ReturnType<typeof useFilters>;
  /** Begins to choose tasks; undefined where there are none, or it has begun. */
  onSelect: (() => void) | undefined;
}

function Filtering({ chosen, onSelect }: FilteringProps) {
  const { t } = useWords();
  const { models } = useModels();
  const { filters, favourites } = chosen;
  return (
    <search className="filters">
      <Search value={filters.q ?? ""} onChange={chosen.setQ} />
      <NativeSelect
        aria-label={t("Status")}
        value={filters.state}
        onChange={(event) => chosen.setState(event.currentTarget.value)}
        data={[
          { value: "", label: t("Every status") },
          { value: "queued", label: t("Waiting") },
          { value: "rendering", label: t("Rendering") },
          { value: "completed", label: t("Finished") },
          { value: "failed", label: t("Failed") },
        ]}
      />
      <NativeSelect
        className="gallery-model"
        aria-label={t("Model")}
        value={filters.model}
        onChange={(event) => chosen.setModel(event.currentTarget.value)}
        data={[
          { value: "", label: t("Every model") },
          ...byKind(models).map((kind) => ({
            group: t(spoken(kind.type)),
            items: kind.models.map((each) => ({ value: each.id, label: each.name })),
          })),
        ]}
      />
      <Button
        variant="default"
        aria-pressed={favourites}
        className="only-favourites"
        leftSection={<Icon name="star" size={16} />}
        onClick={() => chosen.setFavourites(!favourites)}
      >
        {t("Favourites")}
      </Button>
      {onSelect && (
        <Button variant="default" onClick={onSelect}>
          {t("Select")}
        </Button>
      )}
    </search>
  );
}

interface DialogsProps {
  id: string | undefined;
  tasks: Parameters<typeof TaskDialog>[0]["tasks"] | undefined;
  favourites: Favourites;
  onChange: () => void;
}

/** What opens over the gallery: a task, or two side by side. */
function Dialogs({ id, tasks = [], favourites, onChange }: DialogsProps) {
  const [, go] = useLocation();
  const path = useGalleryPath();
  const [beside] = useQuery("beside");
  // Back to the gallery as it was left; what was opened by its link has no gallery behind it.
  const close = () => (openedInside() ? history.back() : go(path(), { replace: true }));
  return (
    <>
      <TaskDialog
        id={id}
        tasks={tasks}
        favourites={favourites}
        onChange={onChange}
        onClose={close}
        onStep={(next) =>
          go(path(next), { replace: true, ...(openedInside() ? { state: INSIDE } : {}) })
        }
      />
      <Beside pair={id ? "" : beside} onClose={close} />
    </>
  );
}

function Empty({ filtered, favourites }: { filtered: boolean; favourites: boolean }) {
  const { t } = useWords();
  const [, go] = useLocation();
  const words = favourites
    ? t("No favourite is like that. The star on a video makes it one.")
    : filtered
      ? t("No task is like that.")
      : t("Nothing has been made yet.");
  return (
    <div className="stage-empty">
      <Icon name={favourites ? "star" : "gallery"} size={34} />
      <p>{words}</p>
      {!filtered && <Button onClick={() => go("/play")}>{t("Make the first video")}</Button>}
    </div>
  );
}
