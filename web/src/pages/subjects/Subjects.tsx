import * as routes from "@kirin/client/routes";
import { ActionIcon, Button, CopyButton, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useLive } from "../../api/news";
import { useSession } from "../../api/session";
import { useSpecs } from "../../api/specs";
import { useSubjects } from "../../api/subjects";
import type { Subject } from "../../api/types";
import { useWords } from "../../i18n";
import { DraftProvider } from "../../lib/draft";
import { Confirm } from "../../parts/Confirm";
import { Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { SubjectFace } from "../../parts/SubjectFace";
import { useMessage } from "../../parts/useMessage";
import { useRemoval } from "../../parts/useRemoval";
import { Workbench } from "../playground/Workbench";
import { FromResult } from "./FromResult";

/** The library of subjects: made once, shown by any model that takes them. */
export default function Subjects() {
  const { t } = useWords();
  const { specs } = useSpecs();
  const { client } = useSession();
  const live = useLive();
  const { data, error, refresh } = useSubjects();
  const [making, making_] = useDisclosure(false);
  const message = useMessage();
  const removal = useRemoval(
    (subject: Subject) => client.run(routes.deleteElement(subject.element_id)),
    () => {
      refresh();
      live.changed();
    },
  );
  const spec = specs.find((each) => each.type === "element");
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
      {(removal.trouble || !!error) && (
        <p className="field-error">{removal.trouble || message(error)}</p>
      )}
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
              <h2 className="plain" translate="no">
                {subject.element_name}
              </h2>
              <p className="small dim" translate="no">
                {subject.element_description}
              </p>
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
                  onClick={() => removal.ask(subject)}
                >
                  <Icon name="trash" size={16} />
                </ActionIcon>
              </div>
            </div>
          </li>
        ))}
      </ul>
      <Dialog
        about={making || undefined}
        onClose={() => {
          making_.close();
          refresh();
        }}
        title={() => t("New subject")}
        size="min(1200px, 96vw)"
      >
        {() =>
          spec && (
            <DraftProvider model={spec.model_id}>
              <FromResult spec={spec} />
              <Workbench spec={spec} fresh />
            </DraftProvider>
          )
        }
      </Dialog>
      <Confirm
        removal={removal}
        title={(subject) => t("Delete {name}?", { name: subject.element_name })}
        act={t("Delete")}
      >
        {t("Tasks that use it already go on.")}
      </Confirm>
    </div>
  );
}
