import { Button } from "@mantine/core";
import { useLocation } from "wouter";
import { useSpecs } from "../../api/specs";
import type { Params, Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { swapDraft } from "../../lib/draft";
import { type Face, type Session, speechNames } from "../../lib/faces";
import { FacePicture } from "../FacePicture";
import { Icon } from "../Icon";

/**
 * The faces of a video, when each is seen, and the way to let one speak.
 *
 * @param task id of the one that found them.
 */
export function FoundFaces({ session, task }: { session: Session; task: string }) {
  const { t } = useWords();
  const { specs } = useSpecs();
  const [, go] = useLocation();
  const spec = specs.find(speechNames);
  return (
    <section className="found" aria-label={t("Faces")}>
      <ul className="found-faces">
        {session.faces.map((face) => (
          <li key={face.id}>
            <FacePicture face={face} />
            <span>{t("Face {n}", { n: face.id })}</span>
            <span className="dim small">
              {t("seen from {from} to {to} s", { from: said(face.start), to: said(face.end) })}
            </span>
            {spec && (
              <Button
                size="compact-sm"
                variant="light"
                leftSection={<Icon name="sound" size={15} />}
                aria-label={t("Let face {n} speak", { n: face.id })}
                onClick={async () => {
                  await swapDraft(spec.model_id, speech(spec, session, face));
                  go(`/play/${spec.model_id}?task=${task}`);
                }}
              >
                {t("Let it speak")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The beginning of a request that lets a face speak. */
function speech(spec: Spec, session: Session, face: Face): Params {
  const names = speechNames(spec);
  return names ? { [names.session]: session.id, [names.list]: [{ [names.face]: face.id }] } : {};
}

function said(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}
