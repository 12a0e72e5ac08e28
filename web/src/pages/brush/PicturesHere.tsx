import { urlOf } from "../../clips";
import { useWords } from "../../i18n";
import { swapDraft } from "../../lib/draft";
import { hold, tokenFor } from "../../lib/media";
import { useAct } from "../../parts/useAct";

/** Pictures of the bundle that somebody may paint on, with the title of their clip. */
const PICTURES: [string, string][] = [
  ["lighthouse.jpg", "Waves by a lighthouse"],
  ["coffee.jpg", "Steam over a coffee"],
  ["rocket.jpg", "A rocket lifts off"],
  ["barn-summer.jpg", "Summer becomes winter"],
];

interface Props {
  model: string;
  /** The parameter of the picture. */
  name: string;
}

/** For who has no picture at hand: those that the console brings with it. */
export function PicturesHere({ model, name }: Props) {
  const { t } = useWords();
  const act = useAct(async (file: string) => {
    const answer = await fetch(urlOf(file));
    if (!answer.ok) throw new TypeError(answer.statusText);
    const held = await hold(await answer.blob(), file);
    const token = tokenFor(file, held, {});
    await swapDraft(model, { [name]: token }, { [token]: held });
  });
  return (
    <section className="pictures-start">
      <h2 className="field-label">{t("Or take one of these")}</h2>
      <div className="pictures-here">
        {PICTURES.map(([file, title]) => (
          <button
            key={file}
            type="button"
            className="picture-here"
            aria-label={t("Use the picture “{name}”", { name: t(title) })}
            disabled={act.busy}
            onClick={() => void act.run(file)}
          >
            <img src={urlOf(file)} alt="" loading="lazy" decoding="async" />
          </button>
        ))}
      </div>
      {act.trouble && <p className="field-error">{act.trouble}</p>}
    </section>
  );
}
