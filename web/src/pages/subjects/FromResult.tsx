import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { Spec, Task } from "../../api/types";
import { useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";
import { hold } from "../../lib/media";
import { videoOf } from "../../lib/results";
import { Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { spoken } from "../../parts/names";
import { Choose } from "./Choose";
import { Crop } from "./Crop";
import { slotsOf } from "./slots";

/** Pictures of a subject that are cut out of frames of what was made here. */
export function FromResult({ spec }: { spec: Spec }) {
  const { t } = useWords();
  const draft = useDraft();
  const [open, setOpen] = useState(false);
  const [task, setTask] = useState<Task>();
  const [wanted, setWanted] = useState("");
  const [said, setSaid] = useState("");
  const slots = slotsOf(spec, draft.params);
  const slot = slots.find((each) => each.name === wanted) ?? slots[0];
  const url = task && videoOf(task);

  async function use(picture: Blob) {
    if (!slot || !task) return;
    const token = draft.keep(await hold(picture, `${task.id}.png`));
    draft.replace(slot.put(token));
    setWanted("");
    setSaid(t("Taken as {name}.", { name: t(spoken(slot.name)) }));
  }

  return (
    <div className="from-result">
      <Button
        variant="default"
        leftSection={<Icon name="crop" size={16} />}
        onClick={() => {
          setSaid("");
          setOpen(true);
        }}
      >
        {t("Cut pictures out of a result")}
      </Button>
      <Dialog
        about={open || undefined}
        onClose={() => setOpen(false)}
        title={() => t("Cut pictures out of a result")}
        size="min(980px, 96vw)"
      >
        {() => (
          <div className="cropping">
            {!task || !url ? (
              <Choose onChoose={setTask} />
            ) : (
              <>
                <div className="cropping-head">
                  <Button
                    variant="default"
                    size="compact-sm"
                    leftSection={<Icon name="left" size={16} />}
                    onClick={() => setTask(undefined)}
                  >
                    {t("Another result")}
                  </Button>
                  {slots.length > 0 && (
                    <NativeSelect
                      size="xs"
                      aria-label={t("What the picture is for")}
                      data={slots.map(({ name }) => ({ value: name, label: t(spoken(name)) }))}
                      value={slot?.name ?? ""}
                      onChange={(event) => setWanted(event.currentTarget.value)}
                    />
                  )}
                </div>
                <Crop
                  key={task.id}
                  url={url}
                  fps={Number(task.metadata.fps) || 24}
                  limits={slot?.limits ?? {}}
                  full={!slot}
                  onUse={use}
                />
              </>
            )}
            <p role="status" className="small">
              {said}
            </p>
            {said && (
              <Button onClick={() => setOpen(false)} className="cropping-done">
                {t("Done")}
              </Button>
            )}
          </div>
        )}
      </Dialog>
    </div>
  );
}
