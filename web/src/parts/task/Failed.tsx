import { Alert } from "@mantine/core";
import { usePaid } from "../../api/billing";
import { useSpec } from "../../api/specs";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { reasonOf } from "../../lib/failures";
import { Icon } from "../Icon";

/** Why there is no video: one sentence for everybody, then what the server says of it. */
export function Failed({ task }: { task: Task }) {
  const { t } = useWords();
  const paid = usePaid();
  const { code = "", message = "" } = task.error ?? {};
  const reason = reasonOf(useSpec(task.model), code) ?? "The video could not be made.";
  if (code === "task_cancelled")
    return <Alert color="gray" icon={<Icon name="stop" />} title={t("Cancelled")} />;
  return (
    <Alert color="red" icon={<Icon name="alert" />} title={t(reason)}>
      {paid && <p>{t("It costs nothing.")}</p>}
      {/* The server speaks English alone. */}
      <p className="dim small" lang="en">
        {message} <code>{code}</code>
      </p>
    </Alert>
  );
}
