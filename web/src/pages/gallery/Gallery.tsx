import { Button, Loader, NativeSelect, Title } from "@mantine/core";
import { useLocation } from "wouter";
import { useSpecs } from "../../api/specs";
import { useWords } from "../../i18n";
import { byKind } from "../../lib/kinds";
import { Icon } from "../../parts/Icon";
import { spoken } from "../../parts/names";
import { Endings } from "./Endings";
import { SelectionBar } from "./SelectionBar";
import { TaskDialog } from "./TaskDialog";
import { Tile } from "./Tile";
import { useFilters } from "./useFilters";
import { useGallery } from "./useGallery";
import { useSelection } from "./useSelection";

/** All tasks of the account, the newest first. */
export default function Gallery({ id }: { id: string | undefined }) {
  const { t } = useWords();
  const { filters, setState, setModel } = useFilters();
  const { tasks, more, loading, loadMore, trouble, refresh } = useGallery(filters);
  const { specs } = useSpecs();
  const selection = useSelection(tasks ?? []);

  return (
    <div className="page">
      <header className="page-head">
        <Title order={1}>{t("Gallery")}</Title>
        <div className="filters">
          <NativeSelect
            aria-label={t("Status")}
            value={filters.state}
            onChange={(event) => setState(event.currentTarget.value)}
            data={[
              { value: "", label: t("Every status") },
              { value: "queued", label: t("Waiting") },
              { value: "rendering", label: t("Rendering") },
              { value: "completed", label: t("Finished") },
              { value: "failed", label: t("Failed") },
            ]}
          />
          <NativeSelect
            aria-label={t("Model")}
            value={filters.model}
            onChange={(event) => setModel(event.currentTarget.value)}
            data={[
              { value: "", label: t("Every model") },
              ...byKind(specs).map((kind) => ({
                group: t(spoken(kind.type)),
                items: kind.specs.map((spec) => ({ value: spec.model_id, label: spec.name })),
              })),
            ]}
          />
          {!selection.on && !!tasks?.length && (
            <Button variant="default" onClick={selection.start}>
              {t("Select")}
            </Button>
          )}
        </div>
      </header>
      {selection.on && <SelectionBar selection={selection} onDone={refresh} />}
      {trouble && <p className="field-error">{trouble}</p>}
      {tasks && !tasks.length && <Empty filtered={!!(filters.state || filters.model)} />}
      {tasks && !id && <Endings tasks={tasks} />}
      <ul className="tiles">
        {tasks?.map((task) => (
          <Tile key={task.id} task={task} selection={selection} />
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
      <TaskDialog id={id} tasks={tasks ?? []} onChange={refresh} />
    </div>
  );
}

function Empty({ filtered }: { filtered: boolean }) {
  const { t } = useWords();
  const [, go] = useLocation();
  return (
    <div className="stage-empty">
      <Icon name="gallery" size={34} />
      <p>{filtered ? t("No task is like that.") : t("Nothing has been made yet.")}</p>
      {!filtered && <Button onClick={() => go("/play")}>{t("Make the first video")}</Button>}
    </div>
  );
}
