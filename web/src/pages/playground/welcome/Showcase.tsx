import { useId } from "react";
import { useLocation } from "wouter";
import { CLIPS, type Clip, posterUrl, videoUrl } from "../../../clips";
import { useWords } from "../../../i18n";
import { Icon } from "../../../parts/Icon";
import { useAct } from "../../../parts/useAct";
import { beginLike } from "./begin";
import { useHover } from "./useHover";

/** Clips that the product has made, each a way to begin. */
export function Showcase() {
  const { t } = useWords();
  const id = useId();
  return (
    <section className="showcase" aria-labelledby={id}>
      <h2 id={id}>{t("Begin with one of these")}</h2>
      <p className="showcase-about">
        {t("All were made here, without a network. Take one, change a word, and press Generate.")}
      </p>
      <ul className="clips">
        {CLIPS.map((clip) => (
          <ClipTile key={clip.name} clip={clip} />
        ))}
      </ul>
    </section>
  );
}

/** A clip that moves while somebody points at it, and what fills the form with its request. */
function ClipTile({ clip }: { clip: Clip }) {
  const { t } = useWords();
  const [, go] = useLocation();
  const { active, ...hover } = useHover();
  const act = useAct(async () => {
    await beginLike(clip, t);
    go(`/play/${clip.model}?clip=${clip.name}`);
  });
  return (
    <li>
      <button
        type="button"
        className="clip"
        aria-busy={act.busy}
        onClick={() => void act.run()}
        {...hover}
      >
        <span className="clip-picture">
          <img src={posterUrl(clip)} alt="" loading="lazy" decoding="async" />
          {active && <video src={videoUrl(clip)} muted loop playsInline autoPlay tabIndex={-1} />}
          <span className="clip-kind">{t(clip.kind)}</span>
        </span>
        <span className="clip-title">{t(clip.title)}</span>
        <span className="clip-act">
          {t("Make one like this")}
          <Icon name="right" size={14} />
        </span>
      </button>
      {act.trouble && <p className="field-error">{act.trouble}</p>}
    </li>
  );
}
