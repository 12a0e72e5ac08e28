import { Fragment, type ReactNode, useEffect, useMemo, useState } from "react";
import { type Translate, useWords } from "../../i18n";
import { foreseenIn, type Seen, type Foreseen as Shot } from "../../lib/foreseen";
import { Icon } from "../../parts/Icon";
import type { Quoted } from "./useQuoted";

/** After which pictures are told to be looked at: most answers come before. */
const SLOW_MS = 1500;

/** What will be drawn of the words and what will not, before anything is made. */
export function Foreseen({ quoted }: { quoted: Quoted }) {
  const { t } = useWords();
  const { quote, current } = quoted;
  const shots = useMemo(() => foreseenIn(quote), [quote]);
  const slow = useLonger(quoted.asking && !shots.length, SLOW_MS);
  // It takes its room at once, so that nothing below jumps when the answer comes.
  if (quoted.asking && !shots.length)
    return <p className="foreseen dim">{slow && t("Looking at it…")}</p>;
  if (!shots.length) return null;
  return (
    <section
      className="foreseen"
      aria-label={t("What will be drawn")}
      aria-live="polite"
      data-old={current ? undefined : true}
    >
      {shots.map((shot, index) => (
        <Fragment key={index}>
          {shots.length > 1 && <p className="foreseen-shot">{t("Shot {n}", { n: index + 1 })}</p>}
          <Told shot={shot} />
        </Fragment>
      ))}
    </section>
  );
}

/** Whether something has been so for a while. */
function useLonger(so: boolean, afterMs: number): boolean {
  const [longer, setLonger] = useState(false);
  useEffect(() => {
    setLonger(false);
    if (!so) return;
    const timer = setTimeout(() => setLonger(true), afterMs);
    return () => clearTimeout(timer);
  }, [so, afterMs]);
  return so && longer;
}

function Told({ shot }: { shot: Shot }) {
  const { t } = useWords();
  const { seen, camera, missing, title, chance, later, warnings } = shot;
  return (
    <>
      {title && (
        <Line icon="alert" kind="missing" name={t("Will be shown as a title")}>
          {t("none of these words can be drawn")}
        </Line>
      )}
      {(seen.length > 0 || camera.length > 0) && (
        <Line icon="check" kind="seen" name={t("Will be drawn")}>
          {seen.map((each) => (
            <span key={JSON.stringify(each)} className="foreseen-thing">
              {wordsOf(each, t)}
            </span>
          ))}
          {camera.length > 0 && (
            <span className="foreseen-thing" data-camera>
              <Icon name="film" size={13} />
              {t("camera: {moves}", {
                moves: camera.map((each) => wordsOf(each, t)).join(t(" and ")),
              })}
            </span>
          )}
        </Line>
      )}
      {missing.length > 0 && (
        <Line icon="close" kind="missing" name={t("Will not be shown")}>
          {missing.map(({ word, kind }) => (
            <span key={word} className="foreseen-thing">
              “{kind === "style" ? t(plain(word)) : word}”
            </span>
          ))}
        </Line>
      )}
      {warnings.map((warning) => (
        <Line key={warning} icon="alert" kind="missing" name={t("Take care")}>
          {t(warning)}
        </Line>
      ))}
      {later && <p className="dim">{t("Where it moves is found when it is made.")}</p>}
      {chance.length > 0 && !title && (
        <p className="dim">
          {t("Left to chance: {what}", {
            what: chance.map((name) => t(CHANCES[name] ?? name)).join(t(", ")),
          })}
        </p>
      )}
    </>
  );
}

interface LineProps {
  icon: "check" | "close" | "alert";
  kind: "seen" | "missing";
  name: string;
  children: ReactNode;
}

function Line({ icon, kind, name, children }: LineProps) {
  return (
    <div className="foreseen-line" data-kind={kind}>
      <Icon name={icon} size={15} />
      <span className="foreseen-name">{name}</span>
      <span className="foreseen-things">{children}</span>
    </div>
  );
}

/** What is left to chance, as it goes on after a colon. */
const CHANCES: Record<string, string> = {
  place: "the place",
  time: "the time of day",
  weather: "the weather",
  season: "the season",
  direction: "the camera",
};

/** "push_in" as it is said within a sentence. */
function plain(value: string): string {
  return value.replaceAll("_", " ");
}

function wordsOf({ word, value, does }: Seen, t: Translate): string {
  const name = word ?? t(plain(value ?? ""));
  return does ? t("{name} ({does})", { name, does: t(plain(does)) }) : name;
}
