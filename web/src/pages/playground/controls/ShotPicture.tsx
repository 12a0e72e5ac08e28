import { useEffect } from "react";
import { useSubjects } from "../../../api/subjects";
import { useAsked, useTask } from "../../../api/tasks";
import type { Json, Params, Spec, Subject } from "../../../api/types";
import { useWords } from "../../../i18n";
import { type Draft, useDraft } from "../../../lib/draft";
import { ownLink } from "../../../lib/links";
import type { Held } from "../../../lib/media";
import { calledIn } from "../../../lib/mentions";
import { videoOf } from "../../../lib/results";
import { type ShotNames, secondsOf } from "../../../lib/shots";
import { entriesOf } from "../../../lib/values";
import { SubjectFace } from "../../../parts/SubjectFace";
import { useAgain } from "../../../parts/useAgain";
import { useBlobUrl } from "../../../parts/useBlobUrl";
import { useForm } from "../FormContext";

/** Where each shot is in a video that was made of them, by its words. */
export interface Frames {
  url: string;
  /** The middle of a shot, in seconds. */
  at: Map<string, number>;
}

interface MadeProps {
  id: string;
  names: ShotNames;
  onFound: (frames: Frames | undefined) => void;
}

/** Reads what a task has made of which shots. */
export function MadeFrames({ id, names, onFound }: MadeProps) {
  const { data: task } = useTask(id);
  const { data: asked } = useAsked(id);
  const url = task && videoOf(task);
  useEffect(() => {
    onFound(url && asked ? { url, at: middles(asked.params, names) } : undefined);
  }, [url, asked, names, onFound]);
  return null;
}

export function middles(params: Params, names: ShotNames): Map<string, number> {
  const shots = entriesOf(params[names.list]);
  const at = new Map<string, number>();
  let start = 0;
  secondsOf(shots, names).forEach((length, index) => {
    at.set(String(shots[index]?.[names.text] ?? ""), start + length / 2);
    start += length;
  });
  return at;
}

interface Props {
  text: string;
  first: boolean;
  last: boolean;
  /** JSON path of the words of a shot, as rules write it. */
  path: string;
  frames: Frames | undefined;
}

/** What a shot looks like, as far as it is known: as it was made, begins, ends, and who is in it. */
export function ShotPicture({ text, first, last, path, frames }: Props) {
  const { t } = useWords();
  const { spec } = useForm();
  const draft = useDraft();
  const { data } = useSubjects();
  const again = useAgain();
  const at = text && frames?.at.get(text);
  const pictures = picturesOf(spec, draft, { text, first, last, path });
  const subjects = subjectsOf(spec, draft, text, path, data?.elements ?? []);
  if (!at && !pictures.length && !subjects.length) return null;
  return (
    <div className="shot-pictures">
      {frames && at !== undefined && at !== "" && (
        <video
          key={again.turn}
          src={`${ownLink(frames.url)}#t=${at}`}
          muted
          playsInline
          preload="metadata"
          tabIndex={-1}
          aria-label={t("The shot as it was made")}
          onError={again.onError}
        />
      )}
      {pictures.map(({ name, value, held }) => (
        <Picture key={name} name={name} value={value} held={held} />
      ))}
      {subjects.map((subject) => (
        <span key={subject.element_id} title={subject.element_name}>
          <SubjectFace subject={subject} />
          <span className="visually-hidden" translate="no">
            {subject.element_name}
          </span>
        </span>
      ))}
    </div>
  );
}

interface Shown {
  name: string;
  value: string;
  held: Held | undefined;
}

function Picture({ name, value, held }: Shown) {
  const { t } = useWords();
  const blobUrl = useBlobUrl(held?.blob);
  const source = blobUrl ?? (held?.link ? ownLink(held.link.url) : undefined);
  if (!source) return null;
  return <img src={source} alt={t(name)} title={value} />;
}

/** The pictures that a video begins and ends with, at its ends, and those that a shot calls. */
function picturesOf(
  spec: Spec,
  draft: Draft,
  { text, first, last, path }: Omit<Props, "frames">,
): Shown[] {
  const found: Shown[] = [];
  const show = (name: string, value: Json | undefined) => {
    if (typeof value === "string" && value) found.push({ name, value, held: draft.files[value] });
  };
  const [begins, ends] = spec.parameters.filter((each) => each.format === "image");
  if (first && begins) show("First picture", draft.params[begins.name]);
  if (last && ends) show("Last picture", draft.params[ends.name]);
  for (const { list, index } of called(spec, text, path)) {
    const parameter = spec.parameters.find((each) => each.name === list);
    for (const child of parameter?.children ?? []) {
      if (child.format !== "image") continue;
      show(
        `<<<${calledIn(list)}_${index + 1}>>>`,
        entriesOf(draft.params[list])[index]?.[child.name],
      );
    }
  }
  return found;
}

/** The subjects that a shot calls by number or by name. */
function subjectsOf(
  spec: Spec,
  draft: Draft,
  text: string,
  path: string,
  library: Subject[],
): Subject[] {
  const parameter = spec.parameters.find((each) => each.children[0]?.format === "element");
  const name = parameter?.children[0]?.name ?? "";
  const chosen = entriesOf(parameter && draft.params[parameter.name]).map((entry) => entry[name]);
  const numbered = called(spec, text, path)
    .filter(({ list }) => list === parameter?.name)
    .map(({ index }) => chosen[index]);
  return library.filter(
    ({ element_id, element_name }) =>
      numbered.includes(element_id) || (chosen.includes(element_id) && text.includes(element_name)),
  );
}

/** What `<<<image_1>>>` and the like stand for in a text. */
function called(spec: Spec, text: string, path: string): { list: string; index: number }[] {
  return spec.rules
    .filter((rule) => rule.kind === "calls" && rule.params?.includes(path))
    .flatMap(({ list = "" }) =>
      [...text.matchAll(/<<<(\w+)_(\d+)>>>/g)]
        .filter((match) => match[1] === calledIn(list))
        .map((match) => ({ list, index: Number(match[2]) - 1 })),
    );
}
