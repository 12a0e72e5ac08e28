import { Button, Menu } from "@mantine/core";
import { useLocation } from "wouter";
import { useSpecs } from "../../api/specs";
import type { Task } from "../../api/types";
import { useWords } from "../../i18n";
import { swapDraft } from "../../lib/draft";
import { onwardFrom } from "../../lib/results";
import { Icon } from "../Icon";

/** The models that go on from a task's video: to make it longer, say, or to find faces in it. */
export function Onward({ task }: { task: Task }) {
  const { t } = useWords();
  const [, go] = useLocation();
  const ways = onwardFrom(task, useSpecs().specs);
  if (!ways.length) return null;
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button size="sm" variant="default" leftSection={<Icon name="right" size={16} />}>
          {t("Go on with it")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {ways.map(({ spec, parameter }) => (
          <Menu.Item
            key={spec.model_id}
            onClick={async () => {
              await swapDraft(spec.model_id, { [parameter.name]: task.id });
              go(`/play/${spec.model_id}?task=${task.id}`);
            }}
          >
            {spec.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
