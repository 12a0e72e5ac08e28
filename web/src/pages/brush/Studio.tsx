import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { Spec } from "../../api/types";
import { useWords } from "../../i18n";
import { useDraft } from "../../lib/draft";
import { STATIC } from "../../lib/labels";
import type { Point } from "../../lib/trajectory";
import { Canvas } from "./Canvas";
import { exportMasks, findPainting, keepPainting, type Names, outlined, withMasks } from "./draft";
import type { Easel, Tool } from "./Easel";
import { Legend } from "./Legend";
import { Made } from "./Made";
import { MaskList } from "./MaskList";
import { Request } from "./Request";
import { restore } from "./restore";
import { Tools } from "./Tools";
import { useKeys } from "./useKeys";
import { useMake } from "./useMake";
import { useSelect } from "./useSelect";

interface Props {
  spec: Spec;
  names: Names;
  picture: HTMLImageElement;
  pictureName: string;
}

const SAVE_AFTER_MS = 400;

/** The room around the easel: tools, masks, and what becomes of them. */
export function Studio({ spec, names, picture, pictureName }: Props) {
  const { t } = useWords();
  const draft = useDraft();
  const [, go] = useLocation();
  const easel = useRef<Easel>(null);
  const [tool, setTool] = useState<Tool>("brush");
  const [label, setLabel] = useState(1);
  const [size, setSize] = useState(() =>
    Math.round(Math.max(picture.naturalWidth, picture.naturalHeight) / 14),
  );
  const [playing, setPlaying] = useState(false);
  const [help, setHelp] = useState(false);
  const [kept, setKept] = useState(true);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const timer = useRef(0);
  const form = useRef(draft);
  form.current = draft;
  const hand = useRef({ size, label });
  hand.current = { size, label };
  const model = spec.model_id;

  const changed = useCallback(() => {
    redraw();
    setKept(false);
    clearTimeout(timer.current);
    const mine = window.setTimeout(() => {
      if (easel.current)
        keepPainting(model, pictureName, easel.current, hand.current).then(
          // Unless something was painted meanwhile.
          () => timer.current === mine && setKept(true),
          () => undefined,
        );
    }, SAVE_AFTER_MS);
    timer.current = mine;
  }, [model, pictureName]);

  const ready = useCallback(
    (made: Easel) => {
      easel.current = made;
      findPainting(model, pictureName, made)
        .then(async (held) => {
          if (held) {
            setSize(held.size);
            setLabel(held.label);
          } else {
            const { params, files } = form.current;
            if (await restore(made, names, params, files)) changed();
          }
          redraw();
        })
        .catch(() => undefined);
      redraw();
    },
    [model, pictureName, names, changed],
  );

  useEffect(() => {
    if (!playing || !easel.current) return;
    return easel.current.play();
  }, [playing]);

  const choose = useCallback((next: number) => {
    setLabel(next);
    if (next === STATIC) setTool((old) => (old === "path" ? "brush" : old));
  }, []);
  const selecting = useSelect(picture, easel);
  const select = (at: Point) => selecting.select(at, label);
  const acts = {
    easel,
    setTool,
    choose,
    setSize,
    stop: () => setPlaying(false),
    help: () => setHelp(true),
  };
  useKeys(acts);

  const used = easel.current?.summary.used ?? new Set<number>();
  const paths = easel.current?.paths ?? {};

  /** Puts the masks into the form, as pictures. */
  async function apply() {
    const made = easel.current;
    if (!made) return;
    await keepPainting(model, pictureName, made, hand.current).catch(() => undefined);
    const exported = await exportMasks(made, names, draft.keep);
    draft.replace(withMasks(spec, form.current.params, names, exported));
  }

  const outline = easel.current && outlined(easel.current, names);
  const make = useMake(spec, apply);
  return (
    <div className="studio">
      <h1 className="visually-hidden">{t("Motion brush")}</h1>
      <Tools
        easel={easel.current}
        tool={tool}
        onTool={setTool}
        size={size}
        onSize={setSize}
        largest={Math.round(Math.max(picture.naturalWidth, picture.naturalHeight) / 3)}
        tolerance={selecting.tolerance}
        onTolerance={selecting.setTolerance}
        onHelp={() => setHelp(true)}
      />
      <div className="studio-view" aria-busy={selecting.busy}>
        <Canvas
          picture={picture}
          tool={playing ? "hand" : tool}
          label={label}
          size={size}
          onReady={ready}
          onChanged={changed}
          onSelect={select}
          onLabel={choose}
        />
        {make.shown && <Made id={make.task} picture={picture} onBack={() => make.show(false)} />}
      </div>
      <section className="studio-side" aria-label={t("Masks")}>
        <MaskList
          label={label}
          onLabel={choose}
          used={used}
          paths={paths}
          onClear={(each) => easel.current?.clear(each)}
        />
        <p className="dim small">
          {picture.naturalWidth} × {picture.naturalHeight} ·{" "}
          {kept ? t("kept in this browser") : "…"}
        </p>
        <Request
          spec={spec}
          names={names}
          make={make}
          used={used}
          paths={paths}
          outline={outline || undefined}
          playing={playing}
          onPlay={() => setPlaying(!playing)}
          onForm={async () => {
            await apply();
            go(`/play/${model}`);
          }}
          onOther={() => draft.set(names.picture, undefined)}
        />
      </section>
      <Legend open={help} onClose={() => setHelp(false)} />
    </div>
  );
}
