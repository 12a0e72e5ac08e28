import { type RefObject, useState } from "react";
import { useLocation } from "wouter";
import { useSpecs } from "../../api/specs";
import type { Spec, Task } from "../../api/types";
import { useWords } from "../../i18n";
import { swapDraft } from "../../lib/draft";
import { lastPicture, pictureFrom } from "../../lib/frames";
import { ownLink } from "../../lib/links";
import { type Files, type Held, hold, tokenFor } from "../../lib/media";
import {
  drivenModel,
  firstPicture,
  heldVideo,
  onwardFrom,
  pictureModel,
  subjectFrom,
} from "../../lib/results";
import type { IconName } from "../Icon";

/** A way from a result to the next. */
export interface Way {
  name: string;
  icon: IconName;
  /** What becomes of it, in a few words. */
  about: string;
  go: () => Promise<void>;
}

interface Onward {
  ways: Way[];
  busy: boolean;
  trouble: string;
}

/** Models that take a finished task, by their type. */
const TAKERS: Record<string, { name: string; icon: IconName }> = {
  "video-to-video": { name: "Extend", icon: "longer" },
  "face-search": { name: "Find faces", icon: "subject" },
};

/**
 * What can be made of a task's video.
 *
 * @param video what shows it, for the frame that somebody has stopped at.
 */
export function useOnward(task: Task, video: RefObject<HTMLVideoElement | null>): Onward {
  const { t } = useWords();
  const { specs } = useSpecs();
  const [, visit] = useLocation();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const held = heldVideo(task);
  if (!held?.link) return { ways: [], busy, trouble };

  const open = async (spec: Spec, params: Parameters<typeof swapDraft>[1], files: Files) => {
    await swapDraft(spec.model_id, params, files);
    visit(`/play/${spec.model_id}?task=${task.id}`);
  };
  const way = (name: string, icon: IconName, about: string, act: () => Promise<void>): Way => ({
    name: t(name),
    icon,
    about,
    go: async () => {
      setBusy(true);
      setTrouble("");
      try {
        await act();
      } catch {
        setTrouble(t("This frame cannot be taken from the video."));
      }
      setBusy(false);
    },
  });
  const picture = async (frame: Promise<Blob>, what: string): Promise<[string, Files]> => {
    const found = await hold(await frame, `${task.id.slice(0, 8)} ${what}.png`);
    const token = tokenFor(found.name, found, {});
    return [token, { [token]: found }];
  };

  const ways: Way[] = [];
  const { url } = held.link;
  const next = pictureModel(task, specs);
  if (next) {
    const last = () =>
      lastPicture(ownLink(url), Number(task.metadata.fps) || 24, Number(task.metadata.frames) || 0);
    const about = t("The next video begins where this one ends");
    ways.push(
      way("Last frame as first picture", "image", about, async () => {
        const [token, files] = await picture(last(), "last");
        const parameter = firstPicture(next.spec);
        if (parameter) await open(next.spec, { [parameter.name]: token }, files);
      }),
    );
  }
  for (const { spec, parameter } of onwardFrom(task, specs)) {
    const { name, icon } = TAKERS[spec.type] ?? { name: spec.name, icon: "right" as const };
    ways.push(way(name, icon, t(spec.name), () => open(spec, { [parameter.name]: task.id }, {})));
  }
  const driven = drivenModel(held, specs);
  if (driven) {
    ways.push(
      way("Use as driving video", "motion", t("A character of yours moves as in it"), () => {
        const token = tokenFor(held.name, held, {});
        return open(driven.spec, { [driven.parameter.name]: token }, { [token]: held as Held });
      }),
    );
  }
  const maker = specs.find((spec) => subjectFrom(spec, ""));
  if (maker) {
    ways.push(
      way("Make a subject of it", "subject", t("Of the frame that is shown"), async () => {
        const shown = video.current;
        if (!shown) return;
        shown.pause();
        const [token, files] = await picture(pictureFrom(shown), "frame");
        await open(maker, subjectFrom(maker, token) ?? {}, files);
      }),
    );
  }
  return { ways, busy, trouble };
}
