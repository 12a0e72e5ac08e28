import { Button } from "@mantine/core";
import { useRemoveTasks } from "../../api/tasks";
import { useWords } from "../../i18n";
import { Confirm } from "../../parts/Confirm";
import { Icon } from "../../parts/Icon";
import { useRemoval } from "../../parts/useRemoval";
import type { Selection } from "./useSelection";

/** What can be done with the tasks that are chosen. */
export function SelectionBar({ selection, onDone }: { selection: Selection; onDone: () => void }) {
  const { t } = useWords();
  const { chosen, possible } = selection;
  const removal = useRemoval(useRemoveTasks(), onDone);
  const all = chosen.length === possible.length;
  return (
    <div className="selection" role="toolbar" aria-label={t("Selection")}>
      <span role="status">{t("{n} selected", { n: chosen.length })}</span>
      <Button
        size="compact-sm"
        variant="default"
        disabled={!possible.length}
        onClick={() => selection.put(all ? [] : possible)}
      >
        {all && possible.length ? t("Select none") : t("Select all that have ended")}
      </Button>
      <Button
        size="compact-sm"
        className="danger"
        disabled={!chosen.length}
        loading={removal.busy}
        leftSection={<Icon name="trash" size={14} />}
        onClick={() => removal.ask(chosen)}
      >
        {t("Delete")}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={selection.stop}>
        {t("Done")}
      </Button>
      {removal.trouble && <p className="field-error">{removal.trouble}</p>}
      <Confirm
        removal={removal}
        title={(ids) =>
          ids.length === 1 ? t("Delete this task?") : t("Delete {n} tasks?", { n: ids.length })
        }
        act={t("Delete")}
      >
        {t("Videos and parameters are removed from the server. This cannot be undone.")}
      </Confirm>
    </div>
  );
}
