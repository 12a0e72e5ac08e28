import { useEffect } from "react";
import { type Clip, posterUrl, videoUrl } from "../../../clips";
import { useWords } from "../../../i18n";
import { stillness } from "../../../parts/stillness";

/** A clip whose request is in the form, large, until there is something of one's own. */
export function ClipOnStage({ clip }: { clip: Clip }) {
  const { t } = useWords();
  useEffect(leadToForm, []);
  return (
    <figure className="clip-on-stage">
      <video
        src={videoUrl(clip)}
        poster={posterUrl(clip)}
        aria-label={t(clip.title)}
        muted
        loop
        playsInline
        controls
        autoPlay={!stillness.matches}
      />
      <figcaption>
        <strong>{t(clip.title)}</strong>
        <span>{t("This is what it made. Change what you like, then press Generate.")}</span>
      </figcaption>
    </figure>
  );
}

/** What is written comes first: the cursor goes to the end of the prompt. */
function leadToForm() {
  const area = document.querySelector<HTMLTextAreaElement>(
    ".bench-form [data-param=prompt] textarea, .bench-form textarea",
  );
  if (!area) return;
  area.focus({ preventScroll: true });
  area.setSelectionRange(area.value.length, area.value.length);
  area.scrollIntoView({ block: "center", behavior: stillness.matches ? "auto" : "smooth" });
}
