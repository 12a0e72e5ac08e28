import { ActionIcon, Button, CopyButton, Modal, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { messageOf } from "../../api/client";
import { useSession } from "../../api/session";
import { useSpecs } from "../../api/specs";
import { ELEMENTS, useSubjects } from "../../api/subjects";
import type { Subject } from "../../api/types";
import { useWords } from "../../i18n";
import { DraftProvider } from "../../lib/draft";
import { Icon } from "../../parts/Icon";
import { SubjectFace } from "../../parts/SubjectFace";
import { Workbench } from "../playground/Workbench";

/** The library of subjects: made once, shown by any model that takes them. */
export default function Subjects() {
  const { t } = useWords();
  const { specs } = useSpecs();
  const { client } = useSession();
  const { data, error, refresh } = useSubjects();
  const [making, making_] = useDisclosure(false);
  const [doomed, setDoomed] = useState<Subject>();
  const [trouble, setTrouble] = useState("");
  const spec = specs.find((each) => each.type === "element");

  async function remove(subject: Subject) {
    setTrouble("");
    try {
      await client.delete(`${ELEMENTS}/${subject.element_id}`);
    } catch (problem) {
      setTrouble(messageOf(problem));
    }
    setDoomed(undefined);
    refresh();
  }
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <Title order={1}>{t("Subjects")}</Title>
          <p className="dim small">
            {t("People, animals and things that your videos can show again.")}
          </p>
        </div>
        {spec && (
          <Button leftSection={<Icon name="plus" size={16} />} onClick={making_.open}>
            {t("New subject")}
          </Button>
        )}
      </header>
      {(trouble || !!error) && <p className="field-error">{trouble || messageOf(error)}</p>}
      {data && !data.elements.length && (
        <div className="stage-empty">
          <Icon name="subject" size={34} />
          <p>{t("There are no subjects yet.")}</p>
        </div>
      )}
      <ul className="subjects">
        {data?.elements.map((subject) => (
          <li key={subject.element_id} className="subject card">
            <SubjectFace subject={subject} />
            <div className="subject-words">
              <h2 className="plain">{subject.element_name}</h2>
              <p className="small dim">{subject.element_description}</p>
              <p className="small dim">
                {[subject.reference_type, ...subject.tag_list.map((tag) => tag.tag_id)].join(" · ")}
              </p>
              <div className="acts">
                <CopyButton value={String(subject.element_id)}>
                  {({ copied, copy }) => (
                    <Button size="compact-xs" variant="default" className="mono" onClick={copy}>
                      {copied ? t("Copied") : subject.element_id}
                    </Button>
                  )}
                </CopyButton>
                <ActionIcon
                  size="sm"
                  variant="subtle"
                  color="gray"
                  aria-label={t("Delete {name}", { name: subject.element_name })}
                  onClick={() => setDoomed(subject)}
                >
                  <Icon name="trash" size={16} />
                </ActionIcon>
              </div>
            </div>
          </li>
        ))}
      </ul>
      <Modal
        opened={making}
        onClose={() => {
          making_.close();
          refresh();
        }}
        title={t("New subject")}
        size="min(1200px, 96vw)"
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        {spec && (
          <DraftProvider model={spec.model_id}>
            <Workbench spec={spec} fresh />
          </DraftProvider>
        )}
      </Modal>
      <Modal
        opened={!!doomed}
        onClose={() => setDoomed(undefined)}
        title={t("Delete {name}?", { name: doomed?.element_name ?? "" })}
        closeButtonProps={{ "aria-label": t("Close") }}
        centered
      >
        <p className="small dim">{t("Tasks that use it already go on.")}</p>
        <div className="acts" style={{ marginTop: 16 }}>
          <Button className="danger" onClick={() => doomed && void remove(doomed)}>
            {t("Delete")}
          </Button>
          <Button variant="default" onClick={() => setDoomed(undefined)}>
            {t("Keep it")}
          </Button>
        </div>
      </Modal>
    </div>
  );
}
